"""Tracking numbers that look right for their carrier, check digit included. None is a real parcel's."""

UPS_SHIPPER = "999AA1"
UPS_SERVICES = {"ups_ground": "03", "ups_2nd_day_air": "02", "ups_next_day_air": "01"}


def tracking_number(carrier: str, service: str, serial: int) -> str:
	"""A number for the carrier's code; one that is not known here gets ten digits.

	:param serial: makes the number unique; its last digits are part of it.
	"""
	if carrier.startswith("ups"):
		return _ups(UPS_SERVICES.get(service, "03"), serial)
	if carrier in ("stamps_com", "usps", "endicia"):
		return _usps(serial)
	if carrier.startswith("fedex"):
		return _fedex(serial)
	return f"{serial % 10**10:010d}"


def _ups(service: str, serial: int) -> str:
	"""1Z, shipper, service, package, check digit: 18 characters."""
	body = f"{UPS_SHIPPER}{service}{serial % 10**7:07d}"
	values = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in body]
	return f"1Z{body}{-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10}"


def _usps(serial: int) -> str:
	"""9400, then mailer, package and check digit: 22 digits."""
	body = f"94001118995{serial % 10**10:010d}"
	digits = [int(digit) for digit in reversed(body)]
	return f"{body}{-(3 * sum(digits[0::2]) + sum(digits[1::2])) % 10}"


def _fedex(serial: int) -> str:
	"""Eleven digits and a check digit with the weights 1, 3 and 7 from the right."""
	body = f"{70_000_000_000 + serial % 10**10}"
	weights = (1, 3, 7)
	total = sum(int(digit) * weights[place % 3] for place, digit in enumerate(reversed(body)))
	return f"{body}{total % 11 % 10}"

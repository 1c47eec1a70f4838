"""Converts phone numbers from the way people write them to E.164. Pure."""

import phonenumbers


def e164(number: str | None, region: str | None) -> str | None:
	"""Formats a phone number in E.164.

	:param number: national or international, e.g. "(555) 123-4567"; an extension is left out.
	:param region: ISO 3166-1, for numbers without a country code.
	:returns: e.g. "+13125550142"; None if the text cannot be a phone number.
	"""
	parsed = parse(number, region)
	return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if parsed else None


def parse(number: str | None, region: str | None) -> phonenumbers.PhoneNumber | None:
	"""Parses a phone number; None unless its length is possible. It does not check that the number is in
	use."""
	try:
		parsed = phonenumbers.parse(number or "", region or None)
	except phonenumbers.NumberParseException:
		return None
	return parsed if phonenumbers.is_possible_number(parsed) else None

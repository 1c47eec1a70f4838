"""Phone numbers as Shopify takes them: it refuses a whole order for one that it cannot read."""

import phonenumbers


def e164(number: str | None, country_code: str) -> str | None:
	"""
	:param number: as people write it.
	:param country_code: ISO 3166-1, for numbers without an international prefix.
	:returns: e.g. "+13125550142"; None if it cannot be one.
	"""
	try:
		parsed = phonenumbers.parse(number or "", country_code or None)
	except phonenumbers.NumberParseException:
		return None
	if not phonenumbers.is_possible_number(parsed):
		return None
	return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

"""Checks phone numbers to which text messages may be sent."""

import phonenumbers
from frappe import _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from medgrid.core import phones
from medgrid.exceptions import InvalidInput

# The region of a number without a country code.
DEFAULT_REGION = "US"
# Messages to these numbers cost extra, which fraudsters exploit, or reach no phone of a person.
SPECIAL_TYPES = (
	PhoneNumberType.PREMIUM_RATE,
	PhoneNumberType.SHARED_COST,
	PhoneNumberType.PAGER,
	PhoneNumberType.UAN,
	PhoneNumberType.VOICEMAIL,
)
# The regions that phonenumbers gives satellite phones and other numbers of no country.
NO_COUNTRY = (None, "001", "ZZ")


def to_e164(text: str) -> str:
	"""Converts a phone number to E.164, such as `+15551234567`.

	It checks that the number's length is possible, not that the number is in use.

	:param text: national (US) or international, e.g. `(555) 123-4567`.
	:raises InvalidInput: the text is not a phone number, or the number has a special rate.
	"""
	number = phones.parse(text, DEFAULT_REGION)
	if number is None or number.extension:
		raise InvalidInput(
			_("This is not a phone number. Write it with its country code, e.g. +15551234567.")
		)
	if phonenumbers.number_type(number) in SPECIAL_TYPES or country_of(number) in NO_COUNTRY:
		raise InvalidInput(_("This phone number has a special rate. Use an ordinary one."))
	return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def country_of(number: str | phonenumbers.PhoneNumber) -> str | None:
	"""The country of a number, ISO 3166-1; one of NO_COUNTRY if it has none.

	:param number: in E.164, or parsed.
	"""
	parsed = phonenumbers.parse(number) if isinstance(number, str) else number
	of_number = phonenumbers.region_code_for_number(parsed)
	return of_number or phonenumbers.region_code_for_country_code(parsed.country_code or 0)

"""Phone numbers that text messages may go to."""

import phonenumbers
from frappe import _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from medgrid.core import phones
from medgrid.exceptions import InvalidInput

# A number without a country code is read as one from here.
DEFAULT_REGION = "US"
# Each message to one of these costs somebody extra: a favourite of fraudsters.
COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)


def to_e164(text: str) -> str:
	"""A number such as `+15551234567`.

	Its length must be possible; whether anybody answers is for Sendblue to find out.

	:param text: national (US) or international, e.g. `(555) 123-4567`.
	:raises InvalidInput: it is no number that could get a message.
	"""
	number = phones.parse(text, DEFAULT_REGION)
	if number is None or number.extension:
		raise InvalidInput(
			_("Parameter phone is no phone number. Write it with its country code, e.g. +15551234567.")
		)
	if phonenumbers.number_type(number) in COSTLY:
		raise InvalidInput(_("Parameter phone is a number at a special rate. Use an ordinary one."))
	return phonenumbers.format_number(number, PhoneNumberFormat.E164)

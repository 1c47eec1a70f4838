"""A postal address as Shopify's MailingAddressInput. Pure."""

from collections.abc import Iterable

from medgrid.clients.shopify.order_inputs import MailingAddressInput
from medgrid.core.phones import e164
from medgrid.orders.address import PostalAddress, shortened
from medgrid.orders.contact import first_phone

# Shopify's limit of each field.
MAX_LENGTH = 255


def mailing_address(address: PostalAddress) -> MailingAddressInput:
	"""Builds Shopify's input for an address."""
	first, *more = address.street_lines(MAX_LENGTH, 2)
	return MailingAddressInput(
		lastName=shortened(address.recipient, MAX_LENGTH),
		company=shortened(address.company, MAX_LENGTH) or None,
		address1=first,
		address2=", ".join(more) or None,
		city=address.city,
		provinceCode=address.province_code,
		zip=address.postal_code or None,
		countryCode=address.country_code,
		phone=phone_of(address.phones, address.country_code),
	)


def phone_of(numbers: Iterable[str], country_code: str) -> str | None:
	"""Returns the first phone number that can be read, in E.164; None if there is none. Shopify rejects the
	whole order if a phone number is invalid.

	:param numbers: phone numbers as people wrote them.
	:param country_code: the country of numbers without a country prefix, in two letters.
	"""
	return e164(first_phone(numbers, country_code), country_code)

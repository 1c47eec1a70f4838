"""A postal address as Shopify's MailingAddressInput. Pure."""

from collections.abc import Iterable

from medgrid.clients.shopify.models import MailingAddressInput
from medgrid.core.phones import e164
from medgrid.orders.address import PostalAddress


def mailing_address(address: PostalAddress) -> MailingAddressInput:
	"""Builds Shopify's input for an address."""
	return MailingAddressInput(
		lastName=address.recipient,
		company=address.recipient or None,
		address1=address.street,
		address2=address.street2 or None,
		city=address.city,
		provinceCode=address.province_code,
		zip=address.postal_code or None,
		countryCode=address.country_code,
		phone=first_phone(address.phones, address.country_code),
	)


def first_phone(numbers: Iterable[str], country_code: str) -> str | None:
	"""Returns the first valid phone number, in E.164; None if there is none. Shopify rejects the whole order
	if a phone number is invalid.

	:param numbers: phone numbers as people wrote them.
	:param country_code: the country of numbers without a country prefix, in two letters.
	"""
	return next(filter(None, (e164(number, country_code) for number in numbers)), None)

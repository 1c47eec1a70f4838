"""Converts a postal address to ShipStation's model. Pure."""

from medgrid.clients.shipstation.models import Address
from medgrid.orders.address import PostalAddress


def shipstation_address(address: PostalAddress) -> Address:
	"""Converts an address. A state is sent as its code if MedGrid has one, else as it was written."""
	return Address(
		name=address.recipient,
		company=address.recipient,
		street1=address.street,
		street2=address.street2 or None,
		city=address.city,
		state=address.state_or_code or None,
		postalCode=address.postal_code or None,
		country=address.country_code,
		phone=next(iter(address.phones), ""),
	)

"""A postal address as ShipStation's. Pure."""

from medgrid.clients.shipstation.models import Address
from medgrid.orders.address import PostalAddress


def shipstation_address(address: PostalAddress) -> Address:
	"""States go out as codes where MedGrid has a list of them, else as they were written."""
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

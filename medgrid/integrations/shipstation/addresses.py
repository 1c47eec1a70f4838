"""Converts a postal address to ShipStation's model. Pure."""

from medgrid.clients.shipstation.order_payload import Address
from medgrid.orders.address import PostalAddress, shortened
from medgrid.orders.contact import first_phone

# ShipStation's import pages name these limits. What is longer would be cut off.
MAX_NAME = 100
MAX_STREET = 200
STREET_LINES = 3


def shipstation_address(address: PostalAddress) -> Address:
	"""Converts an address. A state is sent as its code where carriers use codes, else as it was written."""
	lines = address.street_lines(MAX_STREET, STREET_LINES)
	return Address(
		name=shortened(address.recipient, MAX_NAME),
		company=shortened(address.company, MAX_NAME) or None,
		street1=lines[0],
		street2=", ".join(lines[1:2]) or None,
		# If the street is longer than all lines, the model rejects it.
		street3=", ".join(lines[2:]) or None,
		city=address.city,
		state=address.state_or_code or None,
		postalCode=address.postal_code or None,
		country=address.country_code,
		phone=first_phone(address.phones, address.country_code) or "",
	)

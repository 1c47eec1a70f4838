"""A Sales Order's addresses as ShipStation wants them."""

from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.clients.shipstation.models import Address
from medgrid.http_client.errors import RequestRejected

NEEDED = {
	"address_line1": "street",
	"city": "city",
	"state": "state",
	"pincode": "postal code",
	"country": "country",
}


@dataclass(frozen=True)
class Recipient:
	"""Who an order goes to."""

	name: str
	phone: str


def ship_to(address_name: str | None, recipient: Recipient) -> Address:
	"""
	:raises RequestRejected: there is no shipping address, or it lacks something; the message says what.
	"""
	if not address_name:
		raise RequestRejected(_("the order has no shipping address"))
	return _address(address_name, recipient)


def bill_to(address_name: str | None, recipient: Recipient, shipping: Address) -> Address:
	"""The billing address; the shipping address if there is none or it is not complete."""
	if not address_name:
		return shipping
	try:
		return _address(address_name, recipient)
	except RequestRejected:
		return shipping


def _address(name: str, recipient: Recipient) -> Address:
	fields = [*NEEDED, "address_line2", "phone"]
	row = frappe.db.get_value("Address", name, fields, as_dict=True)
	if not row:
		raise RequestRejected(_("its address {0} does not exist any more").format(name))
	lacking = [_(label) for field, label in NEEDED.items() if not (row[field] or "").strip()]
	if lacking:
		raise RequestRejected(_("its address {0} lacks: {1}").format(name, ", ".join(lacking)))
	return Address(
		name=recipient.name,
		company=recipient.name,
		street1=row.address_line1,
		street2=row.address_line2 or None,
		city=row.city,
		state=row.state,
		postalCode=row.pincode,
		country=_country_code(row.country),
		phone=row.phone or recipient.phone,
	)


def _country_code(country: str) -> str:
	code = frappe.get_cached_value("Country", country, "code")
	if not code:
		raise RequestRejected(_("its country {0} has no ISO code").format(country))
	return code.upper()

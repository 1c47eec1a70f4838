"""What a sale takes over from its customer where the caller is silent, and whether the party may be used."""

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_company_address, get_default_address, render_address

import erpnext
from erpnext.exceptions import PartyDisabled, PartyFrozen

CONTACT_FIELDS = {
	"contact_person": "name",
	"contact_display": "full_name",
	"contact_email": "email_id",
	"contact_mobile": "mobile_no",
	"contact_phone": "phone",
}


def customer_of(doc) -> str | None:
	"""The customer of a sale; a Quotation may be to a Lead instead."""
	if doc.doctype == "Quotation":
		return doc.party_name if doc.quotation_to == "Customer" else None
	return doc.customer


def get_customer_details(doc) -> frappe._dict:
	"""Values for the fields of a sale to its customer; addresses that `doc` names already are kept."""
	customer = frappe.get_doc("Customer", customer_of(doc))
	if not doc.flags.ignore_permissions:
		customer.check_permission("read")
	details = frappe._dict(
		customer_name=customer.customer_name,
		customer_group=customer.customer_group,
		territory=customer.territory,
		language=customer.language,
		is_internal_customer=customer.get("is_internal_customer"),
		tax_id=customer.tax_id,
		currency=customer.default_currency or erpnext.get_company_currency(doc.company),
	)
	details.update(address_details(doc))
	details.update(contact_details(customer))
	details.update(price_list_details(customer))
	return details


def address_details(doc) -> dict:
	customer = customer_of(doc) or ""
	billing = doc.customer_address or get_default_address("Customer", customer)
	shipping = doc.shipping_address_name or get_party_shipping_address("Customer", customer)
	details = {
		"customer_address": billing,
		"address_display": render_address(billing, check_permissions=False),
		"shipping_address_name": shipping,
		"shipping_address": render_address(shipping, check_permissions=False),
	}
	if not doc.company_address:
		details.update(get_company_address(doc.company))
	return details


def contact_details(customer) -> dict:
	contact = get_default_contact("Customer", customer.name)
	if not contact:
		return {}
	values = frappe.db.get_value("Contact", contact, list(CONTACT_FIELDS.values()), as_dict=True)
	return {fieldname: values[source] for fieldname, source in CONTACT_FIELDS.items()}


def price_list_details(customer) -> dict:
	price_list = customer.default_price_list or frappe.get_cached_value(
		"Customer Group", customer.customer_group, "default_price_list"
	)
	if not price_list:
		return {}
	currency = frappe.db.get_value("Price List", price_list, "currency")
	return {"selling_price_list": price_list, "price_list_currency": currency}


def get_party_shipping_address(doctype: str, name: str) -> str | None:
	"""The address marked for shipping; of several that are only of type Shipping, none is guessed."""
	addresses = frappe.get_all(
		"Address",
		filters=[
			["Dynamic Link", "link_doctype", "=", doctype],
			["Dynamic Link", "link_name", "=", name],
			["disabled", "=", 0],
		],
		or_filters=[["is_shipping_address", "=", 1], ["address_type", "=", "Shipping"]],
		fields=["name", "is_shipping_address"],
		order_by="is_shipping_address desc",
	)
	if addresses and (addresses[0].is_shipping_address or len(addresses) == 1):
		return addresses[0].name
	return None


def get_default_contact(doctype: str, name: str) -> str | None:
	"""The party's primary contact, if one is marked so."""
	filters = [
		["Dynamic Link", "link_doctype", "=", doctype],
		["Dynamic Link", "link_name", "=", name],
		["is_primary_contact", "=", 1],
	]
	contacts = frappe.get_all("Contact", filters=filters, pluck="name", limit=1)
	return contacts[0] if contacts else None


def validate_party_frozen_disabled(party_type: str, party: str):
	fields = ["disabled", "is_frozen"]
	disabled, is_frozen = frappe.db.get_value(party_type, party, fields) or (0, 0)
	if disabled:
		frappe.throw(_("{0} {1} is disabled").format(_(party_type), party), PartyDisabled)
	if is_frozen:
		frappe.throw(_("{0} {1} is frozen").format(_(party_type), party), PartyFrozen)


def validate_party_address_and_contact(doc):
	"""Addresses and contact of a sale have to be its customer's or lead's own."""
	customer = customer_of(doc)
	party = (
		("Lead", doc.party_name) if doc.doctype == "Quotation" and not customer else ("Customer", customer)
	)
	for fieldname, parenttype in (
		("customer_address", "Address"),
		("shipping_address_name", "Address"),
		("contact_person", "Contact"),
	):
		value = doc.get(fieldname)
		link = {
			"parenttype": parenttype,
			"link_doctype": party[0],
			"link_name": party[1],
			"parent": value,
		}
		if value and not frappe.db.exists("Dynamic Link", link):
			label = _(doc.meta.get_label(fieldname))
			frappe.throw(_("{0} {1} does not belong to {2}").format(label, value, party[1]))

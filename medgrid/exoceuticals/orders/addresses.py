"""A Sales Order's addresses as Shopify's MailingAddressInput.

Contract: "Prerequisites" ("a valid shipping address").
"""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from medgrid.core.phones import e164
from medgrid.exceptions import RuleViolated
from medgrid.orders.provinces import needs_province, province_code

FIELDS = ("address_line1", "address_line2", "city", "state", "pincode", "country", "phone")
# ERPNext's field -> what people call it.
NEEDED = {"address_line1": "street", "city": "city", "country": "country"}
# ISO codes of countries without postal codes for parcels.
_NO_POSTAL_CODE = """
	AE AG AO AW BF BI BJ BO BS BW BZ CF CG CI CK CM DJ DM ER FJ GD GH GM GN GQ GY HK IE JM KE KI KM KN KP LC
	ML MO MR MU MW NA NR NU PA QA RW SB SC SL SO SR ST SY TF TG TK TL TO TT TV TZ UG VU YE ZW
"""
WITHOUT_POSTAL_CODE = frozenset(_NO_POSTAL_CODE.split())


def shipping_address(order) -> dict[str, str]:
	"""
	:param order: a Sales Order document.
	:raises RuleViolated: there is none, or it lacks something; it says what, and of which Address.
	"""
	name = order.shipping_address_name
	if not name:
		raise RuleViolated(_("{0} has no shipping address. Set one, then send it again.").format(order.name))
	return _address(name, order)


def billing_address(order, shipping: dict[str, str]) -> dict[str, str]:
	"""The customer's address; the shipping address if there is none or it is not complete."""
	if not order.customer_address or order.customer_address == order.shipping_address_name:
		return shipping
	try:
		return _address(order.customer_address, order)
	except RuleViolated:
		return shipping


def _address(name: str, order) -> dict[str, str]:
	row = frappe.db.get_value("Address", name, FIELDS, as_dict=True)
	if not row:
		raise RuleViolated(_("The address {0} does not exist any more.").format(name))
	country = (frappe.get_cached_value("Country", row.country, "code") or "").upper() if row.country else ""
	province = province_code(country, row.state)
	_check(name, row, country, province)
	recipient = order.customer_name or order.customer
	values = {
		"firstName": "",
		"lastName": recipient,
		"company": recipient,
		"address1": row.address_line1,
		"address2": row.address_line2,
		"city": row.city,
		"provinceCode": province,
		"zip": row.pincode,
		"countryCode": country,
		"phone": e164(row.phone or order.contact_mobile, country),
	}
	return {key: str(value).strip() for key, value in values.items() if value}


def _check(name: str, row: Mapping[str, Any], country: str, province: str | None) -> None:
	lacking = [_(label) for field, label in NEEDED.items() if not (row[field] or "").strip()]
	if row["country"] and not country:
		raise RuleViolated(
			_("The country {0} of the address {1} has no ISO code.").format(row["country"], name)
		)
	if country and country not in WITHOUT_POSTAL_CODE and not (row["pincode"] or "").strip():
		lacking.append(_("postal code"))
	if needs_province(country) and not province:
		lacking.append(_("state, as its name or code"))
	if lacking:
		raise RuleViolated(
			_("The shipping address {0} is not complete. It lacks: {1}.").format(name, ", ".join(lacking))
		)

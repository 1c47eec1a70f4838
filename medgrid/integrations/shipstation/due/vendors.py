"""The vendors to whose ShipStation accounts orders can be sent, and the day from which they are sent."""

from collections.abc import Collection
from datetime import date

import frappe


def with_shipstation(suppliers: Collection[str]) -> set[str]:
	"""Those of some Suppliers who have connected ShipStation."""
	if not suppliers:
		return set()
	filters = {
		"supplier": ("in", list(suppliers)),
		"integration": "shipstation",
		"status": ("!=", "not_connected"),
	}
	return set(frappe.get_all("Vendor Connection", filters=filters, pluck="supplier"))


def orders_since(supplier: str) -> date | None:
	"""The day from which on a vendor's orders are sent, as the vendor chose when connecting ShipStation;
	None: all open ones are."""
	filters = {"supplier": supplier, "integration": "shipstation"}
	oldest = "creation asc, name asc"
	return frappe.db.get_value("Vendor Connection", filters, "orders_since", order_by=oldest)


def is_too_old(supplier: str, day: date) -> bool:
	"""Whether an order of a day is not sent to a vendor, because the vendor ships it otherwise."""
	since = orders_since(supplier) if supplier else None
	return bool(since and day < since)

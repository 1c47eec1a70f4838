"""The vendors to whose systems orders can be sent."""

from collections.abc import Collection

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

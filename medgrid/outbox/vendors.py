"""The vendors to whose systems orders can be sent."""

from collections.abc import Collection

import frappe


def with_shipstation(suppliers: Collection[str]) -> set[str]:
	"""Those of some Suppliers who have connected ShipStation."""
	if not suppliers:
		return set()
	connection, user = frappe.qb.DocType("Vendor Connection"), frappe.qb.DocType("Portal User")
	return set(
		frappe.qb.from_(connection)
		.join(user)
		.on((user.user == connection.user) & (user.parenttype == "Supplier"))
		.select(user.parent)
		.where((connection.integration == "shipstation") & (connection.status != "not_connected"))
		.where(user.parent.isin(list(suppliers)))
		.run(pluck=True)
	)

"""The Sales Orders that an amended one replaces."""

import frappe


def amended_order_of(sales_order: str) -> str | None:
	"""The submitted order that amends a Sales Order directly; None if there is none."""
	return frappe.db.get_value("Sales Order", {"amended_from": sales_order, "docstatus": 1}, "name")


def originals(sales_order: str) -> list[str]:
	"""Lists the orders that a Sales Order replaces.

	:returns: the order that it amends, then the order which that one amends, and so on; empty if the order
		amends none.
	"""
	names: list[str] = []
	name = sales_order
	while name := frappe.db.get_value("Sales Order", name, "amended_from"):
		names.append(name)
	return names

"""The Sales Orders that an amended one replaces."""

import frappe


def originals(sales_order: str) -> list[str]:
	"""
	:returns: the order that this one amends, then the one that that one amends, and so on; empty for one that
		amends none.
	"""
	names: list[str] = []
	name = sales_order
	while name := frappe.db.get_value("Sales Order", name, "amended_from"):
		names.append(name)
	return names

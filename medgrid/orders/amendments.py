"""The Sales Orders that an amended one replaces."""

from collections.abc import Collection

import frappe

from medgrid.orders.content import matching_rows


def amended_order_of(sales_order: str) -> str | None:
	"""The submitted order that replaces a Sales Order: the one that amends it, or that amends a cancelled
	amendment of it; None if there is none."""
	names = [sales_order]
	while names:
		filters = {"amended_from": ("in", names), "docstatus": (">", 0)}
		rows = frappe.get_all("Sales Order", filters, ["name", "docstatus"], order_by="creation desc")
		if submitted := next((row.name for row in rows if row.docstatus == 1), None):
			return submitted
		names = [row.name for row in rows]
	return None


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


def amended_rows(original: str, sales_order: str, rows: Collection[str]) -> dict[str, str]:
	"""Finds the rows of an amended order that stand for rows of its original; see `matching_rows`.

	:param rows: the names of the original's rows to look for.
	:returns: row of the original -> row of the amended order.
	"""
	fields = ["name", "item_code", "stock_qty", "delivered_by_supplier", "supplier"]
	before, after = (
		frappe.get_all("Sales Order Item", {"parent": name}, fields, order_by="idx asc")
		for name in (original, sales_order)
	)
	return {old: new for old, new in matching_rows(before, after).items() if old in rows}

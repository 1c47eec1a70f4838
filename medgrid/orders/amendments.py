"""The Sales Orders that an amended one replaces."""

from collections.abc import Collection

import frappe

from medgrid.orders.content import matching_rows


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


def amended_rows(original: str, sales_order: str, rows: Collection[str]) -> dict[str, str]:
	"""Finds the rows of an amended order that stand for rows of its original; see `matching_rows`.

	:param rows: the names of the original's rows to look for.
	:returns: row of the original -> row of the amended order.
	"""
	before, after = (
		frappe.get_all("Sales Order Item", {"parent": name}, ["name", "item_code", "idx"], order_by="idx asc")
		for name in (original, sales_order)
	)
	return matching_rows(before, after, rows)

"""The Supplier who ships a row of a Sales Order: its Item's default supplier for the order's company.

Contract: "Order Push to ShipStation" ("whose items' `default_supplier` matches the calling vendor"). This
module implements the rule twice, for one order and for a query over many; the two must agree.
"""

from collections.abc import Iterable

import frappe
from frappe.query_builder import Criterion


def suppliers_of(items: Iterable[str], company: str) -> dict[str, str]:
	"""Finds the Suppliers who ship some Items.

	:param items: names of Items.
	:returns: the Supplier of each Item; Items without one are left out.
	"""
	rows = frappe.get_all(
		"Item Default",
		filters={
			"parent": ("in", list(set(items))),
			"parenttype": "Item",
			"company": company,
			"default_supplier": ("is", "set"),
		},
		fields=["parent", "default_supplier"],
	)
	return {row.parent: row.default_supplier for row in rows}


def is_shipped_by(supplier: str, order, row, default) -> Criterion:
	"""The same rule as a join condition: it joins Item Defaults to the rows that a Supplier ships.

	:param order: the query's Sales Order.
	:param row: its Sales Order Item.
	:param default: the Item Default to join.
	"""
	return (
		(default.parent == row.item_code)
		& (default.parenttype == "Item")
		& (default.company == order.company)
		& (default.default_supplier == supplier)
	)

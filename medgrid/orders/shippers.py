"""Who ships a row of a Sales Order: the default supplier of its Item for the order's company.

Contract: "Order Push to ShipStation" ("whose items' `default_supplier` matches the calling vendor"). The rule
stands here twice, for an order that was read and for a query over many; both must say the same.
"""

from collections.abc import Iterable

import frappe
from frappe.query_builder import Criterion


def suppliers_of(items: Iterable[str], company: str) -> dict[str, str]:
	"""
	:param items: names of Items.
	:returns: the Supplier of each; Items without one are left out.
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
	"""The same for a query: that Item Defaults join the rows which a Supplier ships.

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

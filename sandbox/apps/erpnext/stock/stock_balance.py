"""Quantities in a Bin that follow from open documents."""

import frappe
from frappe.utils import flt

from erpnext.stock.utils import change_bin


def get_reserved_qty(item_code: str, warehouse: str) -> float:
	"""Stock units that open orders, neither on hold nor closed, still have to take from the warehouse."""
	line, order = frappe.qb.DocType("Sales Order Item"), frappe.qb.DocType("Sales Order")
	rows = (
		frappe.qb.from_(line)
		.join(order)
		.on(order.name == line.parent)
		.select(line.qty, line.stock_qty, line.delivered_qty)
		.where((line.item_code == item_code) & (line.warehouse == warehouse))
		.where((line.delivered_by_supplier == 0) & (line.qty >= line.delivered_qty))
		.where((order.docstatus == 1) & order.status.notin(["On Hold", "Closed"]))
	).run(as_dict=True)
	return flt(sum(row.stock_qty * (row.qty - row.delivered_qty) / row.qty for row in rows))


def update_reserved_qty(item_code: str, warehouse: str):
	change_bin(item_code, warehouse, reserved_qty=get_reserved_qty(item_code, warehouse))

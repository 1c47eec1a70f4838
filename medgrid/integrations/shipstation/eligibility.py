"""Which Sales Orders are due for a vendor's ShipStation, and which of their lines are the vendor's.

Contract: "Order Push to ShipStation", "Multi-Vendor Order Splitting".
"""

from collections.abc import Iterator

import frappe
from frappe.query_builder import Order

from medgrid.orders.sales_order import OVER, STOPPED, is_to_be_shipped
from medgrid.orders.shippers import is_shipped_by

CHUNK = 100


def due_orders(supplier: str) -> Iterator[str]:
	"""Names of the Sales Orders to push, oldest first, read in chunks.

	Submitted, not closed, cancelled, on hold or fully delivered, with a line that is this vendor's and not
	yet delivered, and neither pushed for this vendor nor being pushed.
	"""
	after: tuple | None = None
	while rows := _chunk(supplier, after):
		for row in rows:
			yield row.name
		after = (rows[-1].transaction_date, rows[-1].name)


def _chunk(supplier: str, after: tuple | None) -> list:
	order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	default, push = frappe.qb.DocType("Item Default"), frappe.qb.DocType("ShipStation Order")
	query = (
		frappe.qb.from_(order)
		.join(line)
		.on(line.parent == order.name)
		.join(default)
		.on(is_shipped_by(supplier, order, line, default))
		.left_join(push)
		.on((push.sales_order == order.name) & (push.supplier == supplier))
		.select(order.name, order.transaction_date)
		.distinct()
		.where((order.docstatus == 1) & (order.per_delivered < 100))
		.where(order.status.notin([*STOPPED, *OVER]) & (line.delivered_qty < line.qty))
		.where(push.name.isnull())
		.orderby(order.transaction_date, order=Order.asc)
		.orderby(order.name, order=Order.asc)
		.limit(CHUNK)
	)
	if after:
		day, name = after
		query = query.where(
			(order.transaction_date > day) | ((order.transaction_date == day) & (order.name > name))
		)
	return query.run(as_dict=True)


def is_due(sales_order: str) -> bool:
	"""Whether an order that was due is so still: between reading the list and its turn, minutes may pass."""
	fields = ["docstatus", "status", "per_delivered"]
	row = frappe.db.get_value("Sales Order", sales_order, fields, as_dict=True)
	return is_to_be_shipped(**row)

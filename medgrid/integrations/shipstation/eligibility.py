"""Finds the Sales Orders that are due for a vendor's ShipStation.

Contract: "Order Push to ShipStation", "Multi-Vendor Order Splitting".
"""

from collections.abc import Iterator

import frappe
from frappe.query_builder import Order

from medgrid.core.clock import stored_utc_now
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.orders.sales_order import OVER, STOPPED
from medgrid.orders.shippers import is_shipped_by
from medgrid.outbox.states import State

CHUNK = 100
# NOT_OURS too: a row may be assigned to the vendor again.
DUE = OUTBOX.labels_of(frozenset({State.WAITING, State.NOT_OURS}))


def due_orders(supplier: str) -> Iterator[str]:
	"""Lists the Sales Orders to push, oldest first; it reads them in chunks.

	They are submitted and not closed, completed, on hold or fully delivered; they have a line that is this
	vendor's and not yet delivered; and for this vendor they are not pushed, not being pushed, and not waiting
	for a later attempt.

	:returns: names of Sales Orders.
	"""
	after: tuple | None = None
	while rows := _chunk(supplier, after):
		for row in rows:
			yield row.name
		after = (rows[-1].transaction_date, rows[-1].name)


def _chunk(supplier: str, after: tuple | None) -> list:
	order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	default, push = frappe.qb.DocType("Item Default"), frappe.qb.DocType("ShipStation Order")
	is_time = push.next_attempt_at.isnull() | (push.next_attempt_at <= stored_utc_now())
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
		.where(push.name.isnull() | (push.status.isin(DUE) & is_time))
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

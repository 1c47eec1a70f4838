"""Finds the Sales Orders that are due for a vendor's ShipStation.

Contract: "Order Push to ShipStation", "Multi-Vendor Order Splitting".
"""

from collections.abc import Iterator

import frappe
from frappe.query_builder import Order

from medgrid.core.clock import stored_utc_now
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.orders.sales_order import OVER, STOPPED
from medgrid.orders.shippers import is_default_of, is_shipped_by
from medgrid.outbox.states import State

CHUNK = 100
# NOT_OURS too: a row may be assigned to the vendor again.
DUE = OUTBOX.labels_of(frozenset({State.WAITING, State.NOT_OURS}))


def due_orders(supplier: str, *, by_person: bool = False) -> Iterator[str]:
	"""Lists the Sales Orders to push; it reads them in chunks. First come the orders without an attempt, then
	those whose attempts failed, each oldest first: an order that fails each time delays no other one.

	They are submitted and not closed, completed, on hold or fully delivered; they have a line that is this
	vendor's and not yet delivered; and for this vendor they are not pushed, not being pushed, and not waiting
	for a later attempt.

	:param by_person: whether orders that wait for a later attempt are listed, too.
	:returns: names of Sales Orders.
	"""
	seen: set[str] = set()
	for is_repeated in (False, True):
		after: tuple | None = None
		while rows := _chunk(supplier, after, is_repeated=is_repeated, by_person=by_person):
			for row in rows:
				# A first attempt that failed just now makes an order a repeated one.
				if row.name not in seen:
					seen.add(row.name)
					yield row.name
			after = (rows[-1].transaction_date, rows[-1].name)


def _chunk(supplier: str, after: tuple | None, *, is_repeated: bool, by_person: bool) -> list:
	order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	default, push = frappe.qb.DocType("Item Default"), frappe.qb.DocType("ShipStation Order")
	item = frappe.qb.DocType("Item")
	is_waiting = push.status.isin(DUE)
	if not by_person:
		is_waiting &= push.next_attempt_at.isnull() | (push.next_attempt_at <= stored_utc_now())
	if is_repeated:
		is_waiting &= push.attempts > 0
	else:
		is_waiting = push.name.isnull() | (is_waiting & (push.attempts == 0))
	query = (
		frappe.qb.from_(order)
		.join(line)
		.on(line.parent == order.name)
		.join(item)
		.on(item.name == line.item_code)
		.left_join(default)
		.on(is_default_of(order, line, default))
		.left_join(push)
		.on((push.sales_order == order.name) & (push.supplier == supplier))
		.select(order.name, order.transaction_date)
		.distinct()
		.where(is_shipped_by(supplier, order, line, item, default))
		.where((order.docstatus == 1) & (order.per_delivered < 100))
		.where(order.status.notin([*STOPPED, *OVER]) & (line.delivered_qty < line.qty))
		.where(is_waiting)
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

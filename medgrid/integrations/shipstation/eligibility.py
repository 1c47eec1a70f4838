"""Finds the Sales Orders that are due for a vendor's ShipStation.

Contract: "Order Push to ShipStation", "Multi-Vendor Order Splitting".
"""

from collections.abc import Iterator

import frappe
from frappe.query_builder import Order

from medgrid.core.database_clock import stored_database_now
from medgrid.integrations.shipstation.due import routing
from medgrid.integrations.shipstation.due.vendors import orders_since
from medgrid.integrations.shipstation.order_records import OUTBOX, PushContext
from medgrid.orders.sales_order import OVER, STOPPED
from medgrid.outbox.states import State

CHUNK = 100
WAITING = OUTBOX.labels[State.WAITING]


def due_orders(context: PushContext, *, by_person: bool = False) -> Iterator[str]:
	"""Lists the Sales Orders to push to an account; it reads them in chunks. First come the orders without
	an attempt, then those whose attempts failed, each oldest first: an order that fails each time delays no
	other one.

	They are submitted and not closed, completed, on hold or fully delivered, and their records for this
	vendor wait, and not for a later attempt. `medgrid.integrations.shipstation.due` makes the records; of
	several accounts of the vendor, each has its own: see `due.routing`.

	:param by_person: whether orders that wait for a later attempt are listed, too.
	:returns: names of Sales Orders.
	"""
	seen: set[str] = set()
	for is_repeated in (False, True):
		after: tuple | None = None
		while rows := _chunk(context, after, is_repeated=is_repeated, by_person=by_person):
			for row in rows:
				# A first attempt that failed just now makes an order a repeated one.
				if row.name not in seen:
					seen.add(row.name)
					yield row.name
			after = (rows[-1].transaction_date, rows[-1].name)


def _chunk(context: PushContext, after: tuple | None, *, is_repeated: bool, by_person: bool) -> list:
	supplier = context.supplier
	order, record = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("ShipStation Order")
	is_next = (record.supplier == supplier) & (record.status == WAITING)
	if not by_person:
		is_next &= record.next_attempt_at.isnull() | (record.next_attempt_at <= stored_database_now())
	is_next &= record.attempts > 0 if is_repeated else record.attempts == 0
	query = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name, order.transaction_date)
		.where(is_next & (order.docstatus == 1) & (order.per_delivered < 100))
		.where(order.status.notin([*STOPPED, *OVER]))
		.orderby(order.transaction_date, order=Order.asc)
		.orderby(order.name, order=Order.asc)
		.limit(CHUNK)
	)
	goes_here = routing.goes_to(supplier, context.connection, order)
	if goes_here is not None:
		query = query.where(goes_here)
	if since := orders_since(supplier):
		query = query.where(order.transaction_date >= since)
	if after:
		day, name = after
		query = query.where(
			(order.transaction_date > day) | ((order.transaction_date == day) & (order.name > name))
		)
	return query.run(as_dict=True)

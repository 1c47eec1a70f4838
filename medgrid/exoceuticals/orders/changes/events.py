"""Hooks and jobs that compare Sales Orders with what was sent of them to Exoceuticals, after they have
changed.

A job does it after the user's transaction is committed, so that the user's action cannot fail because of a
sync. If the queue loses the job, the next reconciliation compares.
"""

from datetime import timedelta
from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import hook, job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.exceptions import Busy
from medgrid.exoceuticals.fulfillment.changes import SHIPMENTS
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.changes.comparison import compare
from medgrid.exoceuticals.orders.changes.takeover import take_over
from medgrid.exoceuticals.orders.order_records import DOCTYPE, OUTBOX
from medgrid.outbox.modified import days_ago
from medgrid.outbox.states import State

# So many orders are compared at a time, and so many have one address, at most.
MOST = 500
# An amendment whose job was lost is found for this long.
AMENDMENT_DAYS = 7
# An order that was sent longer ago is not compared any more, unless it is changed itself.
OPEN_DAYS = 90


@hook
def note_change(order: Any, event: str | None = None) -> None:
	"""Queues the job that compares a submitted order, or gives it what the store has of the order that it
	amends. `Sales Order`'s on_change hook, which submitting calls, too: holding, closing and reopening an
	order calls no other one."""
	if order.docstatus == 1 and (order.exoceuticals_order_id or order.amended_from):
		enqueue_after_commit(look_at, queue=SHORT, sales_order=order.name)


@job
def look_at(sales_order: str) -> None:
	"""Takes over what the store has of the order that a Sales Order amends, and compares it with what was
	sent. Commits."""
	if not take_over(sales_order):
		compare(sales_order)


@hook
def note_address_change(address: Any, event: str | None = None) -> None:
	"""Queues the job that compares the orders with an address. `Address`'s on_update hook."""
	enqueue_after_commit(note_changes_of_address, queue=SHORT, address=address.name)


@job
def note_changes_of_address(address: str) -> None:
	"""Compares the orders that go to an address, or whose customer has it, with what was sent of them.
	Commits."""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	is_its = (order.shipping_address_name == address) | (order.customer_address == address)
	_compare_each(_sent(record, order).where(is_its))


def catch_up() -> None:
	"""Does what jobs that were lost would have done. Commits each."""
	for sales_order in _amended():
		try:
			take_over(sales_order)
		except Busy:
			continue
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	address = frappe.qb.DocType("Address")
	is_newer = (order.modified > record.compared_at) | (address.modified > record.compared_at)
	query = _sent(record, order).left_join(address).on(address.name == order.shipping_address_name)
	_compare_each(query.where(record.compared_at.isnull() | is_newer))


def _sent(record: Any, order: Any) -> Any:
	"""The query of the Sales Orders that the store got lately and has not cancelled."""
	since = stored_utc_now() - timedelta(days=OPEN_DAYS)
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where((record.status == OUTBOX.labels[State.SENT]) & record.sent_content.notnull())
		.where((record.sent_at >= since) & (order.docstatus == 1))
		.limit(MOST)
	)


def _compare_each(query: Any) -> None:
	for sales_order in query.run(pluck=True):
		try:
			compare(sales_order)
		except Busy:
			# Somebody is changing it: the next reconciliation compares it.
			continue


def _amended() -> list[str]:
	"""Submitted Sales Orders that amend one of the store's orders."""
	order, original = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order").as_("original")
	since = days_ago(AMENDMENT_DAYS)
	status = original.exoceuticals_status
	# What was cancelled after goods of it were shipped is taken over, too.
	may_be_taken = status.isnull() | (status != CANCELLED) | original[SHIPMENTS].notnull()
	return (
		frappe.qb.from_(order)
		.join(original)
		.on(original.name == order.amended_from)
		.select(order.name)
		.where((order.docstatus == 1) & (order.modified >= since) & order.exoceuticals_order_id.isnull())
		.where((original.docstatus == 2) & original.exoceuticals_order_id.notnull())
		.where(may_be_taken)
		.limit(MOST)
		.run(pluck=True)
	)

"""Hooks and jobs that compare Sales Orders with the content that was sent, after they have changed.

A job compares after the user's transaction is committed, so that a failing sync cannot fail the user's
action. If the queue loses the job, the vendor's next sync compares.
"""

from typing import Any

import frappe

from medgrid.core.faults.borders import hook, job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.exceptions import Busy
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.outbox.states import State

# So many orders that wait for a vendor have one address, at most.
MOST = 1000
# An address no longer concerns an order that is delivered.
ON_THEIR_WAY = frozenset({State.SENT, State.SHIPPED})


@hook
def note_change(order: Any, event: str | None = None) -> None:
	"""Queues the job that compares a submitted order. `Sales Order`'s on_change hook: holding, closing and
	reopening an order calls no other one."""
	if order.docstatus == 1 and frappe.db.exists(DOCTYPE, {"sales_order": order.name}):
		enqueue_after_commit(note_changes, queue=SHORT, sales_order=order.name)


@hook
def note_address_change(address: Any, event: str | None = None) -> None:
	"""Queues the job that compares the orders with an address. `Address`'s on_update hook."""
	enqueue_after_commit(note_changes_of_address, queue=SHORT, address=address.name)


@job
def note_changes(sales_order: str) -> None:
	"""Compares a Sales Order with what was sent of it. Commits."""
	compare(sales_order)


@job
def note_changes_of_address(address: str) -> None:
	"""Compares the orders that go to an address, or whose customer has it, with what was sent of them.
	Commits."""
	for sales_order in orders_with_address(address):
		try:
			compare(sales_order)
		except Busy:
			# The vendor's next sync compares it: somebody is changing it.
			continue


def orders_with_address(address: str) -> list[str]:
	"""The Sales Orders with an address that vendors have and have not delivered."""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	is_its = (order.shipping_address_name == address) | (order.customer_address == address)
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.distinct()
		.where(record.status.isin(OUTBOX.labels_of(ON_THEIR_WAY)) & (order.docstatus == 1) & is_its)
		.limit(MOST)
		.run(pluck=True)
	)

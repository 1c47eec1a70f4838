"""Records on ShipStation Orders that their Sales Order was cancelled, amended or deleted.

A sync may write the same records at the same moment. A job therefore writes them after the user's transaction
is committed, so that the user's action cannot fail because of a sync. If the queue loses the job, the
vendor's next sync writes them.
"""

from typing import Any

import frappe

from medgrid.core.faults.borders import hook, job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.integrations.notices import do_not_ship
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.integrations.shipstation.presence import CANCELLATION_FIELDS, is_over
from medgrid.integrations.shipstation.reasons import cancellation_reason
from medgrid.orders.amendments import originals
from medgrid.outbox import cancellations
from medgrid.outbox.destinations import Reason, Record
from medgrid.outbox.states import ACCEPTED, OPEN


@hook
def note_cancellation(order: Any, event: str | None = None) -> None:
	"""Queues the job that records a cancellation; then the order is not pushed any more, and the vendor's
	next sync reports an order that was sent. The records of the orders that it amends name it no more.
	`Sales Order`'s on_cancel hook."""
	for sales_order in (order.name, *_originals(order)):
		enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=sales_order)


@hook
def note_amendment(order: Any, event: str | None = None) -> None:
	"""Queues the jobs that record an amendment on the records of the orders that it replaces: the one that it
	amends, and those which that one amends. `Sales Order`'s on_submit hook."""
	for original in _originals(order):
		enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=original)


def _originals(order: Any) -> list[str]:
	return originals(order.name) if order.amended_from else []


@job
def record_cancellation(sales_order: str) -> None:
	"""Records that an order was cancelled, and the order that amends it, and sees to it that nobody ships
	it. Commits. A push in progress finds the order cancelled when it records its outcome."""
	cancellations.note_cancellation(OUTBOX, sales_order, _reason_of)
	do_not_ship.note_cancelled(sales_order)


def _reason_of(record: Record) -> Reason | None:
	row = frappe.db.get_value(OUTBOX.doctype, record.name, CANCELLATION_FIELDS, as_dict=True)
	if not row.shipstation_order_id:
		return cancellations.cancelled_before_sent()
	# A sync may be faster than this job.
	if is_over(row):
		return None
	return cancellation_reason(record.document, row.shipstation_order_id)


@hook
def forget_unsent(order: Any, event: str | None = None) -> None:
	"""Deletes the records of a Sales Order that ShipStation never received, so that they do not prevent the
	order's deletion. `Sales Order`'s on_trash hook."""
	kept = OUTBOX.labels_of(ACCEPTED | OPEN)
	frappe.db.delete(
		OUTBOX.doctype,
		{
			"sales_order": order.name,
			"shipstation_order_id": ("is", "not set"),
			"claim": ("is", "not set"),
			"status": ("not in", kept),
		},
	)

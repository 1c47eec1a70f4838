"""What happens to a pushed Sales Order afterwards becomes visible on its records.

A sync may write the same records at the same moment. So a job does it, once the user's transaction is
committed, and no user's click fails because of it. If the queue loses the job, the vendor's next sync does
it.
"""

from typing import Any

import frappe

from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.integrations.shipstation.destination import cancellation_reason
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import records
from medgrid.outbox.destinations import Reason, Record
from medgrid.outbox.states import ACCEPTED, OPEN


def note_cancellation(order: Any, event: str | None = None) -> None:
	"""`Sales Order`'s on_cancel: the vendor's next sync reports it, and nothing is pushed any more."""
	enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=order.name)


def note_amendment(order: Any, event: str | None = None) -> None:
	"""`Sales Order`'s on_submit: the records of the order that it amends name it."""
	if order.amended_from:
		enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=order.amended_from)


def record_cancellation(sales_order: str) -> None:
	"""Records that an order was cancelled, and perhaps amended. Commits. A push that is under way finds the
	order cancelled when it records its outcome."""
	records.note_cancellation(OUTBOX, sales_order, _reason_of)


def _reason_of(record: Record) -> Reason:
	order_id = frappe.db.get_value(OUTBOX.doctype, record.name, "shipstation_order_id")
	return cancellation_reason(record.document, order_id) if order_id else records.cancelled_before_sent()


def forget_unsent(order: Any, event: str | None = None) -> None:
	"""`Sales Order`'s on_trash: a record of an order that ShipStation never got does not keep it from being
	deleted."""
	kept = OUTBOX.labels_of(ACCEPTED | OPEN)
	frappe.db.delete(
		OUTBOX.doctype,
		{"sales_order": order.name, "shipstation_order_id": ("is", "not set"), "status": ("not in", kept)},
	)

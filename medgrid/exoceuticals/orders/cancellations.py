"""A Sales Order that is cancelled here is not cancelled at Shopify: whoever can see to it is told.

MedGrid cancels nothing at Shopify by itself: the goods may be on their way.
"""

from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.order_records import OUTBOX, cancelled_without_record
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.outbox import records
from medgrid.outbox.destinations import NO_REASON, Reason, Record
from medgrid.outbox.states import State, WhoActs

# How long a cancellation whose job was lost is looked for.
CANCELLATION_DAYS = 7


def warn(order: Any, event: str | None = None) -> None:
	"""`Sales Order`'s on_cancel: says to whoever cancels it that Exoceuticals goes on with it."""
	if order.exoceuticals_order_id and order.exoceuticals_status != CANCELLED:
		frappe.msgprint(
			still_there(order.exoceuticals_order_name), title=_("Exoceuticals"), indicator="orange"
		)


def note_cancellation(order: Any, event: str | None = None) -> None:
	"""`Sales Order`'s on_cancel: a job records it, since a worker may write the same record now."""
	enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=order.name)


def record_cancellation(sales_order: str) -> None:
	"""Records that an order was cancelled. Commits. An attempt that is under way finds the order cancelled
	when it records its outcome."""
	records.note_cancellation(OUTBOX, sales_order, _reason_of)
	# Nobody has to send it any more.
	in_transaction(partial(settle_not_sent, sales_order))


def record_missed() -> None:
	"""Records the cancellations whose jobs were lost. Commits."""
	for sales_order in cancelled_without_record(CANCELLATION_DAYS):
		record_cancellation(sales_order)


def _reason_of(record: Record) -> Reason:
	fields = ["exoceuticals_order_id", "exoceuticals_order_name", "exoceuticals_status"]
	row = frappe.db.get_value("Sales Order", record.document, fields, as_dict=True)
	if not row.exoceuticals_order_id:
		return records.cancelled_before_sent()
	return reason_of_cancelled(row.exoceuticals_order_name, row.exoceuticals_status)


def reason_of_cancelled(order_name: str, status: str | None) -> Reason:
	"""What people read of a Sales Order that was cancelled after it was sent.

	:param status: Shopify's order's, as in `exoceuticals_status`.
	"""
	return NO_REASON if status == CANCELLED else Reason(still_there(order_name), WhoActs.ADMINISTRATOR)


def notify_late_order(sales_order: str, order_name: str, status: str) -> None:
	"""Tells the administrators of an order that Shopify had made when the Sales Order was cancelled already:
	whoever cancelled it could not be warned. The caller commits.

	:param status: the order's, as in `exoceuticals_status`.
	"""
	if status != CANCELLED and frappe.db.get_value("Sales Order", sales_order, "docstatus") == 2:
		open_issue(
			_subject(sales_order),
			title=_("Exoceuticals: {0} is cancelled, its order {1} is not").format(sales_order, order_name),
			detail=still_there(order_name),
			who_acts=ADMINISTRATOR,
		)


def note_cancelled_order(sales_order: str) -> None:
	"""Shopify's order is cancelled, too: nobody has to act any more. The caller commits."""
	settle_issue(_subject(sales_order))


def _subject(sales_order: str) -> Subject:
	return Subject("exoceuticals", "cancel_order", reference=("Sales Order", sales_order))


def notify_not_made(sales_order: str) -> None:
	"""Tells the administrators of an attempt that made no order, unless the Sales Order is cancelled: whoever
	sent it was told to try again, and may have gone home. Commits."""
	row = frappe.db.get_value(
		OUTBOX.doctype, {"sales_order": sales_order}, ["status", "reason"], as_dict=True
	)
	if row and row.status == OUTBOX.labels[State.WAITING]:
		in_transaction(partial(_open_not_sent, sales_order, row.reason))


def settle_not_sent(sales_order: str) -> None:
	"""An order that was not made has been sent after all, or is not to be sent any more. The caller
	commits."""
	settle_issue(_not_sent(sales_order))


def _open_not_sent(sales_order: str, reason: str) -> None:
	open_issue(
		_not_sent(sales_order),
		title=_("Exoceuticals: {0} was not sent").format(sales_order),
		detail=reason,
		who_acts=ADMINISTRATOR,
	)


def _not_sent(sales_order: str) -> Subject:
	return Subject("exoceuticals", "send_order", reference=("Sales Order", sales_order))


def still_there(order_name: str) -> str:
	"""What is to be done about an order that Exoceuticals has."""
	return _("Exoceuticals still ships order {0}. To stop it, cancel the order in Shopify.").format(
		order_name
	)

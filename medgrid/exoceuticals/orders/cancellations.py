"""Handles Sales Orders that are cancelled in MedGrid but not in Shopify: it notifies the people who can
cancel the order in Shopify.

MedGrid itself cancels no order in Shopify, because the goods may have been shipped.
"""

from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.faults.borders import hook, job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.changes.issues import (
	open_cancelled_there,
	open_shipped_though_cancelled,
	settle_cancelled_there,
	settle_changed,
)
from medgrid.exoceuticals.orders.not_sent import settle_not_sent
from medgrid.exoceuticals.orders.order_records import OUTBOX, cancelled_without_record
from medgrid.exoceuticals.orders.shipped_parts import queue_reading, read_missed
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.orders.sales_order import AT_STORE, is_free_at_store
from medgrid.outbox import cancellations, records
from medgrid.outbox.destinations import NO_REASON, Reason, Record
from medgrid.outbox.states import ACCEPTED, State, WhoActs
from medgrid.services.desk_messages import show

# A cancellation whose job was lost is found for this long.
CANCELLATION_DAYS = 7
# What is read of a Sales Order.
FIELDS = ["docstatus", "exoceuticals_order_id", "exoceuticals_order_name", *AT_STORE]
# The store has the order, or had it.
HAD = ACCEPTED | {State.CANCELLED}


@hook
def warn(order: Any, event: str | None = None) -> None:
	"""Warns the user who cancels a Sales Order that Exoceuticals still ships it. Hook `on_cancel`."""
	if order.exoceuticals_order_id and order.exoceuticals_status != CANCELLED:
		show(still_there(order.exoceuticals_order_name), title=_("Exoceuticals"), indicator="orange")


@hook
def note_cancellation(order: Any, event: str | None = None) -> None:
	"""Queues a job that records the cancellation: a worker may be writing the same record at this moment.
	Hook `on_cancel`."""
	enqueue_after_commit(record_cancellation, queue=SHORT, sales_order=order.name)


@job
def record_cancellation(sales_order: str) -> None:
	"""Records that a Sales Order was cancelled. Commits. An attempt in progress sees the cancellation when it
	records its outcome."""
	cancellations.note_cancellation(OUTBOX, sales_order, _reason_of)
	in_transaction(partial(_note_cancelled, sales_order))


def _note_cancelled(sales_order: str) -> None:
	row = locked_row("Sales Order", sales_order, FIELDS)
	if not row or row.docstatus != 2:
		return
	# A cancelled order need not be sent, and need not be what was sent.
	settle_not_sent(sales_order)
	settle_changed(sales_order)
	settle_cancelled_there(sales_order)
	if row.exoceuticals_order_id:
		notify_late_order(sales_order, row.exoceuticals_order_name, row.exoceuticals_status)
		if _is_shipped_and_cancelled(row):
			queue_reading(sales_order)
			open_shipped_though_cancelled(sales_order, _shipped_though_cancelled(row))


def record_missed() -> None:
	"""Records the cancellations whose jobs were lost, and what was shipped before. Commits."""
	for sales_order in cancelled_without_record(CANCELLATION_DAYS):
		record_cancellation(sales_order)
	read_missed()


def _reason_of(record: Record) -> Reason:
	row = frappe.db.get_value("Sales Order", record.document, FIELDS, as_dict=True)
	if not row.exoceuticals_order_id:
		return cancellations.cancelled_before_sent()
	if _is_shipped_and_cancelled(row):
		return Reason(_shipped_though_cancelled(row), WhoActs.WHOLESALER)
	return reason_of_cancelled(row.exoceuticals_order_name, row.exoceuticals_status)


def _is_shipped_and_cancelled(row: Any) -> bool:
	return row.exoceuticals_status == CANCELLED and not is_free_at_store(row)


def _shipped_though_cancelled(row: Any) -> str:
	return _(
		"The Sales Order is cancelled. Exoceuticals has cancelled order {0} in Shopify, too, but has shipped"
		" goods of it."
	).format(row.exoceuticals_order_name)


def reason_of_cancelled(order_name: str, status: str | None) -> Reason:
	"""Returns the reason that people read for a Sales Order that was cancelled after it was sent.

	:param order_name: the order's name in Shopify, e.g. "#1042".
	:param status: the status of the order in Shopify, as in `exoceuticals_status`.
	"""
	return NO_REASON if status == CANCELLED else Reason(still_there(order_name), WhoActs.ADMINISTRATOR)


def notify_late_order(sales_order: str, order_name: str, status: str) -> None:
	"""Opens the issue of an order that Exoceuticals still ships although its Sales Order is cancelled, and
	notifies the administrators. The caller commits.

	:param order_name: the order's name in Shopify, e.g. "#1042".
	:param status: the status of the order in Shopify, as in `exoceuticals_status`.
	"""
	if status != CANCELLED and frappe.db.get_value("Sales Order", sales_order, "docstatus") == 2:
		open_issue(
			_subject(sales_order),
			title=_("Exoceuticals: {0} is cancelled, its order {1} is not").format(sales_order, order_name),
			detail=still_there(order_name),
			who_acts=ADMINISTRATOR,
			what_to_do=_(
				"Cancel order {0} in Shopify. Or amend the Sales Order: it takes the order over."
			).format(order_name),
		)


def note_cancelled_order(sales_order: str) -> None:
	"""Records that an order is cancelled in Shopify now. An issue says so if its Sales Order is not, or if
	goods of it were shipped. The caller has locked the Sales Order, and commits."""
	settle_cancelled_order(sales_order)
	settle_changed(sales_order)
	order = frappe.db.get_value("Sales Order", sales_order, FIELDS, as_dict=True)
	name = frappe.db.get_value(OUTBOX.doctype, {"sales_order": sales_order})
	is_shipped = _is_shipped_and_cancelled(order)
	if is_shipped:
		queue_reading(sales_order)
	if order.docstatus == 2:
		reason = Reason(_shipped_though_cancelled(order), WhoActs.WHOLESALER) if is_shipped else NO_REASON
		if is_shipped:
			open_shipped_though_cancelled(sales_order, reason.text or "")
		if name:
			records.explain(OUTBOX, name, reason)
		return
	reason = note_cancelled_there(sales_order, order.exoceuticals_order_name, is_shipped=is_shipped)
	if name and OUTBOX.state_of(frappe.db.get_value(OUTBOX.doctype, name, "status")) in HAD:
		records.advance(OUTBOX, name, State.CANCELLED, {"is_changed": 0}, reason)


def note_cancelled_there(sales_order: str, order_name: str, *, is_shipped: bool = False) -> Reason:
	"""Opens the issue of an order that is cancelled in Shopify although its Sales Order is not. The caller
	commits.

	:param order_name: the order's name in Shopify, e.g. "#1042".
	:param is_shipped: whether goods of it were shipped before.
	:returns: the reason for its record.
	"""
	if is_shipped:
		sentence = _("Exoceuticals has shipped goods of order {0}, and has cancelled the rest in Shopify.")
	else:
		sentence = _("Exoceuticals has cancelled order {0} in Shopify, and will not ship it.")
	reason = Reason(sentence.format(order_name), WhoActs.WHOLESALER)
	open_cancelled_there(sales_order, reason.text or "", is_shipped=is_shipped)
	return reason


def settle_cancelled_order(sales_order: str) -> None:
	"""Settles the issue of an order that is cancelled in Shopify, too, or that an amended order has taken
	over. The caller commits."""
	settle_issue(_subject(sales_order))


def _subject(sales_order: str) -> Subject:
	return Subject("exoceuticals", "cancel_order", reference=("Sales Order", sales_order))


def still_there(order_name: str) -> str:
	"""Returns the sentence that says how to stop an order that Exoceuticals has."""
	return _("Exoceuticals still ships order {0}. To stop it, cancel the order in Shopify.").format(
		order_name
	)

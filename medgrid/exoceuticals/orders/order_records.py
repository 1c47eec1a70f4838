"""Reads Exoceuticals Order records. Each Sales Order has at most one, which the database ensures;
`medgrid.outbox` writes their states."""

import json

import frappe

from medgrid.core.database_clock import stored_database_now
from medgrid.exoceuticals.orders.not_sent import open_not_sent, open_parked
from medgrid.issues.outcome_unknown import note_outcome_unknown
from medgrid.issues.records import Subject, settle_issue
from medgrid.orders.sales_order import STOPPED
from medgrid.outbox import due_documents, records
from medgrid.outbox.cancellations import was_cancelled_there_first
from medgrid.outbox.destinations import Outbox, Record
from medgrid.outbox.modified import days_ago
from medgrid.outbox.schedule import OF_DOCUMENT
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State, Timing

DOCTYPE = "Exoceuticals Order"


def _outcome_unknown(record: Record) -> None:
	note_outcome_unknown(_subject_of_unknown(record), "Exoceuticals", record.document)


def _outcome_known(record: Record) -> None:
	settle_issue(_subject_of_unknown(record))


def _subject_of_unknown(record: Record) -> Subject:
	# Stored in issues that are open: the word of older releases.
	return Subject("exoceuticals", "in_doubt", related_to=record.document, reference=(DOCTYPE, record.name))


# claim_seconds: from the claim to Shopify's response. search_lag_seconds: how long Shopify's search may not
# find an order that exists.
OUTBOX = Outbox(
	DOCTYPE,
	Timing(claim_seconds=60, search_lag_seconds=120),
	schedule=OF_DOCUMENT,
	parks_open=False,
	parked=open_parked,
	not_made=open_not_sent,
	outcome_unknown=_outcome_unknown,
	outcome_known=_outcome_known,
)


def conclusive_attempts() -> list[Record]:
	"""Returns the open attempts whose outcome a search in Shopify can determine now, oldest first."""
	return [attempt for attempt in records.open_attempts(OUTBOX) if attempt.is_conclusive()]


def due_attempts() -> list[Record]:
	"""Returns the conclusive attempts that the schedule has searched now, oldest first."""
	filters = {"next_attempt_at": ("<=", stored_database_now())}
	due = [*records.open_attempts(OUTBOX, {"next_attempt_at": ("is", "not set")})]
	due += records.open_attempts(OUTBOX, filters)
	return [attempt for attempt in due if attempt.is_conclusive()]


def due_orders(most: int) -> list[str]:
	"""Returns the Sales Orders that somebody has sent, that the store does not have, and whose next attempt
	is due, longest waiting first. Those on hold or closed wait until they are opened again.

	:param most: their maximum number.
	"""
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	is_due = record.next_attempt_at.isnull() | (record.next_attempt_at <= stored_database_now())
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where((record.status == OUTBOX.labels[State.WAITING]) & is_due)
		.where((order.docstatus == 1) & order.status.notin(STOPPED))
		.orderby(record.next_attempt_at)
		.orderby(record.creation)
		.limit(most)
		.run(pluck=True)
	)


def asked_rows(sales_order: str) -> list[str] | None:
	"""Returns the names of the rows that the caller asked to send at the last attempt; None: all that
	Exoceuticals sells."""
	asked = frappe.db.get_value(OUTBOX.doctype, {"sales_order": sales_order}, "asked_rows")
	return json.loads(asked) if asked else None


def make_due(sales_order: str) -> None:
	"""Has a parked order sent again, because a user retries it. Commits."""
	filters = {"sales_order": sales_order, "status": OUTBOX.labels[State.FAILED]}
	if name := frappe.db.get_value(OUTBOX.doctype, filters):
		due_documents.retry(OUTBOX, name)


def has_open_attempt(sales_order: str) -> bool:
	"""Whether an attempt to send a Sales Order has no recorded outcome."""
	filters = {"sales_order": sales_order, "status": ("in", OUTBOX.labels_of(OPEN))}
	return bool(frappe.db.exists(OUTBOX.doctype, filters))


def order_name_of(sales_order: str) -> str:
	"""Returns the name in Shopify of a Sales Order's order; empty if none is recorded."""
	return frappe.db.get_value(OUTBOX.doctype, {"sales_order": sales_order}, "order_name") or ""


def cancelled_without_record(days: int) -> list[str]:
	"""Returns the cancelled Sales Orders whose records do not have the cancellation yet.

	:param days: only orders that were changed within so many days.
	"""
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	is_unnoted = record.status.isin(OUTBOX.labels_of(CLAIMABLE | ACCEPTED))
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where(is_unnoted | was_cancelled_there_first(OUTBOX, record, order))
		.where((order.docstatus == 2) & (order.modified >= days_ago(days)))
		.run(pluck=True)
	)

"""Reads Exoceuticals Order records. Each Sales Order has at most one, which the database ensures;
`medgrid.outbox.records` writes their states."""

from datetime import datetime, timedelta

import frappe

from medgrid.issues.in_doubt import note_in_doubt
from medgrid.issues.records import Subject, settle_issue
from medgrid.outbox import records
from medgrid.outbox.destinations import Outbox, Record
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, Timing

DOCTYPE = "Exoceuticals Order"


def _in_doubt(record: Record) -> None:
	note_in_doubt(_doubt(record), "Exoceuticals", record.document)


def _certain(record: Record) -> None:
	settle_issue(_doubt(record))


def _doubt(record: Record) -> Subject:
	return Subject("exoceuticals", "in_doubt", related_to=record.document, reference=(DOCTYPE, record.name))


# claim_seconds: from the claim to Shopify's response. search_lag_seconds: how long Shopify's search may not
# find an order that exists.
OUTBOX = Outbox(
	DOCTYPE,
	Timing(claim_seconds=60, search_lag_seconds=120),
	in_doubt=_in_doubt,
	certain=_certain,
)
# The maximum time from a change of a Sales Order to its commit.
SLOWEST_SAVE = timedelta(minutes=10)


def compared_until() -> datetime:
	"""The value of `compared_at` after a comparison: a change is committed some time after its `modified`,
	with which this is compared; both are in the site's time zone."""
	return frappe.utils.now_datetime() - SLOWEST_SAVE


def days_ago(days: int) -> datetime:
	"""A time to compare `modified` with, in the site's time zone."""
	return frappe.utils.now_datetime() - timedelta(days=days)


def conclusive_attempts() -> list[Record]:
	"""Returns the open attempts whose outcome a search in Shopify can determine now, oldest first."""
	return [attempt for attempt in records.open_attempts(OUTBOX) if attempt.is_conclusive()]


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
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where(record.status.isin(OUTBOX.labels_of(CLAIMABLE | ACCEPTED)))
		.where((order.docstatus == 2) & (order.modified >= days_ago(days)))
		.run(pluck=True)
	)

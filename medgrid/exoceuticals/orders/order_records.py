"""Exoceuticals Order records: one Sales Order on its way to the store, kept unique by the database.
`medgrid.outbox.records` writes their states."""

from datetime import timedelta

import frappe

from medgrid.outbox import records
from medgrid.outbox.destinations import Outbox, Record
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, Timing

# From the claim to Shopify's answer; and how long Shopify's search may not know an order that is there.
OUTBOX = Outbox("Exoceuticals Order", Timing(claim_seconds=60, search_lag_seconds=120))


def conclusive_attempts() -> list[Record]:
	"""The attempts without an outcome of which a search can tell by now what became of them, oldest first."""
	return [attempt for attempt in records.open_attempts(OUTBOX) if attempt.is_conclusive()]


def has_open_attempt(sales_order: str) -> bool:
	"""Whether there was an attempt to send this order, and its outcome is not recorded."""
	filters = {"sales_order": sales_order, "status": ("in", OUTBOX.labels_of(OPEN))}
	return bool(frappe.db.exists(OUTBOX.doctype, filters))


def order_name_of(sales_order: str) -> str:
	"""How Shopify names the order that was made of a Sales Order; empty if none was recorded."""
	return frappe.db.get_value(OUTBOX.doctype, {"sales_order": sales_order}, "order_name") or ""


def cancelled_without_record(days: int) -> list[str]:
	"""Sales Orders that were cancelled recently and whose records do not say so yet."""
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	since = frappe.utils.now_datetime() - timedelta(days=days)
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where(record.status.isin(OUTBOX.labels_of(CLAIMABLE | ACCEPTED)))
		.where((order.docstatus == 2) & (order.modified >= since))
		.run(pluck=True)
	)

"""ShipStation Order records: one Sales Order on its way to ShipStation for one Supplier, kept unique by the
database. `medgrid.outbox.records` writes their states."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
from frappe.query_builder import Order

from medgrid.orders.amendments import originals
from medgrid.outbox import records
from medgrid.outbox.destinations import Outbox, Record
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State, Timing

# Longer than a push with all its waits and retries. ShipStation finds an order as soon as it has it.
OUTBOX = Outbox("ShipStation Order", Timing(claim_seconds=600))
LABELS = OUTBOX.labels


@dataclass(frozen=True)
class PushContext:
	"""Who pushes.

	:param connection: their Vendor Connection.
	:param account: the fingerprint of their ShipStation key.
	"""

	supplier: str
	connection: str
	account: str


@dataclass(frozen=True)
class OtherVendor:
	"""Another Supplier for whom an order was sent or is being sent.

	:param account: the fingerprint of the ShipStation key that it was sent with.
	:param lines: the names of the order's rows that are theirs.
	"""

	supplier: str
	account: str
	lines: tuple[str, ...]


@dataclass(frozen=True)
class Original:
	"""The order that an order amends, or that that one amends, as far as ShipStation has or may have it.

	:param order_id: ShipStation's; None while the outcome of its push is not known.
	"""

	sales_order: str
	order_id: str | None


def other_vendors_of(sales_order: str, supplier: str) -> list[OtherVendor]:
	"""The other Suppliers for whom this order was sent or is being sent."""
	rows = frappe.get_all(
		OUTBOX.doctype,
		filters={"sales_order": sales_order, "supplier": ("!=", supplier)},
		fields=["supplier", "account", "lines", "status", "shipstation_order_id"],
	)
	return [
		OtherVendor(row.supplier, row.account or "", tuple(json.loads(row.lines or "[]")))
		for row in rows
		if _is_or_may_be_there(row)
	]


def original_of(sales_order: str, supplier: str) -> Original | None:
	"""
	:returns: None if ShipStation has none of the orders that this one amends.
	"""
	fields = ["status", "shipstation_order_id"]
	for original in originals(sales_order):
		key = {"sales_order": original, "supplier": supplier}
		row = frappe.db.get_value(OUTBOX.doctype, key, fields, as_dict=True)
		if row and _is_or_may_be_there(row):
			return Original(original, row.shipstation_order_id or None)
	return None


def _is_or_may_be_there(row: Any) -> bool:
	return bool(row.shipstation_order_id) or row.status in OUTBOX.labels_of(OPEN)


def open_attempts(context: PushContext) -> list[Record]:
	"""The attempts without an outcome that this connection has to look up: its own, and those of connections
	whose credentials were removed or replaced, since nobody can ask their account any more."""
	rows = frappe.get_all(
		OUTBOX.doctype,
		filters={"supplier": context.supplier, "status": ("in", OUTBOX.labels_of(OPEN))},
		fields=["name", "connection", "account"],
	)
	own = {row.name for row in rows if row.connection == context.connection}
	orphaned = {row.name for row in rows if row.name not in own and not _can_be_asked(row)}
	attempts = records.open_attempts(OUTBOX, {"supplier": context.supplier})
	return [
		attempt
		for attempt in attempts
		if attempt.name in own or (attempt.name in orphaned and attempt.is_conclusive())
	]


def _can_be_asked(row: Any) -> bool:
	return bool(frappe.db.exists("Vendor Connection", {"name": row.connection, "account": row.account}))


def cancellations_since(supplier: str, days: int) -> list[Any]:
	"""Recent records of orders that were cancelled after the push: `sales_order` and `reason`."""
	since = frappe.utils.add_days(frappe.utils.now_datetime(), -days)
	record = frappe.qb.DocType(OUTBOX.doctype)
	return (
		frappe.qb.from_(record)
		.select(record.sales_order, record.reason)
		.where((record.supplier == supplier) & (record.status == LABELS[State.CANCELLED]))
		.where(record.shipstation_order_id.notnull() & (record.modified >= since))
		.orderby(record.modified, order=Order.asc)
		.run(as_dict=True)
	)


def cancelled_without_record(supplier: str, days: int) -> list[str]:
	"""Sales Orders that were cancelled recently and whose records do not say so yet."""
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	since = frappe.utils.now_datetime() - timedelta(days=days)
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where((record.supplier == supplier) & record.status.isin(OUTBOX.labels_of(CLAIMABLE | ACCEPTED)))
		.where((order.docstatus == 2) & (order.modified >= since))
		.run(pluck=True)
	)

"""Reads ShipStation Order records. The database keeps one record for each Sales Order and Supplier;
`medgrid.outbox` writes their states."""

import json
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Criterion, Order

from medgrid.core.database_clock import stored_database_now
from medgrid.integrations.shipstation.presence import MAY_HAVE, may_ship
from medgrid.issues.outcome_unknown import note_outcome_unknown
from medgrid.issues.records import Subject, open_issue, settle_issue
from medgrid.outbox import records
from medgrid.outbox.cancellations import was_cancelled_there_first
from medgrid.outbox.destinations import Outbox, Reason, Record
from medgrid.outbox.modified import days_ago
from medgrid.outbox.schedule import OF_DOCUMENT
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State, Timing, WhoActs

DOCTYPE = "ShipStation Order"


def _open_parked(record: Record, reason: Reason) -> None:
	sales_order = record.document
	by_wholesaler = reason.who_acts is WhoActs.WHOLESALER
	open_issue(
		_parked(record),
		title=_("ShipStation: {0} was not sent").format(sales_order),
		detail=reason.text or "",
		who_acts=(reason.who_acts if reason.who_acts is not WhoActs.NOBODY else WhoActs.VENDOR).value,
		what_to_do=(
			_("Correct the Sales Order, then retry the ShipStation Order.")
			if by_wholesaler
			else _("Check in ShipStation whether it has the order, then retry the ShipStation Order.")
		),
	)


def _settle_parked(record: Record) -> None:
	settle_issue(_parked(record))


def _parked(record: Record) -> Subject:
	return Subject("shipstation", "push", related_to=record.document, reference=(DOCTYPE, record.name))


def _outcome_unknown(record: Record) -> None:
	note_outcome_unknown(_subject_of_unknown(record), "ShipStation", record.document)


def _outcome_known(record: Record) -> None:
	settle_issue(_subject_of_unknown(record))


def _subject_of_unknown(record: Record) -> Subject:
	# Stored in issues that are open: the word of older releases.
	return Subject("shipstation", "in_doubt", related_to=record.document, reference=(DOCTYPE, record.name))


# The claim lasts longer than a push with all its waits and retries. There is no search lag: ShipStation finds
# an order as soon as it has it.
OUTBOX = Outbox(
	DOCTYPE,
	Timing(claim_seconds=600),
	since_field="since",
	schedule=OF_DOCUMENT,
	has_operations=True,
	parked=_open_parked,
	unparked=_settle_parked,
	outcome_unknown=_outcome_unknown,
	outcome_known=_outcome_known,
)
LABELS = OUTBOX.labels


@dataclass(frozen=True)
class PushContext:
	"""The vendor whose orders are pushed.

	:param connection: the name of their Vendor Connection.
	:param account: the fingerprint of their ShipStation key.
	:param is_first: whether it is the first of the vendor's accounts. Each account looks after the orders
		that it got; the first one also after those of connections that are gone. Which one gets an order says
		`due.routing`.
	:param store_id: the store in ShipStation that gets the orders; None: ShipStation chooses it.
	"""

	supplier: str
	connection: str
	account: str
	is_first: bool = True
	store_id: str | None = None


@dataclass(frozen=True)
class OtherVendor:
	"""Another Supplier for whom an order was sent or is being sent.

	:param account: the fingerprint of the ShipStation key with which the order was sent.
	:param lines: the names of the order's rows that this Supplier ships.
	"""

	supplier: str
	account: str
	lines: tuple[str, ...]


def is_of(record: Any, context: PushContext) -> Criterion:
	"""The condition that an account looks after an order: it got the order. The first account has those of
	connections that are gone, too.

	:param record: the query's ShipStation Order.
	"""
	if not context.is_first:
		return record.connection == context.connection
	others = frappe.get_all(
		"Vendor Connection",
		filters={
			"supplier": context.supplier,
			"name": ("!=", context.connection),
			"status": ("!=", "not_connected"),
		},
		pluck="name",
	)
	return record.connection.isnull() | record.connection.notin([*others, ""])


def other_vendors_of(sales_order: str, supplier: str) -> list[OtherVendor]:
	"""Lists the other Suppliers for whom this order was sent or is being sent, and not cancelled there."""
	rows = frappe.get_all(
		OUTBOX.doctype,
		filters={"sales_order": sales_order, "supplier": ("!=", supplier)},
		fields=["supplier", "account", "lines", *MAY_HAVE],
	)
	return [
		OtherVendor(row.supplier, row.account or "", tuple(json.loads(row.lines or "[]")))
		for row in rows
		if may_ship(row)
	]


@dataclass(frozen=True)
class ParkedOrder:
	"""An order that is not sent until somebody acts.

	:param name: the record's name.
	:param lines: the names of the order's rows that were to be sent.
	:param is_key_taken: whether it is parked because ShipStation has another order with the same key; else
		its attempts have failed for too long.
	"""

	name: str
	sales_order: str
	reason: str
	lines: tuple[str, ...]
	is_key_taken: bool


def parked_orders(context: PushContext, most: int) -> list[ParkedOrder]:
	"""Lists the parked orders that an account looks after, oldest first.

	:param most: the maximum number.
	"""
	record = frappe.qb.DocType(OUTBOX.doctype)
	rows = (
		frappe.qb.from_(record)
		.select(record.name, record.sales_order, record.reason, record.lines)
		.select(record.first_failed_at, record.claim)
		.where((record.supplier == context.supplier) & (record.status == LABELS[State.FAILED]))
		.where(is_of(record, context))
		.orderby(record.creation)
		.orderby(record.name)
		.limit(most)
		.run(as_dict=True)
	)
	return [
		ParkedOrder(
			row.name,
			row.sales_order,
			row.reason or "",
			tuple(json.loads(row.lines or "[]")),
			is_key_taken=not row.first_failed_at and not row.claim,
		)
		for row in rows
	]


def sales_order_of(name: str) -> str | None:
	"""The Sales Order of a record."""
	return frappe.db.get_value(OUTBOX.doctype, name, "sales_order")


def lines_sent(sales_order: str, supplier: str) -> tuple[str, ...]:
	"""The names of the rows that the last attempt sent, or was to send; none for records of release 0.1."""
	key = {"sales_order": sales_order, "supplier": supplier}
	return tuple(json.loads(frappe.db.get_value(OUTBOX.doctype, key, "lines") or "[]"))


def open_attempts(context: PushContext, *, by_person: bool = False) -> list[Record]:
	"""Lists the attempts without an outcome that this connection looks up: its own, and those of connections
	whose credentials were removed or replaced, because their account can no longer be searched. The latter
	only if they are conclusive.

	:param by_person: whether attempts whose next search is not due yet are listed, too.
	"""
	now = stored_database_now()
	rows = [
		row
		for row in frappe.get_all(
			OUTBOX.doctype,
			filters={"supplier": context.supplier, "status": ("in", OUTBOX.labels_of(OPEN))},
			fields=["name", "connection", "account", "next_attempt_at"],
		)
		if by_person or not row.next_attempt_at or row.next_attempt_at <= now
	]
	own = {row.name for row in rows if row.connection == context.connection}
	orphaned = {row.name for row in rows if row.name not in own and not _is_connected(row)}
	attempts = records.open_attempts(OUTBOX, {"supplier": context.supplier})
	return [
		attempt
		for attempt in attempts
		if attempt.name in own or (attempt.name in orphaned and attempt.is_conclusive())
	]


def is_at_another_account(attempt: Record, context: PushContext) -> bool:
	"""Whether an open attempt was made at an account that this connection cannot search, and nobody has said
	since that the order is not there: a retry begins to count the attempts again."""
	account = frappe.db.get_value(OUTBOX.doctype, attempt.name, "account")
	return bool(account and account != context.account and attempt.attempts)


def _is_connected(row: Any) -> bool:
	return bool(frappe.db.exists("Vendor Connection", {"name": row.connection, "account": row.account}))


def cancellations_since(context: PushContext, days: int) -> list[Any]:
	"""Lists the records of an account's orders that were cancelled after the push, in the last `days` days,
	and that the vendor must still cancel in ShipStation: nobody has acknowledged them.

	:returns: rows of `name`, `sales_order` and `reason`.
	"""
	since = frappe.utils.add_days(frappe.utils.now_datetime(), -days)
	record = frappe.qb.DocType(OUTBOX.doctype)
	return (
		frappe.qb.from_(record)
		.select(record.name, record.sales_order, record.reason)
		.where((record.supplier == context.supplier) & (record.status == LABELS[State.CANCELLED]))
		.where(is_of(record, context))
		.where(record.shipstation_order_id.notnull() & record.acknowledged_at.isnull())
		.where((record.modified >= since) & (record.who_acts == WhoActs.VENDOR.value))
		.orderby(record.modified, order=Order.asc)
		.run(as_dict=True)
	)


def cancelled_without_record(supplier: str, days: int) -> list[str]:
	"""Lists the Sales Orders that were cancelled in the last `days` days and whose records are not cancelled
	yet."""
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	since = days_ago(days)
	# The job has made what was parked with an unknown outcome due; a second time only a person does.
	is_claimed = (record.status == LABELS[State.FAILED]) & record.claim.notnull() & (record.claim != "")
	is_unnoted = record.status.isin(OUTBOX.labels_of(CLAIMABLE | ACCEPTED)) & is_claimed.negate()
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where(record.supplier == supplier)
		.where(is_unnoted | was_cancelled_there_first(OUTBOX, record, order))
		.where((order.docstatus == 2) & (order.modified >= since))
		.run(pluck=True)
	)

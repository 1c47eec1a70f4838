"""The pushed orders whose tracking may still change, and when each is requested again.

An order without a label that is too old is requested once more by a call of its own, and then no more.
`tracking` and `notices` request the orders.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.query_builder import Criterion

from medgrid.clients.shipstation.shipments import Shipment
from medgrid.core.clock import stored_utc
from medgrid.core.database_clock import database_now, stored_database_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, PushContext, is_of
from medgrid.integrations.shipstation.parcels.matching import Sought, by_order
from medgrid.outbox.schedule import WITHOUT_END
from medgrid.outbox.states import State

# A shipped order stays open this long: its label may still be voided or replaced.
OPEN_DAYS_AFTER_SHIPPING = 14
# A pushed order is not checked any more after this many days.
OPEN_DAYS_AFTER_PUSH = 180
# So many of those are asked for once more by a call of their own, at a time, before they are forgotten; those
# that were pushed longer ago than this many days are not.
MOST_LEAVING, FORGOTTEN_DAYS_AFTER_PUSH = 25, 360


@dataclass(frozen=True)
class OpenPush:
	"""A pushed order whose tracking may still change.

	:param pushed_at: in UTC, as it is stored.
	:param failures: how often in a row its shipments could not be requested or read.
	:param status: the record's.
	:param lines: the names of the order's rows that the vendor has or had.
	"""

	name: str
	sales_order: str
	order_id: str
	pushed_at: datetime
	failures: int = 0
	status: str = LABELS[State.SENT]
	lines: frozenset[str] = frozenset()


def open_pushes(context: PushContext, *, by_person: bool = True) -> list[OpenPush]:
	"""Lists the pushed orders of an account whose tracking may still change, oldest first; behind them those
	whose last requests failed. The account that sends has those of connections that are gone, too.

	:param by_person: False: without those whose pause after a failed request is not over.
	"""
	record, now = frappe.qb.DocType("ShipStation Order"), stored_database_now()
	shipped_since = now - timedelta(days=OPEN_DAYS_AFTER_SHIPPING)
	is_shipped = record.status.isin([LABELS[State.SHIPPED], LABELS[State.DELIVERED]])
	# Two queries: with OR no index could tell them from all that the vendor has ever shipped.
	found = [
		*_open(context, record, record.status == LABELS[State.SENT], now, by_person=by_person),
		*_open(context, record, is_shipped & (record.shipped_at >= shipped_since), now, by_person=by_person),
	]
	return sorted(found, key=lambda push: (push.failures or 0, push.pushed_at))


def _open(
	context: PushContext, record: Any, is_open: Criterion, now: datetime, *, by_person: bool
) -> Iterator[OpenPush]:
	if not by_person:
		is_open &= record.next_attempt_at.isnull() | (record.next_attempt_at <= now)
	pushed_since = now - timedelta(days=OPEN_DAYS_AFTER_PUSH)
	order = frappe.qb.DocType("Sales Order")
	rows = _pushes(record, order, context).where(is_open & (record.pushed_at >= pushed_since)).run()
	return (_open_push(*row) for row in rows)


def leaving_pushes(context: PushContext) -> list[OpenPush]:
	"""Lists the orders without a label that are too old to be looked for any more, and were not requested by
	a call of their own since they are."""
	record, order = frappe.qb.DocType("ShipStation Order"), frappe.qb.DocType("Sales Order")
	now = stored_database_now()
	pushed_since = now - timedelta(days=OPEN_DAYS_AFTER_PUSH)
	forgotten_since = now - timedelta(days=FORGOTTEN_DAYS_AFTER_PUSH)
	query = (
		_pushes(record, order, context)
		.where((record.status == LABELS[State.SENT]) & record.tracking_asked_at.isnull())
		.where((record.pushed_at < pushed_since) & (record.pushed_at >= forgotten_since))
		.where(record.next_attempt_at.isnull() | (record.next_attempt_at <= now))
	)
	return [_open_push(*row) for row in query.orderby(record.pushed_at).limit(MOST_LEAVING).run()]


def _pushes(record: Any, order: Any, context: PushContext) -> Any:
	"""The query of an account's orders that are not cancelled."""
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(
			record.name,
			record.sales_order,
			record.shipstation_order_id,
			record.pushed_at,
			record.tracking_failures,
			record.status,
			record.lines,
		)
		.where((record.supplier == context.supplier) & is_of(record, context) & (order.docstatus == 1))
	)


def _open_push(*values: Any) -> OpenPush:
	name, sales_order, order_id, pushed_at, failures, status, lines = values
	rows = frozenset(json.loads(lines or "[]"))
	return OpenPush(name, sales_order, order_id, pushed_at, failures, status, rows)


def note_failure(push: OpenPush) -> None:
	"""Records that the shipments of an order could not be requested or read: it is requested again after a
	pause. Commits."""

	def work() -> None:
		row = locked_row(DOCTYPE, push.name, ["tracking_failures"])
		if row:
			failures = row.tracking_failures + 1
			moment = database_now() + WITHOUT_END.pause_after(failures)
			values = {"tracking_failures": failures, "next_attempt_at": stored_utc(moment)}
			frappe.db.set_value(DOCTYPE, push.name, values)

	in_transaction(work)


def note_answer(push: OpenPush) -> None:
	"""Records that the shipments of an order could be read again. Commits."""

	def work() -> None:
		if locked_row(DOCTYPE, push.name, ["name"]):
			values = {"tracking_failures": 0, "next_attempt_at": None}
			frappe.db.set_value(DOCTYPE, push.name, values)

	in_transaction(work)


def by_push(shipments: Iterable[Shipment], pushes: list[OpenPush]) -> list[tuple[OpenPush, list[Shipment]]]:
	"""Sorts shipments by order; see `matching`."""
	by_name = {push.name: push for push in pushes}
	sought = [Sought(push.name, push.order_id, push.sales_order, push.lines) for push in pushes]
	return [(by_name[name], own) for name, own in by_order(shipments, sought).items()]

"""News of an order, written to its Sales Order: whatever the way they came, in whatever order.

Contract: "Sales Order Status Fields (Exoceuticals)", "Supported Topics", "poll_exoceuticals_status".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

import frappe

from medgrid.core.lock_waits import bounded
from medgrid.exoceuticals.fulfillment import fulfillments
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot
from medgrid.exoceuticals.fulfillment.status import CANCELLED, is_graphql_only

DOCTYPE = "Sales Order"
ORDER_ID, CHECKED_AT = "exoceuticals_order_id", "exoceuticals_checked_at"
ORDER_NAME, STATUS = "exoceuticals_order_name", "exoceuticals_status"
NUMBER, CARRIER = "exoceuticals_tracking_number", "exoceuticals_carrier"
URL, SHIPMENTS = "exoceuticals_tracking_url", "exoceuticals_fulfillments"
UPDATED_AT = "exoceuticals_updated_at"
FIELDS = [ORDER_ID, ORDER_NAME, STATUS, NUMBER, CARRIER, URL, SHIPMENTS, UPDATED_AT]


class Outcome(str, Enum):
	"""What news did to the Sales Order. The values are options of Integration Event's `outcome`."""

	UPDATED = "Updated"
	UNCHANGED = "Unchanged"
	# Older than what is known already, or about an order whose cancellation is known.
	STALE = "Stale"
	UNKNOWN_ORDER = "Unknown Order"


@dataclass(frozen=True)
class Result:
	"""
	:param sales_order: None for an unknown order.
	:param status: its `exoceuticals_status` now.
	:param needs_refresh: the news left something open that GraphQL can tell.
	"""

	outcome: Outcome
	sales_order: str | None = None
	status: str | None = None
	needs_refresh: bool = False


def apply(
	snapshot: OrderSnapshot,
	sales_order: str | None = None,
	*,
	note_check: bool = True,
	lock_seconds: int | None = None,
) -> Result:
	"""Writes what is new in the news. The caller commits.

	Commits what the caller has done so far: a locking read has to be its transaction's first. Validations are
	not run; Desk sees `modified` change. Nothing is written where nothing is new.

	:param sales_order: its name, if the caller knows it.
	:param note_check: write down when the order was looked at, even if nothing is new. Webhooks, which nobody
		asked for, do so only along with something else.
	:param lock_seconds: how long to wait for the order's lock; None: as the database is set up.
	"""
	_begin_transaction()
	row = _locked(sales_order, snapshot.order_id, lock_seconds)
	if not row or row[ORDER_ID] != snapshot.order_id:
		return Result(Outcome.UNKNOWN_ORDER)
	if is_stale(row, snapshot):
		return Result(Outcome.STALE, row["name"], row[STATUS])
	return _write(row["name"], row, snapshot, note_check)


def _begin_transaction() -> None:
	"""A new one ends the old one: where that has written nothing, a round trip less than to commit it."""
	if frappe.db.transaction_writes:
		frappe.db.commit()
	else:
		frappe.db.begin()


def _locked(sales_order: str | None, order_id: str, seconds: int | None) -> dict[str, Any] | None:
	condition, value = ("name", sales_order) if sales_order else (ORDER_ID, order_id)
	# Written out: the query builder would take longer than the database, and every webhook comes by here.
	columns = ", ".join(["name", *FIELDS])
	query = f"SELECT {columns} FROM `tabSales Order` WHERE {condition} = %s"
	locking = bounded(f"{query} ORDER BY creation LIMIT 1 FOR UPDATE", seconds)
	rows = frappe.db.sql(locking, value, as_dict=True)
	return rows[0] if rows else None


def note_checked(sales_orders: list[str]) -> None:
	"""Writes down that these were looked at just now, and nothing was new."""
	if sales_orders:
		filters = {"name": ("in", sales_orders)}
		frappe.db.set_value(DOCTYPE, filters, CHECKED_AT, utc_now(), update_modified=False)


def _write(name: str, row: Mapping[str, Any], snapshot: OrderSnapshot, note_check: bool) -> Result:
	changed = changes(row, snapshot)
	visible = changed.keys() - {UPDATED_AT}
	if changed or note_check or snapshot.may_hide_detail:
		# An open question is for the next reconciliation, if nobody answers it before.
		checked = {CHECKED_AT: None if snapshot.may_hide_detail else utc_now()}
		_update(name, {**changed, **checked, **(_modified() if visible else {})})
	outcome = Outcome.UPDATED if visible else Outcome.UNCHANGED
	return Result(outcome, name, changed.get(STATUS, row[STATUS]), needs_refresh=snapshot.may_hide_detail)


def _modified() -> dict[str, Any]:
	return {"modified": frappe.utils.now(), "modified_by": frappe.session.user}


def _update(name: str, values: dict[str, Any]) -> None:
	"""Like `frappe.db.set_value`, whose query takes longer to build than to run.

	:param values: by fieldname; all of them are names in this module.
	"""
	assignments = ", ".join(f"{field} = %s" for field in values)
	frappe.db.sql(f"UPDATE `tabSales Order` SET {assignments} WHERE name = %s", (*values.values(), name))
	frappe.clear_document_cache(DOCTYPE, name)


# The decisions, without a database


def is_stale(row: Mapping[str, Any], snapshot: OrderSnapshot) -> bool:
	"""Whether news must not change a Sales Order any more.

	:param row: the Sales Order's FIELDS.
	"""
	if row[STATUS] == CANCELLED and not snapshot.cancelled:
		return True
	known, told = row[UPDATED_AT], to_stored_time(snapshot.updated_at)
	if told and told != known:
		return bool(known) and told < known
	# The same second, which is all that Shopify's times tell, or no time at all.
	has_come = fulfillments.progress(row[STATUS] == CANCELLED, fulfillments.from_json(row[SHIPMENTS]))
	return fulfillments.progress(snapshot.cancelled, snapshot.fulfillments) < has_come


def changes(row: Mapping[str, Any], snapshot: OrderSnapshot) -> dict[str, Any]:
	"""What news that are not stale change, by fieldname.

	:param row: the Sales Order's FIELDS.
	"""
	known = fulfillments.from_json(row[SHIPMENTS])
	merged = fulfillments.merged(known, snapshot.fulfillments)
	values = {
		STATUS: _status(row[STATUS], snapshot, same_shipments=merged == known),
		SHIPMENTS: fulfillments.as_json(merged),
		**_tracking(row, merged),
	}
	if snapshot.name:
		values[ORDER_NAME] = snapshot.name
	if snapshot.updated_at:
		values[UPDATED_AT] = to_stored_time(snapshot.updated_at)
	return {field: value for field, value in values.items() if (row[field] or None) != value}


def _status(known: str | None, snapshot: OrderSnapshot, *, same_shipments: bool) -> str:
	"""A webhook's "unfulfilled" is no reason to forget that GraphQL said "On Hold": as long as nothing else
	was shipped, both are true."""
	keeps = snapshot.may_hide_detail and is_graphql_only(known) and same_shipments
	return known if keeps else snapshot.status


def _tracking(row: Mapping[str, Any], merged: tuple[fulfillments.Fulfillment, ...]) -> dict[str, str | None]:
	label = fulfillments.latest_label(merged)
	if label:
		return {NUMBER: label.number, CARRIER: label.company, URL: label.url}
	if row[NUMBER] and row[NUMBER] in fulfillments.voided_numbers(merged):
		return {NUMBER: None, CARRIER: None, URL: None}
	# Nobody has taken back what is there.
	return {}


def to_stored_time(moment: datetime | None) -> datetime | None:
	"""As `exoceuticals_updated_at` is stored: UTC, without saying so."""
	return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)


def utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)

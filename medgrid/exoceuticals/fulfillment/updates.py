"""News of an order, written to its Sales Order: whatever the way they came, in whatever order.

Contract: "Sales Order Status Fields (Exoceuticals)", "Supported Topics", "poll_exoceuticals_status".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.core.lock_waits import bounded
from medgrid.exoceuticals.fulfillment.changes import (
	CHECKED_AT,
	DOCTYPE,
	FIELDS,
	ORDER_ID,
	STATUS,
	UPDATED_AT,
	changes,
	is_stale,
)
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.cancellations import note_cancelled_order


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
		frappe.db.set_value(DOCTYPE, filters, CHECKED_AT, stored_utc_now(), update_modified=False)


def _write(name: str, row: Mapping[str, Any], snapshot: OrderSnapshot, note_check: bool) -> Result:
	changed = changes(row, snapshot)
	visible = changed.keys() - {UPDATED_AT}
	if changed or note_check or snapshot.may_hide_detail:
		# An open question is for the next reconciliation, if nobody answers it before.
		checked = {CHECKED_AT: None if snapshot.may_hide_detail else stored_utc_now()}
		_update(name, {**changed, **checked, **(_modified() if visible else {})})
	if changed.get(STATUS) == CANCELLED:
		note_cancelled_order(name)
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

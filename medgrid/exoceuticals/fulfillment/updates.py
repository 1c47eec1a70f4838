"""News of an order, written to its Sales Order: whatever the way they came, in whatever order.

Contract: "Sales Order Status Fields (Exoceuticals)", "Supported Topics", "poll_exoceuticals_status".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import frappe

from medgrid.core.clock import stored_utc, stored_utc_now
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
from medgrid.webhooks import statements


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


def apply(snapshot: OrderSnapshot, sales_order: str | None = None, *, note_check: bool = True) -> Result:
	"""Writes what is new in the news. Must be the first in its transaction, since it locks the order and then
	reads; see `core.transactions`. Validations are not run; Desk sees `modified` change. Nothing is written
	where nothing is new.

	:param sales_order: its name, if the caller knows it.
	:param note_check: write down when the order was looked at, even if nothing is new. Webhooks, which nobody
		asked for, do so only along with something else.
	"""
	field, value = ("name", sales_order) if sales_order else (ORDER_ID, snapshot.order_id)
	row = statements.locked_row(DOCTYPE, ["name", *FIELDS], field, value)
	if not row or row[ORDER_ID] != snapshot.order_id:
		return Result(Outcome.UNKNOWN_ORDER)
	if is_stale(row, snapshot):
		return Result(Outcome.STALE, row["name"], row[STATUS])
	return _write(row["name"], row, snapshot, note_check)


def reopen(sales_order: str, updated_at: datetime | None) -> bool:
	"""Has the next refresh request the state of an order again, if nothing newer is known of it. The caller
	commits.

	:param updated_at: when the order last changed at Shopify, as a webhook says; aware.
	:returns: whether it is to be requested.
	"""
	if not updated_at or frappe.db.get_value(DOCTYPE, sales_order, UPDATED_AT) != stored_utc(updated_at):
		return False
	frappe.db.set_value(DOCTYPE, sales_order, CHECKED_AT, None, update_modified=False)
	return True


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
		statements.update(DOCTYPE, name, {**changed, **checked, **(_modified() if visible else {})})
	if changed.get(STATUS) == CANCELLED:
		note_cancelled_order(name)
	outcome = Outcome.UPDATED if visible else Outcome.UNCHANGED
	return Result(outcome, name, changed.get(STATUS, row[STATUS]), needs_refresh=snapshot.may_hide_detail)


def _modified() -> dict[str, Any]:
	return {"modified": frappe.utils.now(), "modified_by": frappe.session.user}

"""Writes snapshots of orders to their Sales Orders. The snapshots may arrive in any order.

Contract: "Sales Order Status Fields (Exoceuticals)", "Supported Topics", "poll_exoceuticals_status".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import frappe
from frappe import _

from medgrid.core.bulk import stamps_of_update
from medgrid.core.clock import stored_utc, stored_utc_now
from medgrid.exoceuticals.fulfillment.changes import (
	CHECKED_AT,
	DOCTYPE,
	FIELDS,
	ORDER_ID,
	SHIPMENTS,
	STATUS,
	UPDATED_AT,
	VERSION,
	Version,
	changes,
	exceeds_bounds,
	is_stale,
	version,
)
from medgrid.exoceuticals.fulfillment.fulfillments import MAX_STORED, MAX_STORED_LABELS
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.cancellations import note_cancelled_order
from medgrid.http_client.partial_reading import in_words
from medgrid.issues.records import ADMINISTRATOR, NOBODY, Subject, open_issue, settle_issue
from medgrid.webhooks import statements


class SnapshotOutcome(str, Enum):
	"""How a snapshot affected its Sales Order. The values are options of Integration Event's `outcome`."""

	UPDATED = "Updated"
	UNCHANGED = "Unchanged"
	# The snapshot is older than the known state, or the order is known to be cancelled.
	STALE = "Stale"
	UNKNOWN_ORDER = "Unknown Order"


@dataclass(frozen=True)
class SnapshotResult:
	"""The result of `apply`.

	:param sales_order: the name of the Sales Order; None for an unknown order.
	:param status: its new `exoceuticals_status`.
	:param needs_refresh: the status may be incomplete, and GraphQL has the details.
	"""

	outcome: SnapshotOutcome
	sales_order: str | None = None
	status: str | None = None
	needs_refresh: bool = False


def known_version(sales_order: str) -> Version | None:
	"""Reads the version of a Sales Order's state before Shopify is asked; None: there is no such order."""
	row = frappe.db.get_value(DOCTYPE, sales_order, list(VERSION), as_dict=True)
	return version(row) if row else None


def apply(
	snapshot: OrderSnapshot,
	sales_order: str | None = None,
	*,
	note_check: bool = True,
	asked_of: Version | None = None,
) -> SnapshotResult:
	"""Writes what a snapshot changes to its Sales Order. It must be the first statement of its transaction,
	since it locks the order before it reads; see `core.transactions`. It runs no validations. It changes
	`modified` only along with a field that people see. The caller commits.

	:param sales_order: the name of the Sales Order; None: find it by the order's id.
	:param note_check: also set `exoceuticals_checked_at` if nothing changed. Webhooks pass False.
	:param asked_of: for an answer of Shopify: the version that was known when it was requested. If nothing
		was written since, what Shopify says now replaces what a webhook said.
	"""
	field, value = ("name", sales_order) if sales_order else (ORDER_ID, snapshot.order_id)
	row = statements.lock_by_field(DOCTYPE, ["name", "modified", *FIELDS], field, value)
	if not row or row[ORDER_ID] != snapshot.order_id:
		return SnapshotResult(SnapshotOutcome.UNKNOWN_ORDER)
	_note_problems(row["name"], snapshot, is_answer=asked_of is not None)
	if version(row) != asked_of and is_stale(row, snapshot):
		return SnapshotResult(SnapshotOutcome.STALE, row["name"], row[STATUS])
	return _write(row["name"], row, snapshot, note_check)


def reopen(sales_order: str, updated_at: datetime | None) -> bool:
	"""Marks an order so that the next refresh requests its state again, unless a later state is known. The
	caller commits.

	:param updated_at: when the order last changed in Shopify, from a webhook; aware.
	:returns: whether the order is marked.
	"""
	if not updated_at or frappe.db.get_value(DOCTYPE, sales_order, UPDATED_AT) != stored_utc(updated_at):
		return False
	mark_pending(sales_order)
	return True


def mark_pending(sales_order: str) -> None:
	"""Marks an order so that the next refresh requests its state. The caller commits."""
	frappe.db.set_value(DOCTYPE, sales_order, CHECKED_AT, None, update_modified=False)


def find_and_mark_pending(order_id: str) -> str | None:
	"""Does the same for an order of Shopify's. It must be the first statement of its transaction.

	:param order_id: the order's GID.
	:returns: the name of its Sales Order; None: there is none.
	"""
	row = statements.lock_by_field(DOCTYPE, ["name"], ORDER_ID, order_id)
	if row:
		mark_pending(row["name"])
	return row["name"] if row else None


def note_checked(sales_orders: list[str]) -> None:
	"""Records that the state of Sales Orders was requested now and had not changed. The caller commits."""
	if sales_orders:
		filters = {"name": ("in", sales_orders)}
		frappe.db.set_value(DOCTYPE, filters, CHECKED_AT, stored_utc_now(), update_modified=False)


def _write(name: str, row: Mapping[str, Any], snapshot: OrderSnapshot, note_check: bool) -> SnapshotResult:
	changed = changes(row, snapshot)
	visible = changed.keys() - {UPDATED_AT}
	is_incomplete = snapshot.may_hide_detail or not snapshot.status
	if changed or note_check or is_incomplete:
		# None: the next refresh or reconciliation requests the details.
		checked = {CHECKED_AT: None if is_incomplete else stored_utc_now()}
		statements.update(DOCTYPE, name, {**changed, **checked, **(stamps_of_update() if visible else {})})
	if changed.get(STATUS, row[STATUS]) == CANCELLED and changed.keys() & {STATUS, SHIPMENTS}:
		note_cancelled_order(name)
	if SHIPMENTS in changed and exceeds_bounds(row, snapshot):
		_open_too_many(name)
	outcome = SnapshotOutcome.UPDATED if visible else SnapshotOutcome.UNCHANGED
	return SnapshotResult(
		outcome, name, changed.get(STATUS, row[STATUS]), needs_refresh=snapshot.may_hide_detail
	)


def _note_problems(sales_order: str, snapshot: OrderSnapshot, *, is_answer: bool) -> None:
	"""Opens the issue of an order of which something cannot be read, and settles it once Shopify answers with
	an order that can be read."""
	subject = Subject("exoceuticals", "unreadable_fields", reference=(DOCTYPE, sales_order))
	if not snapshot.problems:
		if is_answer:
			settle_issue(subject)
		return
	must_act = is_answer and not snapshot.has_readable_tracking
	open_issue(
		subject,
		title=_("Exoceuticals: not all of {0}'s order can be read").format(sales_order),
		detail=_("MedGrid stored the fields that it can read. It cannot read: {0}.").format(
			in_words(snapshot.problems)
		),
		who_acts=ADMINISTRATOR if must_act else NOBODY,
		what_to_do=_("Compare the status and the tracking with the order in Shopify's Admin.")
		if must_act
		else _("MedGrid asks Shopify for the order again."),
	)


def _open_too_many(sales_order: str) -> None:
	open_issue(
		Subject("exoceuticals", "too_many_fulfillments", reference=(DOCTYPE, sales_order)),
		title=_("Exoceuticals: {0} has more shipments than MedGrid stores").format(sales_order),
		detail=_("MedGrid stores the newest {0} shipments, with {1} tracking numbers.").format(
			MAX_STORED, MAX_STORED_LABELS
		),
		who_acts=NOBODY,
		what_to_do=_("Shopify's Admin shows all of them."),
	)

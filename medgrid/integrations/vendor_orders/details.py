"""One order of a vendor, with its recorded history, the oldest event first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_text
from medgrid.core.site_time import utc_text
from medgrid.integrations.shipstation.order_records import DOCTYPE
from medgrid.integrations.vendor_orders import listing, words

# Integration Issues that say why an order did not go out, or must not be shipped. Others are for
# administrators.
ISSUES = ("shipstation/push", "shipstation/changed_order", "shipstation/do_not_ship")
FIELDS = (*listing.FIELDS, "creation", "first_failed_at", "acknowledged_at", "acknowledged_by")
# The most of each kind: an order that fails and is retried for months would have more.
MOST = 50


@dataclass(frozen=True)
class HistoryEntry:
	"""
	:ivar at: in UTC, `YYYY-MM-DD HH:MM:SS`.
	:ivar sentence: what happened, in the reader's language as far as MedGrid says it.
	"""

	at: str
	sentence: str


def details(supplier: str, sales_order: str) -> dict[str, Any] | None:
	"""Describes one order of a vendor.

	:returns: as an entry of `listing.page`, and `history`, a list of Event, the oldest first; None: the
		vendor has no such order.
	"""
	filters = {"supplier": supplier, "sales_order": sales_order}
	record = frappe.db.get_value(DOCTYPE, filters, FIELDS, as_dict=True)
	if not record:
		return None
	entry = listing.entry_of(supplier, record)
	return {**entry, "history": history(record, entry)}


def history(record: Any, entry: dict[str, Any]) -> list[HistoryEntry]:
	"""What is on record of an order, the oldest first.

	:param record: with the fields of FIELDS.
	:param entry: of `listing.page`.
	"""
	found = [
		HistoryEntry(utc_text(record.creation) or "", _("The order is due for you.")),
		*_attempts(record, entry),
		*_troubles(record.name),
		*_parcels(record.name),
		*_actions(record.name),
	]
	if record.acknowledged_at and record.acknowledged_by:
		sentence = _("{0} has said that you do not ship it.").format(record.acknowledged_by)
		found.append(_event(record.acknowledged_at, sentence))
	if record.since:
		state = words.states()[entry["state"]]
		found.append(_event(record.since, _("Status since then: {0}.").format(state)))
	# What happened in one second stays in the order above: the state comes last.
	return sorted(found, key=lambda event: event.at)


def _attempts(record: Any, entry: dict[str, Any]) -> list[HistoryEntry]:
	found = []
	if record.first_failed_at:
		found.append(
			_event(record.first_failed_at, _("It could not be sent. MedGrid tries again by itself."))
		)
	if record.pushed_at:
		number = entry["shipstation_order_id"]
		sentence = _("It is in ShipStation, as {0}.").format(number) if number else _("It is in ShipStation.")
		found.append(_event(record.pushed_at, sentence))
	return found


def _troubles(name: str) -> list[HistoryEntry]:
	rows = frappe.get_all(
		"Integration Issue",
		filters={"reference_doctype": DOCTYPE, "reference_name": name, "issue_type": ("in", ISSUES)},
		fields=["creation", "detail", "settled_at"],
		order_by="creation desc",
		limit=MOST,
	)
	begun = [HistoryEntry(utc_text(row.creation) or "", row.detail) for row in rows if row.detail]
	settled = [_event(row.settled_at, _("The trouble is over.")) for row in rows if row.settled_at]
	return begun + settled


def _parcels(name: str) -> list[HistoryEntry]:
	rows = frappe.get_all(
		listing.PARCEL,
		filters={"parent": name, "parenttype": DOCTYPE, "tracking_number": ("is", "set")},
		fields=["created_at", "tracking_number"],
		order_by="idx asc",
		limit=MOST,
	)
	sentence = _("A label was bought: {0}.")
	return [_event(row.created_at, sentence.format(row.tracking_number)) for row in rows if row.created_at]


def _actions(name: str) -> list[HistoryEntry]:
	"""What people did with the order, as MedGrid wrote it on its record."""
	rows = frappe.get_all(
		"Comment",
		filters={"reference_doctype": DOCTYPE, "reference_name": name, "comment_type": "Info"},
		fields=["creation", "content"],
		order_by="creation desc",
		limit=MOST,
	)
	return [HistoryEntry(utc_text(row.creation) or "", row.content) for row in rows if row.content]


def _event(moment: datetime | str, sentence: str) -> HistoryEntry:
	return HistoryEntry(stored_utc_text(moment) or "", sentence)

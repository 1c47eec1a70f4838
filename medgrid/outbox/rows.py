"""Which rows of a Sales Order were sent where. The records of all destinations say so; each destination asks
here, with the Sales Order's row locked, so that no row is sent to two of them.

An order that amends another one has the goods of that one: what somebody has, or may have, of the original
counts as sent until it is taken over, or cancelled there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import frappe

from medgrid.orders.amendments import amended_rows, originals
from medgrid.orders.shippers import items_sold_by_store, vendors_of
from medgrid.outbox.states import LABELS, OPEN, State, WhoActs
from medgrid.outbox.store_shipments import has_shipped

STORE, VENDORS = "Exoceuticals Order", "ShipStation Order"
_OPEN = [LABELS[state] for state in OPEN]
# What `may_have` reads.
MAY_HAVE = ("status", "shipstation_order_id", "claim")
# `exoceuticals_status` of a Sales Order whose order is cancelled in Shopify.
CANCELLED_AT_STORE = "Cancelled"
# What `is_free_at_store` reads.
AT_STORE = ("exoceuticals_status", "exoceuticals_fulfillments", "exoceuticals_tracking_number")


@dataclass(frozen=True)
class Sent:
	"""Rows that another system has, or may have.

	:param supplier: the vendor.
	:param rows: the names of the Sales Order's rows.
	:param original: the order that this one amends and of which they have the rows; None: they have this one.
	"""

	supplier: str | None
	rows: tuple[str, ...]
	original: str | None = None


def may_have(row: Any) -> bool:
	"""Whether a vendor's ShipStation account has an order, or may have it.

	:param row: of ShipStation Order, with MAY_HAVE.
	"""
	is_in_doubt = row.status == LABELS[State.FAILED] and row.claim
	return bool(row.shipstation_order_id or row.status in _OPEN or is_in_doubt)


def may_ship(row: Any) -> bool:
	"""As `may_have`, of a Sales Order that is not cancelled. A cancelled record of it is cancelled in
	ShipStation: by the vendor, or by MedGrid, because no row was left.

	:param row: of ShipStation Order, with MAY_HAVE.
	"""
	return may_have(row) and row.status != LABELS[State.CANCELLED]


def sent_to_vendors(document: Any) -> list[Sent]:
	"""The rows that vendors' ShipStation accounts have, or may have.

	:param document: a submitted Sales Order document.
	"""
	found = [sent for sent, row in _at_vendors(document.name) if may_ship(row)]
	return found or _sent_without_record(document)


def _sent_without_record(document: Any) -> list[Sent]:
	"""What release 0.1, or another system, has sent of a Sales Order: each vendor's rows."""
	if not document.get("shipstation_order_id") or has_vendor_records(document.name):
		return []
	vendors = vendors_of(document)
	return [
		Sent(supplier, tuple(row for row, each in vendors.items() if each == supplier))
		for supplier in dict.fromkeys(vendors.values())
	]


def has_vendor_records(sales_order: str) -> bool:
	"""Whether there is a ShipStation Order of a Sales Order."""
	return bool(frappe.db.exists(VENDORS, {"sales_order": sales_order}))


def held_by_vendors(document: Any, *, with_unrecorded: bool) -> list[Sent]:
	"""The rows that vendors may ship for the orders that a Sales Order amends.

	:param document: a Sales Order document.
	:param with_unrecorded: also those of orders that MedGrid did not send. Nobody tells it when such an order
		is cancelled; the vendor's own sync looks for it in ShipStation.
	"""
	found, chain = [], _originals(document)
	# What an amended order has taken over is no more its original's.
	taken = {"sales_order": ("in", [document.name, *chain]), "shipstation_order_id": ("is", "set")}
	recorded = set(frappe.get_all(VENDORS, taken, pluck="shipstation_order_id")) if chain else set()
	for original in chain:
		held = [sent for sent, row in _at_vendors(original) if not _is_over(row)]
		if with_unrecorded:
			before = frappe.get_doc("Sales Order", original)
			held += [] if before.get("shipstation_order_id") in recorded else _sent_without_record(before)
		for sent in held:
			rows = amended_rows(original, document.name, sent.rows)
			found.append(replace(sent, rows=tuple(rows.values()), original=original))
	return found


def _is_over(row: Any) -> bool:
	"""Whether a vendor's order is cancelled in ShipStation, or the vendor says not to ship it."""
	is_settled = row.acknowledged_at or row.who_acts == WhoActs.NOBODY.value
	return bool(row.status == LABELS[State.CANCELLED] and is_settled)


def _at_vendors(sales_order: str) -> Iterator[tuple[Sent, Any]]:
	fields = ["supplier", "lines", "who_acts", "acknowledged_at", *MAY_HAVE]
	for row in frappe.get_all(VENDORS, {"sales_order": sales_order}, fields, order_by="creation asc"):
		if may_have(row):
			yield Sent(row.supplier, tuple(json.loads(row.lines or "[]"))), row


def sent_to_store(document: Any) -> set[str]:
	"""The names of the rows that Exoceuticals has, or may have, for this order or for those that it amends.

	:param document: a Sales Order document.
	"""
	found = _at_store(document)
	for original in _originals(document):
		before = frappe.get_doc("Sales Order", original)
		if not is_free_at_store(before) and (rows := _at_store(before)):
			found |= set(amended_rows(original, document.name, rows).values())
	return found


def is_free_at_store(order: Any) -> bool:
	"""Whether Exoceuticals ships nothing of an order any more, and has shipped nothing: it has cancelled the
	order. Of an order that was cancelled after parts of it were shipped, nobody else gets the rows.

	:param order: a Sales Order with AT_STORE.
	"""
	status, shipments, number = (order.get(field) for field in AT_STORE)
	return status == CANCELLED_AT_STORE and not has_shipped(shipments, number)


def _at_store(document: Any) -> set[str]:
	fields = ["lines", "status", "order_id"]
	record = frappe.db.get_value(STORE, {"sales_order": document.name}, fields, as_dict=True)
	if record and not record.order_id and record.status not in _OPEN:
		record = None
	if record and record.lines:
		return set(json.loads(record.lines))
	if not record and not document.get("exoceuticals_order_id"):
		return set()
	# Release 0.1, or another system, sent the order: all that Exoceuticals sells.
	sold = items_sold_by_store({row.item_code for row in document.items})
	return {row.name for row in document.items if row.item_code in sold}


def _originals(document: Any) -> list[str]:
	return originals(document.name) if document.get("amended_from") else []

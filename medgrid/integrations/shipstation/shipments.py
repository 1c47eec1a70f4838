"""Compares ShipStation's shipments with those stored on ShipStation Orders, and writes the changes in
chunks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import frappe

from medgrid.clients.shipstation.models import Shipment
from medgrid.core.transactions import in_transaction
from medgrid.integrations.shipstation import delivery_notes
from medgrid.integrations.shipstation.order_records import LABELS, OUTBOX
from medgrid.outbox import records
from medgrid.outbox.states import State

RECORD, ROW = "ShipStation Order", "ShipStation Shipment"
CHUNK = 100
# The stored fields of a shipment; a record is written if one of COMPARED differs.
COMPARED = ("tracking_number", "carrier_code", "service_code", "voided")
STORED = ("shipment_id", *COMPARED, "ship_date", "created_at")


@dataclass(frozen=True)
class OpenPush:
	"""A pushed order whose tracking may still change; `pushed_at` is in the site's time zone."""

	name: str
	sales_order: str
	order_id: str
	pushed_at: datetime


def apply_shipments(answers: Sequence[tuple[OpenPush, list[Shipment]]]) -> int:
	"""Updates records and their Delivery Notes with ShipStation's shipments, in chunks. Commits.

	A stored shipment that is not in an answer stays: only a voided shipment stops counting.

	:param answers: orders with some of their shipments, including voided ones.
	:returns: the number of orders whose tracking number is new or has changed.
	"""
	return sum(_apply_chunk(answers[start : start + CHUNK]) for start in range(0, len(answers), CHUNK))


def _apply_chunk(answers: Sequence[tuple[OpenPush, list[Shipment]]]) -> int:
	# The records are committed before any note is written: a note may show the numbers of several vendors.
	numbers = in_transaction(partial(_write_changed, answers))
	for sales_order, (old, _new) in numbers.items():
		delivery_notes.apply_tracking(sales_order, before_number=old)
	return sum(bool(new) and new != old for old, new in numbers.values())


def _write_changed(
	answers: Sequence[tuple[OpenPush, list[Shipment]]],
) -> dict[str, tuple[str | None, str | None]]:
	"""Writes the records that differ.

	:returns: Sales Order -> its tracking number before and now.
	"""
	stored = _stored([push.name for push, _shipments in answers])
	changed = [
		(push, shipments)
		for push, shipments in answers
		if _merged(stored.get(push.name, {}), shipments) != stored.get(push.name, {})
	]
	return {push.sales_order: _write(push, shipments) for push, shipments in changed}


def _stored(names: list[str]) -> dict[str, dict[str, tuple]]:
	"""Record -> shipment id -> the compared values."""
	rows = frappe.get_all(ROW, filters={"parent": ("in", names)}, fields=["parent", "shipment_id", *COMPARED])
	stored: dict[str, dict[str, tuple]] = {}
	for row in rows:
		stored.setdefault(row.parent, {})[row.shipment_id] = _compared(row)
	return stored


def _merged(stored: dict[str, tuple], shipments: list[Shipment]) -> dict[str, tuple]:
	return {**stored, **{shipment.shipmentId: _compared(_row(shipment)) for shipment in shipments}}


def _compared(row: dict) -> tuple:
	return tuple(row[name] or "" for name in COMPARED)


def _write(push: OpenPush, shipments: list[Shipment]) -> tuple[str | None, str | None]:
	"""Writes one record, locked.

	:returns: its tracking number before and now.
	"""
	fields = ["status", "tracking_number", "shipped_at"]
	record = frappe.db.get_value(RECORD, push.name, fields, as_dict=True, for_update=True)
	rows = _rows_of(push.name, shipments)
	newest = next((row for row in reversed(rows) if row["tracking_number"] and not row["voided"]), None)
	_replace_rows(push.name, rows)
	number = newest["tracking_number"] if newest else None
	values = {
		"tracking_number": number,
		"carrier_code": newest["carrier_code"] if newest else None,
		"shipped_at": (record.shipped_at or frappe.utils.now_datetime()) if newest else None,
	}
	state = State.SHIPPED if newest else State.SENT
	if newest and record.status == LABELS[State.DELIVERED] and record.tracking_number == number:
		state = State.DELIVERED
	records.advance(OUTBOX, push.name, state, values)
	return record.tracking_number or None, number


def _rows_of(parent: str, shipments: list[Shipment]) -> list[dict]:
	"""The rows of all shipments of a record, stored and new, the newest last."""
	stored = frappe.get_all(ROW, filters={"parent": parent}, fields=list(STORED), order_by="idx asc")
	rows = {row.shipment_id: dict(row) for row in stored}
	rows |= {shipment.shipmentId: _row(shipment) for shipment in shipments}
	return sorted(rows.values(), key=_when_made)


def _when_made(row: dict) -> tuple:
	made = frappe.utils.get_datetime(row["created_at"]) if row["created_at"] else datetime.min
	return made, len(row["shipment_id"]), row["shipment_id"]


def _row(shipment: Shipment) -> dict:
	zone = ZoneInfo(frappe.utils.get_system_timezone())
	made = shipment.createDate
	return {
		"shipment_id": shipment.shipmentId,
		# A return label's number does not track the delivery to the customer.
		"tracking_number": None if shipment.isReturnLabel else shipment.trackingNumber,
		"carrier_code": shipment.carrierCode,
		"service_code": shipment.serviceCode,
		"voided": int(bool(shipment.voided)),
		"ship_date": shipment.shipDate,
		"created_at": made.astimezone(zone).replace(tzinfo=None) if made else None,
	}


def _replace_rows(parent: str, rows: list[dict]) -> None:
	frappe.db.delete(ROW, {"parent": parent})
	place = {"parent": parent, "parenttype": RECORD, "parentfield": "shipments"}
	moment, user = frappe.utils.now(), frappe.session.user
	stamps = {"creation": moment, "modified": moment, "owner": user, "modified_by": user}
	documents = [
		{"name": frappe.generate_hash(length=10), **place, "idx": index, **stamps, **row}
		for index, row in enumerate(rows, 1)
	]
	if documents:
		values = [list(document.values()) for document in documents]
		frappe.db.bulk_insert(ROW, list(documents[0]), values)

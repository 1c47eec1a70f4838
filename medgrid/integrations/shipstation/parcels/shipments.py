"""Compares ShipStation's shipments with those stored on ShipStation Orders, and writes the changes in
chunks."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shipstation.limits import MAX_SHIPMENTS
from medgrid.clients.shipstation.shipments import Shipment
from medgrid.core.bulk import insert_rows, write_each
from medgrid.core.clock import stored_utc, stored_utc_now
from medgrid.integrations.shipstation.order_records import LABELS, OUTBOX
from medgrid.integrations.shipstation.parcels import delivery_notes
from medgrid.integrations.shipstation.parcels.open_pushes import OpenPush
from medgrid.outbox import records
from medgrid.outbox.states import State

RECORD, ROW = "ShipStation Order", "ShipStation Shipment"
# The stored fields of a shipment; a record is written if one of COMPARED differs.
COMPARED = ("tracking_number", "carrier_code", "service_code", "ship_date", "voided", "quantities")
# What `delivery_notes` writes.
NOTED = ("delivery_note", "noted_number", "is_note_made")
STORED = ("shipment_id", *COMPARED, "created_at", *NOTED)

Answer = tuple[OpenPush, list[Shipment]]
# By shipment id.
Rows = dict[str, dict[str, Any]]


def apply_shipments(
	answers: Sequence[Answer], note_problem: Callable[[str], None] = lambda sentence: None
) -> int:
	"""Updates records and their Delivery Notes with ShipStation's shipments, in chunks. Commits.

	A stored shipment that is not in an answer stays: only a voided shipment stops counting. An order whose
	shipments cannot be stored does not prevent the others.

	:param answers: orders with some of their shipments, including voided ones.
	:param note_problem: is called with a sentence for each order with a problem.
	:returns: the number of orders whose tracking number is new or has changed.
	"""
	numbers: dict[str, tuple[str | None, str | None]] = {}
	over: set[str] = set()

	def write(chunk: Sequence[Answer]) -> None:
		over.update(_over_bound(chunk))
		numbers.update(_write_changed(chunk))

	# The records are committed before any note is written: a note may show the numbers of several vendors.
	for push, _shipments in write_each(answers, write, what="shipments of orders"):
		numbers.pop(push.sales_order, None)
		note_problem(
			_("{0}: its shipments could not be stored. The next sync tries again.").format(push.sales_order)
		)
	for sales_order in sorted(over):
		sentence = _("{0}: ShipStation has more than {1} shipments. MedGrid keeps the newest.")
		note_problem(sentence.format(sales_order, MAX_SHIPMENTS))
	for sales_order in numbers:
		delivery_notes.apply_tracking(sales_order)
	return sum(bool(new) and new != old for old, new in numbers.values())


def _over_bound(answers: Sequence[Answer]) -> set[str]:
	"""The Sales Orders with more shipments than MedGrid stores."""
	return {push.sales_order for push, shipments in answers if len(shipments) > MAX_SHIPMENTS}


def _write_changed(answers: Sequence[Answer]) -> dict[str, tuple[str | None, str | None]]:
	"""Writes the records that differ.

	:returns: Sales Order -> its tracking number before and now.
	"""
	stored = _stored([push.name for push, _shipments in answers])
	changed = [
		(push, shipments)
		for push, shipments in answers
		if _differs(stored.get(push.name, {}), _merged(stored.get(push.name, {}), shipments))
	]
	return {push.sales_order: _write(push, shipments) for push, shipments in changed}


def _stored(names: list[str]) -> dict[str, Rows]:
	"""Record -> its stored shipments."""
	rows = frappe.get_all(
		ROW, filters={"parent": ("in", names)}, fields=["parent", *STORED], order_by="idx asc"
	)
	stored: dict[str, Rows] = {}
	for row in rows:
		stored.setdefault(row.parent, {})[row.shipment_id] = {name: row[name] for name in STORED}
	return stored


def _merged(stored: Rows, shipments: list[Shipment]) -> Rows:
	"""The shipments to store, the newest last: of more than MAX_SHIPMENTS those with a valid number first,
	then the newest."""
	rows = {**stored, **{each.shipmentId: _row(each, stored.get(each.shipmentId)) for each in shipments}}
	kept = sorted(rows.values(), key=lambda row: (_is_valid(row), _when_made(row)))[-MAX_SHIPMENTS:]
	return {row["shipment_id"]: row for row in sorted(kept, key=_when_made)}


def _differs(stored: Rows, wanted: Rows) -> bool:
	return {key: _compared(row) for key, row in stored.items()} != {
		key: _compared(row) for key, row in wanted.items()
	}


def _is_valid(row: dict[str, Any]) -> bool:
	return bool(row["tracking_number"] and not row["voided"])


def _compared(row: dict) -> tuple:
	return tuple(str(row[name] or "") for name in COMPARED)


def _write(push: OpenPush, shipments: list[Shipment]) -> tuple[str | None, str | None]:
	"""Writes one record, locked.

	:returns: its tracking number before and now.
	"""
	fields = ["status", "tracking_number", "shipped_at"]
	record = frappe.db.get_value(RECORD, push.name, fields, as_dict=True, for_update=True)
	rows = list(_merged(_stored([push.name]).get(push.name, {}), shipments).values())
	newest = next((row for row in reversed(rows) if _is_valid(row)), None)
	_replace_rows(push.name, rows)
	number = newest["tracking_number"] if newest else None
	values = {
		"tracking_number": number,
		"carrier_code": newest["carrier_code"] if newest else None,
		"service_code": newest["service_code"] if newest else None,
		"ship_date": newest["ship_date"] if newest else None,
		"shipped_at": (record.shipped_at or stored_utc_now()) if newest else None,
	}
	state = State.SHIPPED if newest else State.SENT
	if newest and record.status == LABELS[State.DELIVERED] and record.tracking_number == number:
		state = State.DELIVERED
	records.advance(OUTBOX, push.name, state, values)
	return record.tracking_number or None, number


def _when_made(row: dict) -> tuple:
	made = frappe.utils.get_datetime(row["created_at"]) if row["created_at"] else datetime.min
	return made, len(row["shipment_id"]), row["shipment_id"]


def _row(shipment: Shipment, stored: dict[str, Any] | None) -> dict[str, Any]:
	"""
	:param stored: what is stored of the label.
	"""
	made, inside = shipment.createDate, shipment.quantities()
	before = stored or {}
	return {
		"shipment_id": shipment.shipmentId,
		# A return label's number does not track the delivery to the customer.
		"tracking_number": None if shipment.isReturnLabel else shipment.trackingNumber,
		"carrier_code": shipment.carrierCode,
		"service_code": shipment.serviceCode,
		"voided": int(bool(shipment.voided)),
		"ship_date": shipment.shipDate,
		"quantities": json.dumps(inside, sort_keys=True) if inside else before.get("quantities"),
		"created_at": stored_utc(made) if made else None,
		"delivery_note": before.get("delivery_note"),
		"noted_number": before.get("noted_number"),
		"is_note_made": before.get("is_note_made") or 0,
	}


def _replace_rows(parent: str, rows: list[dict]) -> None:
	frappe.db.delete(ROW, {"parent": parent})
	place = {"parent": parent, "parenttype": RECORD, "parentfield": "shipments"}
	insert_rows(ROW, [{**place, "idx": index, **row} for index, row in enumerate(rows, 1)])

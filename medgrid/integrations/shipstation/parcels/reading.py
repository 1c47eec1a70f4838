"""Reads what `assignment` decides on: the parcels and the Delivery Notes of a Sales Order."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

import frappe

from medgrid.integrations.shipstation.parcels.assignment import Note, Parcel, VendorParcels
from medgrid.integrations.shipstation.parcels.tracking_text import numbers_in

RECORD, ROW = "ShipStation Order", "ShipStation Shipment"
# Nothing more is delivered of orders in these states.
FINISHED = ("Closed", "Completed", "Cancelled")


def parcels_of(sales_order: str) -> list[VendorParcels]:
	"""The parcels of each vendor of a Sales Order who has some, the vendor who shipped last at the end."""
	fields = ["name", "supplier", "status", "delivery_note", "lines", "tracking_number", "carrier_code"]
	records = frappe.get_all(
		RECORD, {"sales_order": sales_order}, fields, order_by="shipped_at asc, name asc"
	)
	rows: dict[str, list[Any]] = defaultdict(list)
	for row in frappe.get_all(
		ROW,
		{"parent": ("in", [record.name for record in records]), "parenttype": RECORD},
		[
			"parent",
			"shipment_id",
			"tracking_number",
			"carrier_code",
			"voided",
			"delivery_note",
			"noted_number",
			"quantities",
			"is_note_made",
		],
		order_by="idx asc",
	):
		rows[row.parent].append(row)
	vendors = [_vendor(record, rows[record.name]) for record in records]
	return [vendor for vendor in vendors if vendor.parcels and vendor.lines]


def notes_of(sales_order: str, lines: Collection[str]) -> list[Note]:
	"""The submitted Delivery Notes with some rows of a Sales Order, the oldest first; returns are none."""
	note, row = frappe.qb.DocType("Delivery Note"), frappe.qb.DocType("Delivery Note Item")
	rows = (
		frappe.qb.from_(row)
		.join(note)
		.on(note.name == row.parent)
		.select(note.name, note.lr_no, row.so_detail, row.stock_qty)
		.where((row.against_sales_order == sales_order) & row.so_detail.isin(list(lines)))
		.where((note.docstatus == 1) & (note.is_return == 0))
		.orderby(note.creation)
		.orderby(note.name)
		.run(as_dict=True)
	)
	texts = {each.name: each.lr_no for each in rows}
	return [
		Note(name, quantities_of(each for each in rows if each.name == name), numbers_in(text))
		for name, text in texts.items()
	]


def quantities_of(rows: Iterable[Any]) -> dict[str, Decimal]:
	"""The quantities of a Delivery Note's rows, in the stock UOM, by row of the Sales Order."""
	found: dict[str, Decimal] = {}
	for row in rows:
		found[row.so_detail] = found.get(row.so_detail, Decimal()) + _exact(row.stock_qty)
	return found


def undelivered(sales_order: str, lines: Collection[str], notes: Iterable[Note]) -> set[str]:
	"""The rows of a Sales Order with a quantity that no note delivers yet."""
	if frappe.db.get_value("Sales Order", sales_order, "status") in FINISHED:
		return set()
	noted: dict[str, Decimal] = {}
	for note in notes:
		for row, quantity in note.quantities.items():
			noted[row] = noted.get(row, Decimal()) + quantity
	fields = ["name", "stock_qty", "delivered_qty", "conversion_factor"]
	rows = frappe.get_all("Sales Order Item", {"parent": sales_order, "name": ("in", list(lines))}, fields)
	return {row.name for row in rows if _exact(row.stock_qty) > max(noted.get(row.name, 0), _delivered(row))}


def _delivered(row: Any) -> Decimal:
	return _exact(row.delivered_qty) * _exact(row.conversion_factor or 1)


def _vendor(record: Any, rows: list[Any]) -> VendorParcels:
	lines = frozenset(json.loads(record.lines or "[]"))
	parcels = [_parcel(row, lines) for row in rows]
	carriers = {row.shipment_id: row.carrier_code for row in rows if row.carrier_code}
	if not rows and record.tracking_number:
		# Release 0.1 stored the number only.
		note, number = record.delivery_note or None, record.tracking_number
		parcels = [Parcel("", number, note=note, noted=number if note else None)]
		carriers = {"": record.carrier_code} if record.carrier_code else {}
	return VendorParcels(
		record.name,
		record.supplier,
		record.status,
		record.delivery_note or None,
		lines,
		tuple(parcels),
		carriers,
		frozenset(row.shipment_id for row in rows if row.is_note_made),
	)


def _parcel(row: Any, lines: Collection[str]) -> Parcel:
	# Merged orders have rows of others in their parcels, and amended ones have none of their own: ShipStation
	# goes on to name the original's.
	inside = {name: each for name, each in json.loads(row.quantities or "{}").items() if name in lines}
	return Parcel(
		key=row.shipment_id,
		number=row.tracking_number or None,
		is_voided=bool(row.voided),
		quantities={name: _exact(quantity) for name, quantity in inside.items()} if inside else None,
		note=row.delivery_note or None,
		noted=row.noted_number or None,
	)


def _exact(quantity: Any) -> Decimal:
	# Of the shortest text of a float, at the precision of quantities.
	return round(Decimal(str(quantity or 0)), 6)

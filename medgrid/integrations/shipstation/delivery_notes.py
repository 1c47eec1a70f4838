"""Tracking on Delivery Notes: `lr_no` and `transporter`. Contract: "How Tracking Pull Works".

A note may carry the lines of several vendors; then it gets the numbers of all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import frappe

from medgrid.integrations.shipstation.eligibility import vendor_of_items

# The width of `lr_no`.
MAX_LENGTH = 140


@dataclass(frozen=True)
class Tracking:
	"""What a note says of its transport."""

	lr_no: str | None
	transporter: str | None


def apply_tracking(sales_order: str, before_number: str | None) -> None:
	"""Writes the newest tracking of an order's vendors to its submitted Delivery Notes, where it differs.

	:param before_number: the number that MedGrid wrote before; it alone may be taken off again.
	"""
	for name in _submitted_notes(sales_order):
		note = frappe.get_doc("Delivery Note", name)
		wanted = tracking_of(note)
		if wanted.lr_no is None and (not before_number or before_number not in (note.lr_no or "")):
			continue
		_write(note, wanted)


def _write(note, wanted: Tracking) -> None:
	if (note.lr_no or None, note.transporter or None) == (wanted.lr_no, wanted.transporter):
		return
	values = {"lr_no": wanted.lr_no, **_transporter_values(wanted.transporter)}
	# Neither field can be changed on a submitted note in any other way.
	note.db_set(values)
	_link_records(note)


def fill_before_submit(note, event=None) -> None:
	"""`Delivery Note`'s before_submit: tracking that came before the note was there."""
	wanted = tracking_of(note)
	if wanted.lr_no:
		note.update({"lr_no": wanted.lr_no, **_transporter_values(wanted.transporter)})
		_link_records(note)


def tracking_of(note) -> Tracking:
	"""The newest number of each vendor whose lines a note carries, and the carrier of the newest of all."""
	records = _records_of(note)
	if not records:
		return Tracking(None, None)
	numbers = joined(record.tracking_number for record in records)
	return Tracking(numbers, (records[-1].carrier_code or "").upper() or None)


def _records_of(note) -> list:
	"""The shipped records of the orders and vendors that a note delivers for, the newest last."""
	vendors = vendor_of_items({row.item_code for row in note.items}, note.company)
	delivered = {(row.against_sales_order, vendors.get(row.item_code)) for row in note.items}
	orders = {order for order, _vendor in delivered if order}
	if not orders:
		return []
	records = frappe.get_all(
		"ShipStation Order",
		filters={"sales_order": ("in", list(orders)), "tracking_number": ("is", "set")},
		fields=["name", "sales_order", "supplier", "tracking_number", "carrier_code"],
		order_by="shipped_at asc, name asc",
	)
	return [record for record in records if (record.sales_order, record.supplier) in delivered]


def _link_records(note) -> None:
	for record in _records_of(note):
		frappe.db.set_value("ShipStation Order", record.name, "delivery_note", note.name)


def joined(numbers: Iterable[str]) -> str:
	"""Several numbers in one field, each once; those that do not fit are left out whole."""
	text = ""
	for number in dict.fromkeys(numbers):
		longer = f"{text}, {number}" if text else number
		if len(longer) <= MAX_LENGTH:
			text = longer
	return text


def _submitted_notes(sales_order: str) -> list[str]:
	return frappe.get_all(
		"Delivery Note Item",
		filters={"against_sales_order": sales_order, "docstatus": 1},
		pluck="parent",
		distinct=True,
	)


def _transporter_values(transporter: str | None) -> dict:
	if transporter:
		ensure_transporter(transporter)
	return {"transporter": transporter, "transporter_name": transporter}


def ensure_transporter(name: str) -> None:
	"""Makes the Supplier that `transporter` links to: a dangling link breaks the note's next save."""
	if frappe.db.exists("Supplier", name):
		return
	supplier = frappe.get_doc({"doctype": "Supplier", "supplier_name": name, "is_transporter": 1})
	supplier.supplier_group = frappe.db.get_single_value("Buying Settings", "supplier_group")
	# Under this very name, whatever series Suppliers are named by; no vendor's role may make a Supplier.
	supplier.insert(ignore_permissions=True, set_name=name)

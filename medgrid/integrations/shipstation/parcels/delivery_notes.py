"""Writes tracking to Delivery Notes: `lr_no` and `transporter`. Contract: "How Tracking Pull Works".

`assignment` says which parcel belongs to which note, `note_changes` what that changes on each. A note may
have parcels of several vendors and orders: each writes and removes its own numbers, and what people wrote
stays.
"""

from collections.abc import Collection, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import frappe
from rq.timeouts import JobTimeoutException

from medgrid.core.faults.borders import hook, job, report, report_within
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction, is_undone, locked_row
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.integrations.shipstation.parcels import carriers, note_making
from medgrid.integrations.shipstation.parcels.assignment import Note, VendorParcels, assign
from medgrid.integrations.shipstation.parcels.note_changes import Change, changes_of
from medgrid.integrations.shipstation.parcels.reading import (
	RECORD,
	ROW,
	notes_of,
	parcels_of,
	quantities_of,
	undelivered,
)
from medgrid.integrations.shipstation.parcels.tracking_text import edit, numbers_in
from medgrid.outbox.records import advance
from medgrid.outbox.states import State


def apply_tracking(sales_order: str) -> None:
	"""Assigns an order's parcels to its submitted Delivery Notes, and writes what differs. Commits.

	What fails is logged, and the next sync tries again.
	"""
	messages = list(frappe.local.message_log)
	try:
		_make_transporters(sales_order)
		in_transaction(partial(_apply, sales_order))
		note_making.queue_notes(sales_order)
	except JobTimeoutException:
		# RQ raises its time-out only once: if it were suppressed, the job could run without a limit.
		raise
	except Exception as error:
		frappe.local.message_log = messages
		report(error, f"no tracking on the Delivery Notes of {sales_order}")


def _make_transporters(sales_order: str) -> None:
	"""Creates the Suppliers for new carriers. If the site demands more of a Supplier than MedGrid knows, the
	notes have the numbers all the same. Commits."""
	for vendor in parcels_of(sales_order):
		for carrier in {vendor.carriers[each.key] for each in vendor.parcels if each.key in vendor.carriers}:
			carriers.make_transporter(vendor.supplier, carrier, sales_order)


def _apply(sales_order: str, hooked: Mapping[str, Collection[str]] | None = None) -> None:
	"""Assigns and writes, in the caller's transaction.

	:param hooked: note -> numbers that `fill_before_submit` wrote to it.
	"""
	# The first row that is locked, so that two syncs of one order's vendors come one after the other.
	locked_row("Sales Order", sales_order, ["name"])
	for vendor in parcels_of(sales_order):
		notes = notes_of(sales_order, vendor.lines)
		found = assign(vendor.parcels, notes, undelivered(sales_order, vendor.lines, notes))
		changes = changes_of(vendor, notes, found, hooked or {})
		written = [_write(vendor, name, change) for name, change in sorted(changes.items())]
		_store(vendor, found, {key for keys in written for key in keys})


def _write(vendor: VendorParcels, name: str, change: Change) -> list[str]:
	"""Writes one note.

	:returns: the keys of the parcels whose numbers it shows now and did not before.
	"""
	row = frappe.db.get_value("Delivery Note", name, ["lr_no", "transporter"], as_dict=True, for_update=True)
	edited = edit(row.lr_no, change.removed, [str(each.number) for each in change.added])
	values: dict[str, Any] = {}
	if edited.text != (row.lr_no or ""):
		values["lr_no"] = edited.text or None
	transporter = _transporter_after(vendor, change, row.transporter or None, name)
	if transporter != (row.transporter or None):
		values |= _transporter_values(transporter)
	if values:
		# On a submitted note, neither field can be changed by saving the document.
		frappe.get_doc("Delivery Note", name).db_set(values)
	return [each.key for each in change.added if each.number in edited.written]


def _transporter_after(
	vendor: VendorParcels, change: Change, before: str | None, note: str | None
) -> str | None:
	"""The transporter of a note: the carrier of its newest parcel. What somebody entered stays while the
	carrier is not known."""
	if before and not (change.added or change.removed):
		return before
	newest = change.added[-1:] or change.carried[-1:]
	if not newest:
		# The last number is taken off, and with it the carrier that came with it.
		is_own = before in {carriers.name_of(carrier) for carrier in change.gone if carrier}
		return None if change.removed and is_own else before
	carrier = vendor.carriers.get(newest[0].key)
	if not carrier:
		return before
	found = carriers.transporter_of(carrier)
	if not found and change.added and note:
		carriers.open_unknown_carrier(vendor.supplier, carrier, note)
	return found or before


def _store(vendor: VendorParcels, found: Mapping[str, str | None], written: Collection[str]) -> None:
	"""Writes onto the record which note each parcel is on."""
	for parcel in vendor.parcels:
		note = found.get(parcel.key)
		is_noted = parcel.key in written or (parcel.noted == parcel.number and parcel.note == note)
		noted = parcel.number if note and is_noted else None
		if (parcel.note, parcel.noted) == (note, noted) or not parcel.key:
			continue
		if (
			not note
			and parcel.counts
			and parcel.note
			and not frappe.db.get_value("Delivery Note", parcel.note, "docstatus")
		):
			# A draft that MedGrid made of the parcel, or one that is gone.
			continue
		key = {"parent": vendor.record, "parenttype": RECORD, "shipment_id": parcel.key}
		frappe.db.set_value(ROW, key, {"delivery_note": note, "noted_number": noted}, update_modified=False)
	valid = [each for each in vendor.parcels if each.counts]
	state = OUTBOX.state_of(vendor.status)
	if state not in (State.SHIPPED, State.DELIVERED, State.CANCELLED):
		if vendor.delivery_note and not valid:
			frappe.db.set_value(RECORD, vendor.record, "delivery_note", None)
		return
	note = found.get(valid[-1].key) if valid else None
	after = State.DELIVERED if all(found.get(each.key) for each in valid) else State.SHIPPED
	if valid and ((state is not State.CANCELLED and state is not after) or note != vendor.delivery_note):
		advance(OUTBOX, vendor.record, after, {"delivery_note": note})


@hook
def fill_before_submit(note: Any, event: str | None = None) -> None:
	"""Writes tracking that arrived before the note existed. `Delivery Note`'s before_submit hook.

	A sync may write the records at the same moment, so a job records the assignment after the note is
	submitted. If the queue loses the job, the vendor's next sync does it.
	"""
	with _recording_failure(note.name):
		added: list[str] = []
		for sales_order in _orders_of(note):
			for vendor in parcels_of(sales_order):
				added += _fill(note, sales_order, vendor)
		if added:
			enqueue_after_commit(link_parcels, queue=SHORT, note=note.name, numbers=added)


def _fill(note: Any, sales_order: str, vendor: VendorParcels) -> list[str]:
	"""
	:returns: the numbers that the note shows.
	"""
	own = [row for row in note.items if row.so_detail in vendor.lines]
	if not own:
		return []
	submitted = [each for each in notes_of(sales_order, vendor.lines) if each.name != note.name]
	this = Note(note.name, quantities_of(own), numbers_in(note.lr_no))
	notes = [*submitted, this]
	found = assign(vendor.parcels, notes, undelivered(sales_order, vendor.lines, notes))
	# What a draft of MedGrid's own says is not noted yet: it is now.
	change = changes_of(vendor, [this], found, {})[this.name]
	edited = edit(note.lr_no, change.removed, [str(each.number) for each in change.added])
	transporter = _transporter_after(vendor, change, note.transporter or None, None)
	note.lr_no = edited.text or None
	if transporter != (note.transporter or None):
		note.update(_transporter_values(transporter))
	return sorted(edited.written)


@job
def link_parcels(note: str, numbers: list[str]) -> None:
	"""Records which parcels a Delivery Note has, once it is submitted. Commits.

	:param numbers: what the note's submission wrote. If another note got one of them meanwhile, it is taken
		off this one.
	"""
	if frappe.db.get_value("Delivery Note", note, "docstatus") != 1:
		return
	for sales_order in _orders_of(frappe.get_doc("Delivery Note", note)):
		in_transaction(partial(_apply, sales_order, {note: numbers}))


@contextmanager
def _recording_failure(note: str):
	"""Undoes and logs a failure, because tracking must not prevent a note's submission. The next sync tries
	again."""
	frappe.db.savepoint("medgrid_tracking")
	messages = list(frappe.local.message_log)
	try:
		yield
	except Exception as error:
		if is_undone(error):
			# The note's submission is undone, too.
			raise
		frappe.db.rollback(save_point="medgrid_tracking")
		frappe.local.message_log = messages
		report_within(error, f"no tracking on Delivery Note {note}", goes_on=True)


def _orders_of(note: Any) -> list[str]:
	"""The Sales Orders that a note delivers; none if it is a return."""
	if note.is_return:
		return []
	return sorted({row.against_sales_order for row in note.items if row.against_sales_order})


def _transporter_values(transporter: str | None) -> dict[str, str | None]:
	return {"transporter": transporter, "transporter_name": transporter}

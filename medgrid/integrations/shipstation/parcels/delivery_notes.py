"""Writes tracking to Delivery Notes: `lr_no` and `transporter`. Contract: "How Tracking Pull Works".

A note may contain the lines of several vendors; then it gets the numbers of all of them.
"""

import json
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import frappe
from rq.timeouts import JobTimeoutException

from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import hook, job, report, report_within
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations import carriers
from medgrid.integrations.shipstation.order_records import LABELS, OUTBOX
from medgrid.outbox.records import advance
from medgrid.outbox.states import State

# The width of `lr_no`.
MAX_LENGTH = 140
# Orders that were shipped longer ago are skipped: their notes may deliver other vendors' lines only.
CATCH_UP_DAYS = 14


@dataclass(frozen=True)
class Tracking:
	"""The tracking of a Delivery Note, and the ShipStation Orders that have it.

	:param carrier: the carrier of the newest number, as ShipStation names it.
	:param supplier: the vendor who shipped with it.
	"""

	lr_no: str | None
	carrier: str | None = None
	supplier: str | None = None
	records: tuple[str, ...] = ()


def apply_tracking(sales_order: str, before_number: str | None) -> None:
	"""Writes the newest tracking of an order's vendors to its submitted Delivery Notes, if it differs.
	Commits each note.

	:param before_number: the number that MedGrid wrote earlier. If there is no tracking any more, a note's
		number is cleared only if it contains this one.
	"""
	for name in _submitted_notes(sales_order):
		messages = list(frappe.local.message_log)
		try:
			in_transaction(partial(_apply_to_note, name, before_number))
		except JobTimeoutException:
			# RQ raises its time-out only once: if it were suppressed, the job could run without a limit.
			raise
		except Exception as error:
			frappe.local.message_log = messages
			report(error, f"no tracking on Delivery Note {name}")


def catch_up(supplier: str) -> None:
	"""Applies tracking to notes that were being submitted when the tracking arrived. Commits."""
	record, row = frappe.qb.DocType("ShipStation Order"), frappe.qb.DocType("Delivery Note Item")
	since = stored_utc_now() - timedelta(days=CATCH_UP_DAYS)
	orders = (
		frappe.qb.from_(record)
		.join(row)
		.on((row.against_sales_order == record.sales_order) & (row.docstatus == 1))
		.select(record.sales_order)
		.distinct()
		.where((record.supplier == supplier) & record.tracking_number.notnull())
		.where(record.delivery_note.isnull() & (record.shipped_at >= since))
		.run(pluck=True)
	)
	for sales_order in orders:
		apply_tracking(sales_order, before_number=None)


def _apply_to_note(name: str, before_number: str | None) -> None:
	# If two vendors' syncs write at once, the second one sees what the first one has written.
	locked_row("Delivery Note", name, ["name"])
	note = frappe.get_doc("Delivery Note", name)
	wanted = tracking_of(note)
	if wanted.lr_no is None and (not before_number or before_number not in (note.lr_no or "")):
		return
	transporter = _transporter_of(wanted, name)
	if (note.lr_no or None, note.transporter or None) != (wanted.lr_no, transporter):
		# On a submitted note, neither field can be changed by saving the document.
		note.db_set({"lr_no": wanted.lr_no, **_transporter_values(transporter)})
	_link_records(wanted, note.name)


@hook
def fill_before_submit(note, event=None) -> None:
	"""Writes tracking that arrived before the note existed. `Delivery Note`'s before_submit hook.

	A sync may write the records at the same moment, so a job links the records after the note is submitted.
	If the queue loses the job, the vendor's next sync links them.
	"""
	with _recording_failure(note.name):
		wanted = tracking_of(note)
		if wanted.lr_no:
			transporter = _transporter_of(wanted, note.name)
			note.update({"lr_no": wanted.lr_no, **_transporter_values(transporter)})
			enqueue_after_commit(link_records, queue=SHORT, note=note.name)


@job
def link_records(note: str) -> None:
	"""Records on ShipStation Orders that a Delivery Note has their tracking numbers. Commits.

	:param note: the name of the Delivery Note.
	"""

	def work() -> None:
		row = locked_row("Delivery Note", note, ["docstatus"])
		if row and row.docstatus == 1:
			_link_records(tracking_of(frappe.get_doc("Delivery Note", note)), note)

	in_transaction(work)


@contextmanager
def _recording_failure(note: str):
	"""Undoes and logs a failure, because tracking must not prevent a note's submission. The next sync tries
	again."""
	frappe.db.savepoint("medgrid_tracking")
	messages = list(frappe.local.message_log)
	try:
		yield
	except Exception as error:
		frappe.db.rollback(save_point="medgrid_tracking")
		frappe.local.message_log = messages
		report_within(error, f"no tracking on Delivery Note {note}", goes_on=True)


def tracking_of(note) -> Tracking:
	"""The newest number of each vendor whose lines a note delivers, and the carrier of the newest number."""
	delivered = {row.so_detail for row in note.items if row.so_detail}
	orders = {row.against_sales_order for row in note.items if row.against_sales_order}
	if note.is_return or not orders:
		return Tracking(None)
	records = frappe.get_all(
		"ShipStation Order",
		filters={"sales_order": ("in", list(orders)), "tracking_number": ("is", "set")},
		fields=["name", "tracking_number", "carrier_code", "lines", "supplier"],
		order_by="shipped_at asc, name asc",
	)
	records = [record for record in records if delivered.intersection(json.loads(record.lines or "[]"))]
	if not records:
		return Tracking(None)
	return Tracking(
		joined(record.tracking_number for record in records),
		records[-1].carrier_code or None,
		records[-1].supplier,
		tuple(record.name for record in records),
	)


def joined(numbers: Iterable[str]) -> str:
	"""Joins numbers into one field, each number once. A number that does not fit is left out."""
	text = ""
	for number in dict.fromkeys(numbers):
		longer = f"{text}, {number}" if text else number
		if len(longer) <= MAX_LENGTH:
			text = longer
	return text


def _link_records(tracking: Tracking, note: str) -> None:
	for name in tracking.records:
		fields = ["delivery_note", "status"]
		row = frappe.db.get_value(OUTBOX.doctype, name, fields, as_dict=True)
		if row.delivery_note != note or row.status == LABELS[State.SHIPPED]:
			advance(OUTBOX, name, State.DELIVERED, {"delivery_note": note})


def _submitted_notes(sales_order: str) -> list[str]:
	return frappe.get_all(
		"Delivery Note Item",
		filters={"against_sales_order": sales_order, "docstatus": 1},
		pluck="parent",
		distinct=True,
	)


def _transporter_of(tracking: Tracking, note: str) -> str | None:
	"""The Supplier that stands for the carrier; None if there is no carrier, or if it cannot be a Supplier.
	Then an issue says so."""
	if not tracking.carrier:
		return None
	found = carriers.transporter_of(tracking.carrier)
	if not found and tracking.supplier:
		carriers.open_unknown_carrier(tracking.supplier, tracking.carrier, note)
	return found


def _transporter_values(transporter: str | None) -> dict:
	return {"transporter": transporter, "transporter_name": transporter}

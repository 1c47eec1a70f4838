"""Makes Delivery Notes of parcels, if Medgrid Settings says so: a note with the rows and quantities of a
parcel that is on no note yet. The contract does not speak of it.

A job does it, as the site's Administrator: a vendor's roles do not permit making Delivery Notes. If ERPNext
refuses a note, the tracking number stays stored, and an Integration Issue has the reason.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any

import frappe
from frappe import _
from rq.timeouts import BaseTimeoutException

from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.text import one_line
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import Busy
from medgrid.integrations.shipstation.parcels import carriers
from medgrid.integrations.shipstation.parcels.assignment import Parcel, VendorParcels, assign
from medgrid.integrations.shipstation.parcels.reading import (
	RECORD,
	ROW,
	notes_of,
	parcels_of,
	quantities_of,
	undelivered,
)
from medgrid.integrations.shipstation.parcels.tracking_text import edit
from medgrid.issues.records import WHOLESALER, Subject, open_issue, settle_issue

MAX_REASON = 500
NOTE = "Delivery Note"


class Making(Enum):
	"""What is made of a parcel; the values are the options of `delivery_notes_from_shipments`."""

	NOTHING = "Nothing"
	DRAFT = "Draft Delivery Note"
	SUBMITTED = "Submitted Delivery Note"


def setting() -> Making:
	"""The site's setting."""
	value = frappe.db.get_single_value("Medgrid Settings", "delivery_notes_from_shipments")
	return Making(value) if value else Making.NOTHING


def queue_notes(sales_order: str) -> None:
	"""Queues the job that makes the notes of an order, if there is one to be made."""
	if setting() is not Making.NOTHING and any(
		waiting(sales_order, each) for each in parcels_of(sales_order)
	):
		enqueue(make_notes, queue=SHORT, job_id=f"medgrid-notes-{sales_order}", sales_order=sales_order)


def waiting(sales_order: str, vendor: VendorParcels) -> list[Parcel]:
	"""A vendor's parcels of which a note can be made: what is in them is known, they are on no note, and none
	was made of them before, which somebody may have deleted."""
	notes = notes_of(sales_order, vendor.lines)
	found = assign(vendor.parcels, notes, undelivered(sales_order, vendor.lines, notes))
	return [
		each
		for each in vendor.parcels
		if each.counts and each.quantities and not found[each.key] and each.key not in vendor.made
	]


@job
def make_notes(sales_order: str) -> None:
	"""Makes the missing notes of an order. Commits each."""
	making = setting()
	if making is Making.NOTHING:
		return
	frappe.set_user("Administrator")
	for vendor in parcels_of(sales_order):
		for parcel in waiting(sales_order, vendor):
			subject = Subject("shipstation", "delivery_note", reference=(RECORD, vendor.record))
			try:
				in_transaction(partial(_make, sales_order, vendor.record, parcel.key, making))
			except (BaseTimeoutException, Busy):
				raise
			except Exception as error:
				# Whatever the site's stock, settings and scripts object to.
				frappe.clear_messages()
				in_transaction(partial(_open_not_made, subject, sales_order, parcel, _reason(error)))
			else:
				in_transaction(partial(settle_issue, subject))


def _make(sales_order: str, record: str, key: str, making: Making) -> None:
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	order = locked_row("Sales Order", sales_order, ["docstatus", "status"])
	vendor = next((each for each in parcels_of(sales_order) if each.record == record), None)
	if not vendor or not order or order.docstatus != 1 or order.status in ("Closed", "On Hold"):
		return
	parcel = next((each for each in waiting(sales_order, vendor) if each.key == key), None)
	if not parcel:
		return
	note = make_delivery_note(sales_order)
	note.items = _packed(note, parcel.quantities or {}, _in_drafts(sales_order))
	if not note.items:
		# Somebody has made a draft with these rows.
		return
	note.lr_no = edit(note.lr_no, [], [str(parcel.number)]).text
	if transporter := carriers.transporter_of(vendor.carriers.get(key, "")):
		note.update({"transporter": transporter, "transporter_name": transporter})
	note.insert()
	values = {"delivery_note": note.name, "is_note_made": 1}
	place = {"parent": record, "parenttype": RECORD, "shipment_id": key}
	frappe.db.set_value(ROW, place, values, update_modified=False)
	if making is Making.SUBMITTED:
		note.submit()


def _packed(note: Any, inside: Mapping[str, Decimal], drafted: Mapping[str, Decimal]) -> list[Any]:
	"""The rows of a new note with what is in the parcel, and not more than is left to be delivered.

	:param drafted: what drafts deliver already, by row of the Sales Order.
	"""
	rows = []
	for row in note.items:
		factor = Decimal(str(row.conversion_factor or 1))
		left = Decimal(str(row.qty)) * factor - drafted.get(row.so_detail, Decimal())
		quantity = min(inside.get(row.so_detail, Decimal()), left)
		if quantity > 0:
			row.qty = float(round(quantity / factor, 6))
			rows.append(row)
	for number, row in enumerate(rows, 1):
		row.idx = number
	return rows


def _in_drafts(sales_order: str) -> dict[str, Decimal]:
	filters = {"against_sales_order": sales_order, "docstatus": 0, "so_detail": ("is", "set")}
	return quantities_of(frappe.get_all("Delivery Note Item", filters, ["so_detail", "stock_qty"]))


def _open_not_made(subject: Subject, sales_order: str, parcel: Parcel, reason: str) -> None:
	sentence = _("No Delivery Note could be made of the parcel {0} of {1}: {2}")
	open_issue(
		subject,
		title=_("ShipStation: no Delivery Note for a parcel of {0}").format(sales_order),
		detail=sentence.format(parcel.number, sales_order, reason),
		who_acts=WHOLESALER,
		what_to_do=_("Make the Delivery Note by hand: it gets the tracking number when it is submitted."),
	)


def _reason(error: Exception) -> str:
	return one_line(frappe.utils.strip_html(str(error)), MAX_REASON) or type(error).__name__

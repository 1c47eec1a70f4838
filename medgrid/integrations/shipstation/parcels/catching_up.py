"""Writes tracking to Delivery Notes that did not exist or could not be written when it arrived, and makes
missing notes. Each sync of a vendor does so."""

from datetime import timedelta
from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.integrations.shipstation.parcels import note_making
from medgrid.integrations.shipstation.parcels.delivery_notes import apply_tracking
from medgrid.integrations.shipstation.parcels.reading import RECORD, ROW
from medgrid.outbox.states import State

# Orders that were shipped longer ago are skipped: their notes may deliver other vendors' lines only.
CATCH_UP_DAYS = 14


def catch_up(supplier: str) -> None:
	"""Applies tracking to notes that were being submitted when it arrived, that did not exist yet, or whose
	carrier could not become a Supplier. Commits."""
	for sales_order in _orders_to_apply(supplier):
		apply_tracking(sales_order)
	if note_making.setting() is not note_making.Making.NOTHING:
		for sales_order in _orders_without_notes(supplier):
			note_making.queue_notes(sales_order)


def _orders_to_apply(supplier: str) -> list[str]:
	"""The orders with a parcel that is not on its note as it should be."""
	record, parcel = frappe.qb.DocType(RECORD), frappe.qb.DocType(ROW)
	since = stored_utc_now() - timedelta(days=CATCH_UP_DAYS)
	found: set[str] = set()
	# One query for each: with OR no index could tell them from all that the vendor has ever shipped.
	for is_late in (record.shipped_at >= since, parcel.created_at >= since):
		parcels = (
			frappe.qb.from_(record)
			.join(parcel)
			.on((parcel.parent == record.name) & (parcel.parenttype == RECORD))
			.select(record.sales_order)
			.distinct()
			.where((record.supplier == supplier) & is_late)
		)
		found |= {*_not_noted(parcels, record, parcel), *_without_transporter(parcels, parcel)}
	return sorted(found)


def _not_noted(parcels: Any, record: Any, parcel: Any) -> list[str]:
	"""The orders with a submitted note and a parcel whose number is not where it should be."""
	item = frappe.qb.DocType("Delivery Note Item")
	counts = (parcel.voided == 0) & parcel.tracking_number.notnull()
	is_unnoted = parcel.noted_number.isnull() | (parcel.noted_number != parcel.tracking_number)
	is_wrong = ((parcel.voided == 1) & parcel.noted_number.notnull()) | (counts & is_unnoted)
	return (
		parcels.join(item)
		.on((item.against_sales_order == record.sales_order) & (item.docstatus == 1))
		.where(is_wrong)
		.run(pluck=True)
	)


def _without_transporter(parcels: Any, parcel: Any) -> list[str]:
	"""The orders with a parcel on a submitted note whose carrier could not become a Supplier."""
	note = frappe.qb.DocType("Delivery Note")
	return (
		parcels.join(note)
		.on((note.name == parcel.delivery_note) & (note.docstatus == 1))
		.where((parcel.voided == 0) & parcel.tracking_number.notnull() & parcel.carrier_code.notnull())
		.where(note.transporter.isnull())
		.run(pluck=True)
	)


def _orders_without_notes(supplier: str) -> list[str]:
	"""The orders with parcels of which MedGrid has made no note yet."""
	record, parcel = frappe.qb.DocType(RECORD), frappe.qb.DocType(ROW)
	since = stored_utc_now() - timedelta(days=CATCH_UP_DAYS)
	return (
		frappe.qb.from_(record)
		.join(parcel)
		.on((parcel.parent == record.name) & (parcel.parenttype == RECORD))
		.select(record.sales_order)
		.distinct()
		.where((record.supplier == supplier) & (record.status == OUTBOX.labels[State.SHIPPED]))
		.where((parcel.voided == 0) & (parcel.is_note_made == 0) & parcel.noted_number.isnull())
		.where(record.shipped_at >= since)
		.run(pluck=True)
	)

"""Delivery Notes that MedGrid makes of shipments, if the setting says so."""

import frappe
import pytest

from tests.support.vendors import fresh, order
from tests.support.waiting import wait_for_jobs

FIELD = "delivery_notes_from_shipments"


@pytest.fixture
def making(site):
	"""Sets what is made of shipments."""

	def choose(value: str) -> None:
		site.db.set_single_value("Medgrid Settings", FIELD, value)
		site.db.commit()

	yield choose
	choose("Nothing")


def notes_of(sales_order: str) -> list:
	wait_for_jobs()
	frappe.db.rollback()
	names = frappe.get_all(
		"Delivery Note Item", {"against_sales_order": sales_order}, pluck="parent", distinct=True
	)
	return [frappe.get_doc("Delivery Note", name) for name in sorted(names)]


def label(vendor, sales_order, **values) -> str:
	return vendor.shipstation.buy_label(vendor.api_key, order_key=sales_order.name, **values)[
		"trackingNumber"
	]


def pushed_order(vendor, *lines):
	sales_order = order(*lines)
	vendor.stats()
	return sales_order


def test_by_default_nothing_is_made(connected):
	sales_order = pushed_order(connected, (connected.item, 2, 10))
	label(connected, sales_order)
	connected.stats()
	assert notes_of(sales_order.name) == []


def test_a_draft_has_the_rows_and_quantities_of_the_parcel_and_its_number(connected, making):
	making("Draft Delivery Note")
	sales_order = pushed_order(connected, (connected.item, 3, 10), (connected.item, 1, 12))
	number = label(connected, sales_order, items={sales_order.items[0].name: 2})
	connected.stats()
	[note] = notes_of(sales_order.name)
	assert (note.docstatus, note.lr_no, note.transporter) == (0, number, "UPS")
	assert [(row.so_detail, row.qty) for row in note.items] == [(sales_order.items[0].name, 2)]
	connected.stats()
	assert len(notes_of(sales_order.name)) == 1
	fresh(note).submit()
	frappe.db.commit()
	wait_for_jobs()
	assert (fresh(note).lr_no, connected.record(sales_order.name).delivery_note) == (number, note.name)


def test_each_parcel_becomes_a_submitted_note(connected, making, site):
	making("Submitted Delivery Note")
	sales_order = pushed_order(connected, (connected.item, 3, 10))
	row = sales_order.items[0].name
	numbers = []
	for quantity in (1, 2):
		numbers.append(label(connected, sales_order, items={row: quantity}))
		connected.stats()
		wait_for_jobs()
	notes = notes_of(sales_order.name)
	assert [(note.docstatus, note.lr_no, note.items[0].qty) for note in notes] == [
		(1, numbers[0], 1),
		(1, numbers[1], 2),
	]
	assert connected.record(sales_order.name).status == "Delivered"
	assert fresh(sales_order).per_delivered == 100


def test_pieces_of_a_sales_unit_are_counted_in_it(connected, making):
	making("Draft Delivery Note")
	case = {"uom": "MGT Case of Ten", "conversion_factor": 10}
	from tests.support.records import ensure

	ensure("UOM", {"uom_name": "MGT Case of Ten"})
	sales_order = pushed_order(connected, (connected.item, 2, 100, case))
	label(connected, sales_order, items={sales_order.items[0].name: 10})
	connected.stats()
	[note] = notes_of(sales_order.name)
	assert (note.items[0].qty, note.items[0].stock_qty) == (1, 10)


def test_a_draft_that_somebody_deleted_does_not_come_back(connected, making):
	making("Draft Delivery Note")
	sales_order = pushed_order(connected, (connected.item, 1, 10))
	label(connected, sales_order)
	connected.stats()
	[note] = notes_of(sales_order.name)
	frappe.delete_doc("Delivery Note", note.name)
	frappe.db.commit()
	connected.stats()
	assert notes_of(sales_order.name) == []


def test_what_somebody_has_in_a_draft_is_not_made_twice(connected, making):
	from tests.support.vendors import deliver

	making("Draft Delivery Note")
	sales_order = pushed_order(connected, (connected.item, 2, 10))
	draft = deliver(sales_order.name, submit=False)
	number = label(connected, sales_order)
	connected.stats()
	assert [note.name for note in notes_of(sales_order.name)] == [draft.name]
	fresh(draft).submit()
	frappe.db.commit()
	assert fresh(draft).lr_no == number


def test_a_note_that_erpnext_refuses_costs_no_number_and_an_issue_says_why(connected, making, site):
	making("Submitted Delivery Note")
	sales_order = pushed_order(connected, (connected.item, 2, 10))
	site.db.set_value("Sales Order Item", sales_order.items[0].name, "warehouse", None)
	site.db.commit()
	number = label(connected, sales_order)
	connected.stats()
	assert notes_of(sales_order.name) == []
	record = connected.record(sales_order.name)
	assert (record.status, record.tracking_number) == ("Shipped", number)
	filters = {"issue_type": "shipstation/delivery_note", "reference_name": record.name}
	issue = frappe.get_last_doc("Integration Issue", filters)
	assert (issue.who_acts, bool(issue.open_key)) == ("Wholesaler", True)
	assert number in issue.detail
	site.db.set_value(
		"Sales Order Item", sales_order.items[0].name, "warehouse", sales_order.items[0].warehouse
	)
	site.db.commit()
	connected.stats()
	[note] = notes_of(sales_order.name)
	assert (note.docstatus, note.lr_no) == (1, number)
	frappe.db.rollback()
	assert frappe.db.get_value("Integration Issue", issue.name, "open_key") is None

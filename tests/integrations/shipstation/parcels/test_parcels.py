"""Several parcels of one order, and several Delivery Notes. Contract: "How Tracking Pull Works"."""

import frappe
import pytest
from frappe.utils import add_to_date

from medgrid.core.clock import stored_utc_now
from tests.support.records import write_values
from tests.support.vendors import deliver, fresh, order
from tests.support.waiting import wait_for_jobs, wait_until_equal


@pytest.fixture
def pushed(connected):
	"""A pushed order of two pieces."""
	sales_order = order((connected.item, 2, 10))
	connected.stats()
	return sales_order


def note_for(sales_order: str, quantities: dict[str, float], submit: bool = True, **values):
	"""A Delivery Note for parts of an order, committed.

	:param quantities: by row of the Sales Order.
	"""
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	note = make_delivery_note(sales_order)
	note.items = [row for row in note.items if row.so_detail in quantities]
	for row in note.items:
		row.qty = quantities[row.so_detail]
	note.update(values)
	note.insert(ignore_permissions=True)
	if submit:
		note.submit()
	frappe.db.commit()
	return note


def label(vendor, sales_order, **values) -> dict:
	return vendor.shipstation.buy_label(vendor.api_key, order_key=sales_order.name, **values)


def number_on(note) -> str | None:
	return fresh(note).lr_no or None


def test_each_of_two_notes_has_its_own_label(connected, pushed):
	"""E1: the label that comes first stays on the note that was there first."""
	row = pushed.items[0].name
	first = note_for(pushed.name, {row: 1})
	a = label(connected, pushed)["trackingNumber"]
	connected.stats()
	assert number_on(first) == a
	second = note_for(pushed.name, {row: 1})
	assert number_on(second) is None
	b = label(connected, pushed)["trackingNumber"]
	connected.stats()
	assert (number_on(first), number_on(second)) == (a, b)
	record = connected.record(pushed.name)
	assert (record.status, record.delivery_note) == ("Delivered", second.name)
	assert [each.delivery_note for each in record.shipments] == [first.name, second.name]
	modified = fresh(first).modified
	assert connected.stats()["tracking_pulled"] == 0
	assert fresh(first).modified == modified


def test_a_label_that_comes_before_its_note_waits_for_it(connected, pushed):
	row = pushed.items[0].name
	first = note_for(pushed.name, {row: 1})
	a, b = (label(connected, pushed)["trackingNumber"] for _label in range(2))
	connected.stats()
	assert number_on(first) == a
	assert connected.record(pushed.name).status == "Shipped"
	second = note_for(pushed.name, {row: 1})
	assert (number_on(first), number_on(second)) == (a, b)
	wait_until_equal(lambda: connected.record(pushed.name).status, "Delivered")
	assert connected.record(pushed.name).shipments[1].noted_number == b


def test_what_is_in_the_parcels_says_which_note_they_belong_to(connected):
	sales_order = order((connected.item, 1, 10), (connected.item, 1, 12))
	connected.stats()
	one, two = (row.name for row in sales_order.items)
	notes = [note_for(sales_order.name, {row: 1}) for row in (one, two)]
	of_two = label(connected, sales_order, items={two: 1})["trackingNumber"]
	of_one = label(connected, sales_order, items={one: 1})["trackingNumber"]
	connected.stats()
	assert [number_on(note) for note in notes] == [of_one, of_two]


def test_two_parcels_of_one_note_are_both_on_it(connected, pushed):
	"""E2."""
	note = deliver(pushed.name)
	numbers = [label(connected, pushed)["trackingNumber"] for _label in range(2)]
	connected.stats()
	assert number_on(note) == ", ".join(numbers)


def test_a_missing_carrier_leaves_the_transporter_that_somebody_entered(connected, pushed):
	"""E3."""
	frappe.get_doc(
		{"doctype": "Supplier", "supplier_name": f"MGT Own Van {pushed.name}", "is_transporter": 1}
	).insert(ignore_permissions=True)
	van = f"MGT Own Van {pushed.name}"
	note = note_for(pushed.name, {pushed.items[0].name: 2}, transporter=van)
	number = label(connected, pushed, carrier="", tracking_number="5551234567")["trackingNumber"]
	connected.stats()
	assert (number_on(note), fresh(note).transporter) == (number, van)


@pytest.mark.parametrize("text", ["PALLET-1778-9", "1778, our van", "ask the driver (1778)"])
def test_what_somebody_wrote_into_the_tracking_field_stays(connected, pushed, site, text):
	"""E5: the label's number is a part of the text, or was typed there by hand."""
	note = deliver(pushed.name)
	bought = label(connected, pushed, tracking_number="778")
	connected.stats()
	write_values("Delivery Note", note.name, "lr_no", text)
	connected.shipstation.void_label(bought["shipmentId"])
	connected.stats()
	assert number_on(note) == text
	number = label(connected, pushed)["trackingNumber"]
	connected.stats()
	assert number_on(note) == f"{text}, {number}"


def test_what_somebody_wrote_into_a_draft_stays_beside_the_number(connected, pushed):
	number = label(connected, pushed)["trackingNumber"]
	connected.stats()
	note = note_for(pushed.name, {pushed.items[0].name: 2}, lr_no="with the blue pallet")
	assert number_on(note) == f"with the blue pallet, {number}"


def test_a_number_that_somebody_took_off_does_not_come_back(connected, pushed, site):
	note = deliver(pushed.name)
	label(connected, pushed)
	connected.stats()
	write_values("Delivery Note", note.name, "lr_no", "handed over in person")
	second = label(connected, pushed)["trackingNumber"]
	connected.stats()
	assert number_on(note) == f"handed over in person, {second}"


def test_more_numbers_than_the_field_holds_are_whole_and_the_record_has_all(connected, pushed):
	note = deliver(pushed.name)
	numbers = [label(connected, pushed, tracking_number=f"{n}" * 40)["trackingNumber"] for n in range(1, 6)]
	connected.stats()
	assert number_on(note) == ", ".join(numbers[:3])
	record = connected.record(pushed.name)
	assert {each.delivery_note for each in record.shipments} == {note.name}
	connected.shipstation.void_label(record.shipments[0].shipment_id and int(record.shipments[0].shipment_id))
	connected.stats()
	assert number_on(note) == ", ".join(numbers[1:4])


def test_a_cancelled_notes_parcel_goes_to_the_note_that_amends_it(connected, pushed):
	note = deliver(pushed.name)
	number = label(connected, pushed)["trackingNumber"]
	connected.stats()
	fresh(note).cancel()
	frappe.db.commit()
	amended = frappe.copy_doc(fresh(note))
	amended.update({"amended_from": note.name, "lr_no": None})
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	assert number_on(amended) == number
	wait_for_jobs()
	assert connected.record(pushed.name).delivery_note == amended.name


def test_service_and_ship_date_are_on_the_record_beside_the_number(connected, pushed):
	label(connected, pushed, carrier="fedex", service="fedex_2day", ship_date="2026-11-24")
	connected.stats()
	record = connected.record(pushed.name)
	assert (record.carrier_code, record.service_code, str(record.ship_date)) == (
		"fedex",
		"fedex_2day",
		"2026-11-24",
	)


# Split and merged in ShipStation


@pytest.mark.parametrize("others", [0, 1], ids=["asked by its number", "asked by pages"])
def test_the_second_parcel_of_an_order_that_was_split_is_found(connected, pushed, others):
	"""E6: a split order keeps its number, under another ID and key."""
	for _other in range(others):
		order((connected.item, 1, 10))
	connected.stats()
	row = pushed.items[0].name
	remote = next(each for each in connected.remote_orders() if each["orderKey"] == pushed.name)
	child = connected.shipstation.split_order(connected.api_key, remote["orderId"], {row: 1})
	note = deliver(pushed.name)
	numbers = [
		connected.shipstation.buy_label(connected.api_key, order_id=each["orderId"])["trackingNumber"]
		for each in (remote, child)
	]
	stats = connected.stats()
	assert stats["tracking_method"] == ("by_pages" if others else "by_order")
	assert number_on(note) == ", ".join(numbers)


def test_another_programs_order_of_the_same_number_is_not_taken_for_a_part(connected, pushed):
	remote = connected.remote_orders()[0]
	foreign = {**remote, "orderKey": "OTHER-1", "items": [{**remote["items"][0], "lineItemKey": "other-1"}]}
	other = connected.shipstation.save_order(connected.api_key, foreign)
	connected.shipstation.buy_label(connected.api_key, order_id=other["orderId"])
	assert connected.stats()["tracking_pulled"] == 0
	assert connected.record(pushed.name).tracking_number is None


@pytest.mark.parametrize("closed", [False, True], ids=["both open", "one open"])
def test_the_label_of_merged_orders_counts_for_each_of_them(connected, closed, site):
	orders = [order((connected.item, 1, 10)) for _number in range(2)]
	connected.stats()
	ids = [int(connected.record(each.name).shipstation_order_id) for each in orders]
	connected.shipstation.merge_orders(connected.api_key, ids)
	notes = [deliver(each.name) for each in orders]
	number = connected.shipstation.buy_label(connected.api_key, order_id=ids[0])["trackingNumber"]
	if closed:
		write_values("ShipStation Order", connected.record(orders[0].name).name, "status", "Cancelled")
	connected.stats()
	assert number_on(notes[1]) == number
	assert closed or number_on(notes[0]) == number


# What paging misses


def test_an_order_that_paging_did_not_find_is_asked_by_its_own_call_before_it_is_forgotten(connected, site):
	orders = [order((connected.item, 1, 10)) for _number in range(2)]
	connected.stats()
	old = connected.record(orders[0].name)
	write_values("ShipStation Order", old.name, "pushed_at", add_to_date(stored_utc_now(), days=-181))
	bought = label(
		connected, orders[0], create_date=f"{add_to_date(stored_utc_now(), days=-170):%Y-%m-%dT%H:%M:%S}"
	)
	connected.shipstation.clear_received()
	assert connected.stats()["tracking_pulled"] == 1
	assert connected.record(orders[0].name).tracking_number == bought["trackingNumber"]
	asked = [
		r["query"] for r in connected.shipstation.received(connected.api_key) if r["path"] == "/shipments"
	]
	assert any(query.get("orderId") == old.shipstation_order_id for query in asked)


def test_an_order_that_has_no_label_is_asked_for_the_last_time_once(connected, pushed, site):
	record = connected.record(pushed.name)
	write_values("ShipStation Order", record.name, "pushed_at", add_to_date(stored_utc_now(), days=-200))
	counts = []
	for _sync in range(2):
		connected.shipstation.clear_received()
		assert connected.stats()["pull_errors"] == []
		received = connected.shipstation.received(connected.api_key)
		counts.append(sum(entry["path"] == "/shipments" for entry in received))
	assert counts[0] >= 1
	assert counts[1] == 0

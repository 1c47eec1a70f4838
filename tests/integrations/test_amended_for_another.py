"""Goods that somebody has, or may have, are not sent to somebody else, also not for an order that amends the
one for which they have them; and what they do not have any more, others get."""

import frappe
import pytest

from medgrid.integrations.shipstation.due.missed import register_missed
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import due_documents
from tests.integrations.shipstation.test_invalid_records import CREATE, ORDERS, spoil
from tests.integrations.test_one_shipper import both, prefer, rows_at_vendor, send
from tests.support.changes import amend, update_items
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.store import sold_item
from tests.support.vendors import Vendor, failing_since_days, fresh, order
from tests.support.waiting import wait_for_jobs

__all__ = ["both", "prefer"]


@pytest.fixture
def second(other_vendor) -> Vendor:
	"""Another vendor, connected."""
	other_vendor.connect()
	return other_vendor


def ship_by(item: str, vendor: Vendor | None) -> None:
	"""The wholesaler gives an Item to another vendor, or to nobody."""
	wait_for_jobs()
	default = {"parent": item, "company": "Skydell Medical"}
	frappe.db.rollback()
	frappe.db.set_value("Item Default", default, "default_supplier", vendor and vendor.supplier)
	frappe.db.commit()


def remote_of(vendor: Vendor, sales_order: str) -> dict:
	[remote] = [each for each in vendor.remote_orders() if each["orderKey"] == sales_order]
	return remote


def change_there(vendor: Vendor, sales_order: str) -> None:
	"""The vendor adds a line, so that MedGrid does not cancel the order there."""
	remote = remote_of(vendor, sales_order)
	gift = {"lineItemKey": "gift", "sku": "GIFT", "name": "Gift", "quantity": 1, "unitPrice": 0}
	vendor.shipstation.save_order(vendor.api_key, {**remote, "items": [*remote["items"], gift]})


def cancel_there(vendor: Vendor, sales_order: str) -> None:
	remote = remote_of(vendor, sales_order)
	vendor.shipstation.set_order_status(vendor.api_key, remote["orderId"], "cancelled")


# What another vendor has of the original


@pytest.mark.parametrize("other_row", [False, True])
def test_a_row_that_another_vendor_has_of_the_original_waits_until_it_is_cancelled_there(
	connected, second, other_row
):
	document = order((connected.item, 2, 10), *([(second.item, 1, 10)] if other_row else []))
	connected.stats()
	change_there(connected, document.name)
	amended = amend(document)
	ship_by(connected.item, second)
	connected.stats()
	assert second.stats()["orders_pushed"] == 0
	record = second.record(amended.name)
	assert (record.status, record.who_acts) == ("Waiting", "Wholesaler")
	assert f"amends {document.name}, of which another vendor has row 1" in record.reason
	assert connected.supplier not in record.reason, "a vendor must not learn of another one"
	assert amended.name not in {each["orderKey"] for each in second.remote_orders()}
	cancel_there(connected, document.name)
	connected.stats()
	due_documents.retry(OUTBOX, record.name)
	assert second.stats()["orders_pushed"] == 1
	assert rows_at_vendor(second) == [row.name for row in amended.items]


def test_a_row_that_another_vendor_has_shipped_of_the_original_is_not_sent(connected, second):
	document = order((connected.item, 2, 10))
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	amended = amend(document)
	ship_by(connected.item, second)
	assert second.stats()["orders_pushed"] == 0, "it is not known there yet"
	connected.stats()
	assert connected.record(amended.name).status == "Shipped"
	due_documents.retry(OUTBOX, second.record(amended.name).name)
	assert (second.stats()["orders_pushed"], second.remote_orders()) == (0, [])
	assert second.record(amended.name).status == "Not Ours"


def test_a_changed_order_does_not_take_what_another_vendor_has_of_the_original(connected, second):
	"""The second vendor has another row of the amended order already, and would get the row with a change."""
	document = order((connected.item, 2, 10), (second.item, 1, 10))
	connected.stats()
	change_there(connected, document.name)
	amended = amend(document)
	connected.stats()
	second.stats()
	assert rows_at_vendor(second) == [amended.items[1].name]
	ship_by(connected.item, second)
	amended = update_items(amended, (2, 3))
	stats = second.stats()
	assert (
		f"{amended.name}: " in stats["push_errors"][0]
		and "another vendor has row 1" in stats["push_errors"][0]
	)
	record = second.record(amended.name)
	assert (record.status, record.is_changed, record.who_acts) == ("Sent", 1, "Wholesaler")
	assert rows_at_vendor(second) == [amended.items[1].name]
	cancel_there(connected, document.name)
	connected.stats()
	second.stats()
	assert rows_at_vendor(second) == [row.name for row in amended.items]


def test_the_store_gets_nothing_that_a_vendor_has_of_the_original(connected, connected_store, both):
	document = order((both, 1, 10), (sold_item(connected_store), 1, 10))
	connected.stats()
	change_there(connected, document.name)
	amended = amend(document)
	connected.stats()
	for rows in ({}, {"line_items": [row.name for row in amended.items]}):
		sentence = error(send(connected_store, amended, **rows), 417, "ValidationError")
		assert f"Row 1 ({both}) may be shipped by {connected.supplier}" in sentence
		assert f"a row of {document.name}" in sentence
	assert connected_store.control.orders(connected_store.domain) == []
	message(send(connected_store, amended, line_items=[amended.items[1].name]))


def test_the_store_gets_what_a_vendor_has_cancelled_of_the_original(connected, connected_store, both):
	document = order((both, 1, 10))
	connected.stats()
	amended = amend(document)
	ship_by(both, None)
	assert "may be shipped by" in error(send(connected_store, amended), 417, "ValidationError")
	connected.stats()
	message(send(connected_store, amended))


# What release 0.1 has sent


@pytest.mark.parametrize("preference", ["FIRST", "STORE"])
def test_an_order_that_release_0_1_sent_to_vendors_is_not_sent_to_the_store(
	connected, connected_store, both, prefer, preference
):
	from medgrid.orders.shippers import Preference

	document = order((both, 1, 10))
	wait_for_jobs()
	frappe.db.delete("ShipStation Order", {"sales_order": document.name})
	write_values("Sales Order", document.name, "shipstation_order_id", "4711")
	prefer(Preference[preference])
	assert f"shipped by {connected.supplier}" in error(
		send(connected_store, document), 417, "ValidationError"
	)
	assert connected_store.control.orders(connected_store.domain) == []


def test_the_store_does_not_get_what_release_0_1_sent_of_the_original(connected, connected_store, both):
	document = order((both, 1, 10))
	connected.stats()
	wait_for_jobs()
	order_id = remote_of(connected, document.name)["orderId"]
	frappe.db.delete("ShipStation Order", {"sales_order": document.name})
	write_values("Sales Order", document.name, "shipstation_order_id", order_id)
	amended = amend(document)
	sentence = error(send(connected_store, amended), 417, "ValidationError")
	assert f"Row 1 ({both}) may be shipped by {connected.supplier}" in sentence
	assert connected_store.control.orders(connected_store.domain) == []
	# The wholesaler knows that it is cancelled, and gives the Item to nobody else.
	ship_by(both, None)
	message(send(connected_store, amended))


def test_what_an_amended_order_has_taken_over_does_not_hold_the_originals_other_rows(
	connected, connected_store, both
):
	document = order((connected.item, 1, 10), (both, 1, 10))
	message(send(connected_store, document))
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	frappe.db.rollback()
	order_id = frappe.db.get_value("Sales Order", document.name, "exoceuticals_order_id")
	connected_store.control.cancel(connected_store.domain, order_id)
	poll = "medgrid.exoceuticals.poll_exoceuticals_status"
	message(connected_store.caller.post(poll, sales_order=document.name))
	amended = amend(document)
	wait_for_jobs()
	connected.stats()
	assert connected.record(amended.name).status == "Shipped"
	message(send(connected_store, amended, line_items=[amended.items[1].name]))


@pytest.mark.parametrize("found_by", ["key", "id"])
def test_an_order_that_amends_one_of_release_0_1_waits_until_that_is_cancelled_there(connected, found_by):
	document = order((connected.item, 1, 10))
	connected.stats()
	wait_for_jobs()
	remote = remote_of(connected, document.name)
	if found_by == "id":
		# Another system gives its orders keys of its own.
		saved = connected.shipstation.save_order(connected.api_key, {**remote, "orderKey": "4711"})
		cancel_there(connected, document.name)
		remote = saved
	frappe.db.delete("ShipStation Order", {"sales_order": document.name})
	write_values("Sales Order", document.name, "shipstation_order_id", remote["orderId"])
	amended = amend(document)
	stats = connected.stats()
	record = connected.record(amended.name)
	assert (stats["orders_pushed"], record.status, record.who_acts) == (0, "Waiting", "Vendor")
	assert f"another system has sent to ShipStation as order {remote['orderId']}." in record.reason
	connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "cancelled")
	assert connected.stats()["orders_pushed"] == 1


# What the store had


@pytest.mark.parametrize("other_row", [False, True])
def test_what_the_store_cancels_of_the_original_is_for_the_vendor(
	connected, connected_store, both, other_row, monkeypatch
):
	document = order((both, 1, 10), *([(connected.item, 1, 10)] if other_row else []))
	message(send(connected_store, document))
	wait_for_jobs()
	monkeypatch.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
	amended = amend(document)
	monkeypatch.undo()
	connected.stats()
	assert rows_at_vendor(connected) == [row.name for row in amended.items[1:]]
	frappe.db.rollback()
	order_id = frappe.db.get_value("Sales Order", document.name, "exoceuticals_order_id")
	connected_store.control.cancel(connected_store.domain, order_id)
	poll = "medgrid.exoceuticals.poll_exoceuticals_status"
	message(connected_store.caller.post(poll, sales_order=document.name))
	assert fresh(document).exoceuticals_status == "Cancelled"
	# It was amended weeks ago.
	past = frappe.utils.add_days(frappe.utils.now_datetime(), -20)
	write_values("Sales Order", amended.name, "modified", past, update_modified=False)
	register_missed()
	connected.stats()
	assert rows_at_vendor(connected) == [row.name for row in amended.items]


# What did not arrive


def test_a_row_that_shipstation_refused_is_free_for_others(connected, connected_store, both):
	document = order((connected.item, 1, 10))
	connected.stats()
	document = update_items(document, (both, 1, 10))
	connected.shipstation.fault(
		"status", status=400, path="/orders/createorder", body='{"Message": "No such store."}'
	)
	assert connected.stats()["push_errors"]
	record = connected.record(document.name)
	assert frappe.parse_json(record.lines) == [document.items[0].name]
	assert record.resending_content is None
	message(send(connected_store, document, line_items=[document.items[1].name]))
	connected.stats()
	assert rows_at_vendor(connected) == [document.items[0].name]


@pytest.mark.parametrize("to", ["another vendor", "the store"])
def test_what_the_vendor_has_cancelled_there_is_free_for_others(connected, connected_store, second, both, to):
	document = order((both, 1, 10))
	connected.stats()
	cancel_there(connected, document.name)
	connected.stats()
	assert connected.record(document.name).status == "Cancelled"
	if to == "the store":
		message(send(connected_store, document))
		return
	ship_by(both, second)
	assert second.stats()["orders_pushed"] == 1
	connected.stats()
	assert rows_at_vendor(second) == [row.name for row in document.items]
	assert remote_of(connected, document.name)["orderStatus"] == "cancelled"


# What may be there


@pytest.fixture
def unknown(connected, both):
	"""An order that ShipStation has, whose answer was lost, and that could not be searched for three days."""
	spoil(connected, "long_ids", CREATE, times=1)
	spoil(connected, "long_ids", ORDERS)
	document = order((both, 1, 10))
	connected.stats()
	assert connected.record(document.name).status == "Outcome Unknown"
	failing_since_days(connected.record(document.name), 3)
	connected.stats()
	connected.shipstation.clear_faults()
	record = connected.record(document.name)
	assert (record.status, record.shipstation_order_id) == ("Failed", None)
	return document


def test_what_may_be_at_a_vendor_goes_to_nobody_else(connected, connected_store, second, both, unknown):
	assert f"shipped by {connected.supplier}" in error(send(connected_store, unknown), 417, "ValidationError")
	ship_by(both, second)
	second.stats()
	assert second.remote_orders() == []
	connected.stats()
	assert len(connected.remote_orders()) == 1, "and not to the vendor a second time"
	due_documents.retry(OUTBOX, connected.record(unknown.name).name)
	connected.stats()
	assert connected.record(unknown.name).status == "Sent"
	assert len(connected.remote_orders()) == 1


def test_what_may_be_at_a_vendor_and_is_cancelled_is_cancelled_there(connected, unknown):
	fresh(unknown).cancel()
	frappe.db.commit()
	wait_for_jobs()
	assert connected.record(unknown.name).status == "Outcome Unknown"
	connected.stats()
	assert remote_of(connected, unknown.name)["orderStatus"] == "cancelled"


# Amendments of amendments


def test_an_order_is_told_as_amended_although_its_first_amendment_was_cancelled(connected):
	document = order((connected.item, 1, 10))
	connected.stats()
	change_there(connected, document.name)
	first = amend(document)
	wait_for_jobs()
	second = amend(first)
	wait_for_jobs()
	connected.stats()
	sentence = f"The Sales Order was amended as {second.name} after it was sent."
	assert connected.record(document.name).reason.startswith(sentence)


def test_a_second_amendment_takes_over_what_was_shipped_before_the_first_was_cancelled(connected):
	document = order((connected.item, 1, 10))
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	first = amend(document)
	fresh(first).cancel()
	frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	assert connected.record(document.name).who_acts == "Wholesaler"
	second = frappe.copy_doc(fresh(first))
	second.amended_from, second.docstatus = first.name, 0
	second.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	assert connected.record(second.name).status == "Shipped"
	assert len(connected.remote_orders()) == 1


def test_the_rows_of_an_amended_order_are_those_that_are_left(connected):
	"""The first of two rows of one Item is gone: what was shipped of the second one is what is left."""
	document = order((connected.item, 2, 10), (connected.item, 5, 10))
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	original = fresh(document)
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from, amended.docstatus = original.name, 0
	amended.items = amended.items[1:]
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	connected.stats()
	record = connected.record(amended.name)
	assert frappe.parse_json(record.lines) == [amended.items[0].name]
	assert f"Row 1 ({connected.item}" in record.reason and "The quantity of row" not in record.reason

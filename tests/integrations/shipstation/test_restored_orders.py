"""Orders that were cancelled in ShipStation, and that the vendor has restored there."""

import frappe
import pytest

from tests.integrations.test_amended_for_another import cancel_there, change_there, remote_of, second, ship_by
from tests.integrations.test_one_shipper import both, prefer, rows_at_vendor, send
from tests.support.changes import amend, set_status, update_items
from tests.support.http import message
from tests.support.vendors import fresh, order
from tests.support.waiting import wait_for_jobs

__all__ = ["both", "prefer", "second"]


def issue_about(record: str):
	"""The open issue about a record."""
	frappe.db.rollback()
	filters = {"reference_name": record, "open_key": ("is", "set")}
	return frappe.db.get_value("Integration Issue", filters, ["who_acts", "attempts", "detail"], as_dict=True)


def restore(vendor, sales_order: str) -> None:
	remote = remote_of(vendor, sales_order)
	vendor.shipstation.set_order_status(vendor.api_key, remote["orderId"], "awaiting_shipment")


@pytest.fixture
def cancelled(connected, both):
	"""An order that the vendor has cancelled in ShipStation; the store sells its Item, too."""
	document = order((both, 2, 10))
	connected.stats()
	cancel_there(connected, document.name)
	connected.stats()
	assert connected.record(document.name).status == "Cancelled"
	return document


def test_a_restored_order_goes_on(connected, cancelled):
	record = connected.record(cancelled.name)
	assert issue_about(record.name)
	restore(connected, cancelled.name)
	connected.stats()
	record = connected.record(cancelled.name)
	assert (record.status, record.reason, record.who_acts) == ("Sent", None, "Nobody")
	assert not issue_about(record.name)
	update_items(cancelled, (1, 5))
	connected.stats()
	assert remote_of(connected, cancelled.name)["items"][0]["quantity"] == 5


def test_what_changed_while_it_was_cancelled_is_sent(connected, cancelled):
	update_items(cancelled, (1, 7))
	connected.stats()
	restore(connected, cancelled.name)
	connected.stats()
	connected.stats()
	assert remote_of(connected, cancelled.name)["items"][0]["quantity"] == 7


def test_a_restored_order_that_was_shipped_has_its_number_at_once(connected, cancelled):
	restore(connected, cancelled.name)
	connected.shipstation.buy_label(connected.api_key, order_key=cancelled.name)
	connected.stats()
	record = connected.record(cancelled.name)
	assert record.status == "Shipped" and record.tracking_number


@pytest.mark.parametrize("by", ["the store", "another vendor"])
def test_what_others_ship_since_is_cancelled_there_again(connected, connected_store, second, cancelled, by):
	item = cancelled.items[0].item_code
	if by == "the store":
		message(send(connected_store, cancelled))
	else:
		ship_by(item, second)
		assert second.stats()["orders_pushed"] == 1
	restore(connected, cancelled.name)
	connected.stats()
	assert remote_of(connected, cancelled.name)["orderStatus"] == "cancelled"
	record = connected.record(cancelled.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "others ship its rows" in record.reason


def test_what_others_ship_and_the_vendor_has_shipped_all_the_same_is_an_issue(
	connected, connected_store, cancelled
):
	message(send(connected_store, cancelled))
	restore(connected, cancelled.name)
	connected.shipstation.buy_label(connected.api_key, order_key=cancelled.name)
	connected.stats()
	record = connected.record(cancelled.name)
	issue = issue_about(record.name)
	assert issue.who_acts == "Wholesaler"
	assert "The customer may get the goods twice" in issue.detail
	connected.stats()
	assert issue_about(record.name) == issue, "it is told once"


@pytest.mark.parametrize("is_amended", [False, True])
def test_an_order_whose_sales_order_is_cancelled_is_cancelled_there_again(connected, is_amended):
	document = order((connected.item, 2, 10))
	connected.stats()
	if is_amended:
		amended = amend(document)
	else:
		fresh(document).cancel()
		frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	assert remote_of(connected, document.name)["orderStatus"] == "cancelled"
	restore(connected, document.name)
	connected.stats()
	assert remote_of(connected, document.name)["orderStatus"] == "cancelled"
	record = connected.record(document.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Nobody")
	if is_amended:
		assert rows_at_vendor(connected)[-1] == amended.items[0].name


def test_a_cancelled_order_that_was_restored_and_shipped_is_the_wholesalers(connected):
	document = order((connected.item, 2, 10))
	connected.stats()
	fresh(document).cancel()
	frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	restore(connected, document.name)
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.stats()
	record = connected.record(document.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "the vendor has shipped order" in issue_about(record.name).detail


def test_an_order_that_was_shipped_although_the_vendor_said_that_it_is_not_is_no_silence(connected):
	document = order((connected.item, 2, 10))
	connected.stats()
	change_there(connected, document.name)
	fresh(document).cancel()
	frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	acknowledge = "medgrid.integrations.acknowledge"
	message(connected.caller.post(acknowledge, orders=[document.name]))
	connected.stats()
	assert connected.record(document.name).who_acts == "Vendor"
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.stats()
	record = connected.record(document.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "the vendor has shipped order" in issue_about(record.name).detail


def test_what_is_still_cancelled_costs_one_request(connected, cancelled):
	connected.shipstation.clear_received()
	connected.stats()
	paths = [each["path"] for each in connected.shipstation.received(connected.api_key)]
	assert paths.count("/orders") == 1 and not [path for path in paths if path.startswith("/orders/")]


def set_there(vendor, sales_order: str, status: str) -> None:
	remote = remote_of(vendor, sales_order)
	vendor.shipstation.set_order_status(vendor.api_key, remote["orderId"], status)


@pytest.mark.parametrize("status", ["On Hold", "Closed"])
def test_a_hold_that_the_vendor_ends_there_begins_again(connected, status):
	"""Until somebody reopens the Sales Order."""
	document, other = order((connected.item, 2, 10)), order((connected.item, 1, 10))
	connected.stats()
	for each in (document, other):
		set_status(each, status)
	wait_for_jobs()
	connected.stats()
	set_there(connected, document.name, "awaiting_shipment")
	stats = connected.stats()
	assert (stats["push_errors"], remote_of(connected, document.name)["orderStatus"]) == ([], "on_hold")
	record = connected.record(document.name)
	assert (record.status, record.is_changed, record.who_acts) == ("Sent", 0, "Nobody")
	assert "is on hold in ShipStation" in record.reason
	asked = len(connected.shipstation.received(connected.api_key))
	connected.stats()
	made = connected.shipstation.received(connected.api_key)[asked:]
	assert not [each for each in made if each["path"] == "/orders/createorder"]
	set_status(document, "Draft")
	wait_for_jobs()
	connected.stats()
	assert remote_of(connected, document.name)["orderStatus"] == "awaiting_shipment"
	assert remote_of(connected, other.name)["orderStatus"] == "on_hold"


def test_a_hold_that_the_vendor_ends_in_a_split_order_is_the_vendors_to_set_again(connected):
	document = order((connected.item, 2, 10))
	connected.stats()
	set_status(document, "On Hold")
	wait_for_jobs()
	connected.stats()
	remote = remote_of(connected, document.name)
	connected.shipstation.split_order(connected.api_key, remote["orderId"], {document.items[0].name: 1})
	connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "awaiting_shipment")
	connected.stats()
	record = connected.record(document.name)
	assert (record.is_changed, record.who_acts) == (1, "Vendor")
	assert issue_about(record.name).who_acts == "Vendor"

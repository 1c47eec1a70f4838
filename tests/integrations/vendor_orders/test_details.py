"""One order of a vendor with its history, as its page shows it."""

import frappe

from medgrid.integrations.vendor_orders.details import details
from tests.integrations.office.test_panel import chief
from tests.integrations.vendor_orders.test_acknowledge import cancel
from tests.integrations.vendor_orders.test_list_orders import listed, new_order, set_record
from tests.support.http import message
from tests.support.vendors import deliver, order
from tests.support.waiting import wait_for_jobs

__all__ = ["chief"]


def sentences(vendor, name: str) -> list[str]:
	frappe.db.rollback()
	return [event.sentence for event in details(vendor.supplier, name)["history"]]


def test_an_order_says_what_the_list_says_and_begins_with_the_moment_it_was_due(connected):
	name = new_order((connected.item, 2, 10))
	[entry] = listed(connected)["orders"]
	found = details(connected.supplier, name)
	history = found.pop("history")
	assert found == entry
	assert [event.sentence for event in history] == [
		"The order is due for you.",
		"Status since then: Waiting.",
	]
	assert all(event.at[:2] == "20" and len(event.at) == 19 for event in history)


def test_from_being_due_to_the_delivery_note_in_the_order_in_which_it_happened(connected):
	name = new_order((connected.item, 1, 10))
	connected.stats()
	number = connected.record(name).shipstation_order_id
	label = connected.shipstation.buy_label(connected.api_key, order_key=name)
	connected.stats()
	deliver(name)
	connected.stats()
	found = sentences(connected, name)
	assert found[0] == "The order is due for you." and found[-1] == "Status since then: On the Delivery Note."
	assert f"It is in ShipStation, as {number}." in found
	assert f"A label was bought: {label['trackingNumber']}." in found
	times = [event.at for event in details(connected.supplier, name)["history"]]
	assert times == sorted(times)


def test_what_failed_why_and_who_retried_it_stay_on_record(connected, chief):
	name = new_order((connected.item, 1, 10))
	connected.shipstation.fault("status", times=1, path="/orders/createorder", status=500)
	connected.sync()
	set_record(connected, name, status="Failed", reason="The address has no postal code.")
	message(connected.caller.post("medgrid.integrations.retry_orders", orders=[name]))
	wait_for_jobs()
	found = sentences(connected, name)
	assert f"Retried by {connected.user.email}." in found
	of_office = {"sales_order": name, "supplier": connected.supplier}
	set_record(connected, name, status="Failed")
	message(chief.post("medgrid.integrations.retry_vendor_order", **of_office))
	wait_for_jobs()
	assert any(sentence.endswith(" for the vendor.") for sentence in sentences(connected, name))


def test_a_retry_that_changes_nothing_leaves_no_trace(connected):
	name = new_order((connected.item, 1, 10))
	message(connected.caller.post("medgrid.integrations.retry_orders", orders=[name]))
	assert not any("Retried" in sentence for sentence in sentences(connected, name))


def test_a_cancelled_order_says_who_has_acknowledged_it(connected):
	document = order((connected.item, 1, 10))
	connected.stats()
	name = cancel(document)
	message(connected.caller.post("medgrid.integrations.acknowledge", orders=[name]))
	assert f"{connected.user.email} has said that you do not ship it." in sentences(connected, name)


def test_an_order_of_another_vendor_and_one_that_does_not_exist_are_the_same(connected, other_vendor):
	theirs = new_order((other_vendor.item, 1, 10))
	assert details(connected.supplier, theirs) is details(connected.supplier, "SAL-ORD-0") is None


def test_of_a_shared_order_each_vendor_sees_its_own_lines_and_history(connected, other_vendor):
	shared = new_order((connected.item, 1, 10), (other_vendor.item, 3, 10))
	set_record(other_vendor, shared, status="Failed", reason="Only they may read this.")
	message(other_vendor.caller.post("medgrid.integrations.retry_orders", orders=[shared]))
	found = details(connected.supplier, shared)
	assert [line["item_code"] for line in found["items"]] == [connected.item]
	assert not any(other_vendor.user.email in event.sentence for event in found["history"])

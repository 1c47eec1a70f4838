"""Orders that the vendor has split in ShipStation: MedGrid reaches one part of them only, and says so."""

import frappe
import pytest

from tests.integrations.test_amended_for_another import second, ship_by
from tests.support.changes import amend, update_items
from tests.support.vendors import Vendor, fresh, order
from tests.support.waiting import wait_for_jobs

__all__ = ["second"]


def parts_of(vendor: Vendor, sales_order: str) -> dict[str, dict]:
	"""The part that MedGrid sent and the one that the vendor has split off."""
	found = [each for each in vendor.remote_orders() if each["orderNumber"] == sales_order]
	return {"sent" if each["orderKey"] == sales_order else "split off": each for each in found}


def set_there(vendor: Vendor, part: dict, status: str) -> None:
	vendor.shipstation.set_order_status(vendor.api_key, part["orderId"], status)


@pytest.fixture
def split(connected):
	"""An order of five pieces, of which the vendor has split off three."""
	document = order((connected.item, 5, 10))
	connected.stats()
	[remote] = connected.remote_orders()
	connected.shipstation.split_order(connected.api_key, remote["orderId"], {document.items[0].name: 3})
	return document


def pieces(vendor: Vendor, sales_order: str) -> dict[str, int]:
	return {name: part["items"][0]["quantity"] for name, part in parts_of(vendor, sales_order).items()}


def test_a_change_of_a_split_order_is_not_sent_to_one_part(connected, split):
	update_items(split, (1, 6))
	stats = connected.stats()
	assert "is split in ShipStation" in stats["push_errors"][0]
	assert pieces(connected, split.name) == {"sent": 2, "split off": 3}
	record = connected.record(split.name)
	assert (record.status, record.is_changed, record.who_acts) == ("Sent", 1, "Vendor")


@pytest.mark.parametrize("then", ["cancelled", "shipped"])
def test_a_split_order_whose_sales_order_is_cancelled_is_the_vendors_to_cancel(connected, split, then):
	fresh(split).cancel()
	frappe.db.commit()
	wait_for_jobs()
	connected.stats()
	assert {part["orderStatus"] for part in parts_of(connected, split.name).values()} == {"awaiting_shipment"}
	assert connected.record(split.name).who_acts == "Vendor"
	set_there(connected, parts_of(connected, split.name)["sent"], "cancelled")
	connected.stats()
	assert connected.record(split.name).who_acts == "Vendor", "a part of it may still be shipped"
	set_there(connected, parts_of(connected, split.name)["split off"], then)
	connected.stats()
	expected = {"cancelled": "Nobody", "shipped": "Wholesaler"}
	assert connected.record(split.name).who_acts == expected[then]


def test_what_a_split_off_part_has_goes_to_nobody_else(connected, second, split):
	set_there(connected, parts_of(connected, split.name)["sent"], "cancelled")
	connected.stats()
	assert connected.record(split.name).status == "Sent"
	ship_by(connected.item, second)
	second.stats()
	assert second.remote_orders() == []
	part = parts_of(connected, split.name)["split off"]
	connected.shipstation.buy_label(connected.api_key, order_id=part["orderId"])
	connected.stats()
	assert connected.record(split.name).status == "Shipped"


def test_an_order_is_cancelled_when_all_its_parts_are(connected, split):
	for part in parts_of(connected, split.name).values():
		set_there(connected, part, "cancelled")
	connected.stats()
	assert connected.record(split.name).status == "Cancelled"


def test_the_order_that_amends_a_split_one_waits_until_all_parts_are_cancelled(connected, split):
	amended = amend(split)
	wait_for_jobs()
	assert connected.stats()["orders_pushed"] == 0
	set_there(connected, parts_of(connected, split.name)["sent"], "cancelled")
	assert connected.stats()["orders_pushed"] == 0
	set_there(connected, parts_of(connected, split.name)["split off"], "cancelled")
	connected.stats()
	connected.stats()
	assert pieces(connected, amended.name) == {"sent": 5}


def test_another_programs_order_of_the_same_number_is_no_part(connected):
	document = order((connected.item, 5, 10))
	connected.stats()
	[remote] = connected.remote_orders()
	other = {**remote, "orderKey": "other", "items": [{**remote["items"][0], "lineItemKey": "theirs"}]}
	connected.shipstation.save_order(connected.api_key, other)
	update_items(document, (1, 6))
	assert connected.stats()["push_errors"] == []
	assert pieces(connected, document.name)["sent"] == 6


def part_issue(vendor: Vendor, sales_order: str):
	frappe.db.rollback()
	record = vendor.record(sales_order)
	filters = {"issue_type": "shipstation/part_cancelled", "reference_name": record.name}
	found = frappe.get_all("Integration Issue", {**filters, "open_key": ("is", "set")}, ["*"])
	return found[0] if found else None


@pytest.mark.parametrize("is_shipped", [False, True])
@pytest.mark.parametrize(("cancelled", "missing"), [("sent", 2), ("split off", 3)])
def test_what_is_in_a_cancelled_part_is_told_once(connected, split, cancelled, missing, is_shipped):
	parts = parts_of(connected, split.name)
	other = next(part for name, part in parts.items() if name != cancelled)
	if is_shipped:
		connected.shipstation.buy_label(connected.api_key, order_id=other["orderId"])
		connected.stats()
	set_there(connected, parts[cancelled], "cancelled")
	for _time in range(2):
		assert connected.stats()["pull_errors"] == []
	issue = part_issue(connected, split.name)
	assert (issue.who_acts, issue.attempts) == ("Wholesaler", 1)
	assert f"will not ship: {missing} × {connected.item}." in issue.detail
	record = connected.record(split.name)
	assert (record.status, record.who_acts) == ("Shipped" if is_shipped else "Sent", "Wholesaler")


def test_a_cancelled_part_that_is_restored_is_no_issue_any_more(connected, split):
	part = parts_of(connected, split.name)["split off"]
	set_there(connected, part, "cancelled")
	connected.stats()
	set_there(connected, part, "awaiting_shipment")
	connected.stats()
	assert part_issue(connected, split.name) is None
	assert connected.record(split.name).who_acts == "Nobody"


def test_an_order_whose_last_part_is_cancelled_is_cancelled(connected, split):
	for name in ("split off", "sent"):
		set_there(connected, parts_of(connected, split.name)[name], "cancelled")
		connected.stats()
	assert part_issue(connected, split.name) is None
	assert connected.record(split.name).status == "Cancelled"


def test_what_the_vendor_ships_in_another_part_is_not_missing(connected, split):
	"""The vendor puts it all into one part again by hand."""
	parts = parts_of(connected, split.name)
	set_there(connected, parts["split off"], "cancelled")
	whole = {**parts["sent"], "items": [{**parts["sent"]["items"][0], "quantity": 5}]}
	connected.shipstation.save_order(connected.api_key, whole)
	connected.stats()
	assert part_issue(connected, split.name) is None

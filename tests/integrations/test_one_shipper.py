"""One line, one shipper: no row goes to two of ShipStation and the store."""

import random

import frappe
import pytest

from medgrid.orders.shippers import Preference
from tests.support.changes import amend, update_items
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.store import sold_item
from tests.support.vendors import order

SEND = "medgrid.exoceuticals.sync_to_exoceuticals"


@pytest.fixture
def both(connected, connected_store):
	"""An Item that the vendor and Exoceuticals could both ship."""
	defaults = [{"company": "Skydell Medical", "default_supplier": connected.supplier}]
	return sold_item(connected_store, item_defaults=defaults)


@pytest.fixture
def prefer(site):
	def choose(preference: Preference) -> None:
		site.db.set_single_value("Medgrid Settings", "rows_sold_by_both_are_shipped_by", preference.value)
		site.db.commit()

	yield choose
	choose(Preference.FIRST)


def send(store, sales_order, **values):
	return store.caller.post(SEND, sales_order=sales_order.name, **values)


def rows_at_vendor(vendor) -> list[str]:
	return [item["lineItemKey"] for remote in vendor.remote_orders() for item in remote["items"]]


def test_what_the_vendor_has_is_not_sent_to_the_store(connected, connected_store, both):
	sales_order = order((both, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert f"are shipped by {connected.supplier}" in sentence
	row = sales_order.items[0].name
	sentence = error(send(connected_store, sales_order, line_items=[row]), 417, "ValidationError")
	assert f"Row 1 ({both}) is shipped by {connected.supplier}" in sentence
	assert connected_store.control.orders(connected_store.domain) == []


def test_a_row_on_its_way_to_the_vendor_with_a_change_is_not_sent_to_the_store(
	connected, connected_store, both
):
	"""The answer is lost: ShipStation has the new row, and MedGrid does not know it yet."""
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	sales_order = update_items(sales_order, (both, 1, 10))
	connected.shipstation.fault("drop_after", path="/orders/createorder", times=None)
	connected.stats()
	assert rows_at_vendor(connected) == [row.name for row in sales_order.items]
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert f"shipped by {connected.supplier}" in sentence
	assert connected_store.control.orders(connected_store.domain) == []


@pytest.mark.parametrize("outcome", ["known", "unknown"])
def test_what_the_store_has_of_an_amended_order_is_not_sent_to_the_vendor(
	connected, connected_store, both, outcome, monkeypatch
):
	"""The job that takes the original's order over has not run, or does not know yet whether there is one."""
	document = order((both, 1, 10), (connected.item, 1, 10))
	if outcome == "unknown":
		connected_store.control.fault("drop_after", operation="order_create")
	send(connected_store, document)
	monkeypatch.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
	amended = amend(document)
	assert connected.stats()["orders_pushed"] == 1
	assert rows_at_vendor(connected) == [amended.items[1].name]


@pytest.mark.parametrize("end", ["open", "shipped", "cancelled"])
def test_what_the_vendor_has_of_an_amended_order_is_not_sent_to_the_store(
	connected, connected_store, both, end
):
	document = order((both, 1, 10))
	connected.stats()
	if end == "shipped":
		connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	amended = amend(document)
	if end == "cancelled":
		# The sync cancels it in ShipStation, and the wholesaler takes the vendor away.
		prevent = {"parent": both, "company": "Skydell Medical"}
		frappe.db.set_value("Item Default", prevent, "default_supplier", None)
		frappe.db.commit()
		connected.stats()
		assert connected.remote_orders()[0]["orderStatus"] == "cancelled"
		assert message(send(connected_store, amended))
		return
	sentence = error(send(connected_store, amended), 417, "ValidationError")
	assert f"shipped by {connected.supplier}" in sentence
	assert connected_store.control.orders(connected_store.domain) == []


def test_what_the_store_has_is_not_sent_to_the_vendor(connected, connected_store, both):
	sales_order = order((both, 1, 10), (connected.item, 1, 10))
	assert message(send(connected_store, sales_order))
	assert connected.stats()["orders_pushed"] == 1
	assert rows_at_vendor(connected) == [sales_order.items[1].name]


def test_an_order_that_the_store_has_whole_is_not_the_vendors(connected, connected_store, both):
	sales_order = order((both, 1, 10))
	assert message(send(connected_store, sales_order))
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	record = connected.record(sales_order.name)
	# It has a record if its rows were due before the store took them.
	assert record is None or record.status == "Not Ours"


def test_an_attempt_whose_outcome_is_unknown_keeps_its_rows(connected, connected_store, both):
	sales_order = order((both, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	assert connected.stats()["orders_pushed"] == 0


def test_an_order_that_release_0_1_sent_to_the_store_keeps_all_that_the_store_sells(
	connected, connected_store, both
):
	sales_order = order((both, 1, 10), (connected.item, 1, 10))
	message(send(connected_store, sales_order))
	write_values("Exoceuticals Order", {"sales_order": sales_order.name}, "lines", None)
	connected.stats()
	assert rows_at_vendor(connected) == [sales_order.items[1].name]
	other = order((both, 1, 10))
	other.db_set("exoceuticals_order_id", "gid://shopify/Order/77", commit=True)
	assert connected.stats()["orders_pushed"] == 0


@pytest.mark.parametrize("preference", list(Preference))
def test_the_setting_says_who_gets_what_both_could_ship(connected, connected_store, both, prefer, preference):
	prefer(preference)
	first, second = order((both, 1, 10)), order((both, 1, 10))
	answer = send(connected_store, first)
	connected.stats()
	goes_to_store = preference is not Preference.VENDORS
	goes_to_vendor = [second] if preference is Preference.FIRST else []
	if not goes_to_store:
		assert "are shipped by" in error(answer, 417, "ValidationError")
		goes_to_vendor = [first, second]
	expected = sorted(document.items[0].name for document in goes_to_vendor)
	assert sorted(rows_at_vendor(connected)) == expected
	assert len(connected_store.control.orders(connected_store.domain)) == int(goes_to_store)


def test_a_drop_shipped_row_goes_to_its_own_supplier(connected, other_vendor, connected_store, both):
	other_vendor.connect()
	sales_order = order((both, 1, 10), (connected.item, 1, 10))
	row = sales_order.items[0]
	row.db_set({"delivered_by_supplier": 1, "supplier": other_vendor.supplier}, commit=True)
	assert "are shipped by" in error(send(connected_store, sales_order), 417, "ValidationError")
	connected.stats()
	other_vendor.stats()
	assert rows_at_vendor(connected) == [sales_order.items[1].name]
	assert rows_at_vendor(other_vendor) == [row.name]


@pytest.mark.parametrize(
	("field", "value", "words"),
	[("skip_delivery_note", 1, "without delivery"), ("order_type", "Maintenance", "is a maintenance order")],
)
def test_an_order_without_delivery_goes_nowhere(connected, connected_store, both, field, value, words):
	sales_order = order((both, 1, 10))
	sales_order.db_set(field, value, commit=True)
	assert words in error(send(connected_store, sales_order), 417, "ValidationError")
	assert connected.stats()["orders_pushed"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_first_each_row_goes_to_exactly_one(connected, connected_store, both, seed):
	chance = random.Random(seed)
	orders = [order((both, 1, 10), (connected.item, 1, 10)) for _number in range(3)]
	for document in chance.sample(orders, 3):
		for is_vendors in chance.sample([True, False], 2):
			connected.stats() if is_vendors else send(connected_store, document)
	connected.stats()
	at_vendor = rows_at_vendor(connected)
	of_store = [
		row
		for record in frappe.get_all("Exoceuticals Order", {"order_id": ("is", "set")}, pluck="lines")
		for row in frappe.parse_json(record or "[]")
		if row in {row.name for document in orders for row in document.items}
	]
	rows = [row.name for document in orders for row in document.items]
	assert sorted([*at_vendor, *of_store]) == sorted(rows)
	assert len(connected_store.control.orders(connected_store.domain)) == len(of_store)

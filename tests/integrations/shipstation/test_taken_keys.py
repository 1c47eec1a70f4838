"""ShipStation has one order for each key: an order of others under our key is not overwritten.

Real life: a copy of the site, test and production on one account, two companies, a restored database, the
vendor's own order.
"""

import copy
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import frappe
import pytest

from medgrid.integrations.connections import records
from medgrid.integrations.connections.credentials import credentials_of
from medgrid.integrations.shipstation.client import client_with
from tests.support.http import message
from tests.support.records import write_values
from tests.support.vendors import failing_since_days, order
from tests.support.waiting import wait_for_jobs

TAKEN = "already has an order {} with other lines"
CLINIC = {"name": "Other Clinic", "street1": "1 Main St", "city": "San Diego", "state": "CA"}
CLINIC |= {"postalCode": "92101", "country": "US", "phone": "619-555-0100"}


def other_order(key: str, items: list[dict], status: str = "awaiting_shipment") -> dict:
	"""An order that another system sent to the same account."""
	named = [{"sku": "OTHER", "name": "Other", "quantity": 3, "unitPrice": 7, **item} for item in items]
	head = {"orderNumber": key, "orderKey": key, "orderDate": "2026-11-01", "orderStatus": status}
	return {**head, "billTo": CLINIC, "shipTo": CLINIC, "items": named, "amountPaid": 21}


OTHERS: dict[str, Callable[[str], list[dict]]] = {
	"another system's lines": lambda ours: [{"lineItemKey": "8841"}],
	"a restored database's rows": lambda ours: [{"lineItemKey": "a1b2c3d4e5"}, {"lineItemKey": "f6a7b8c9d0"}],
	"lines without a key": lambda ours: [{}],
	"one of our rows and another line": lambda ours: [{"lineItemKey": ours}, {"lineItemKey": "8841"}],
	"one of our rows and a line without a key": lambda ours: [{"lineItemKey": ours}, {}],
}


@pytest.fixture
def due(connected):
	return order((connected.item, 2, 10))


def taken_by(vendor, sales_order, items: list[dict], status: str = "awaiting_shipment") -> list[dict]:
	"""Others have an order under this key; returns what ShipStation has."""
	vendor.shipstation.save_order(vendor.api_key, other_order(sales_order.name, items, status))
	return copy.deepcopy(vendor.remote_orders())


def is_parked(vendor, sales_order) -> bool:
	record = vendor.record(sales_order.name)
	return (record.status, record.who_acts, record.shipstation_order_id) == (
		"Failed",
		"Vendor",
		None,
	) and TAKEN.format(sales_order.name) in record.reason


@pytest.mark.parametrize("status", ["awaiting_shipment", "on_hold", "shipped", "cancelled"])
@pytest.mark.parametrize("kind", OTHERS)
def test_an_order_of_others_is_not_overwritten_and_the_vendor_sees_why(connected, due, kind, status):
	before = taken_by(connected, due, OTHERS[kind](due.items[0].name), status)
	stats = connected.stats()
	assert connected.remote_orders() == before
	assert stats["orders_pushed"] == 0
	[sentence] = stats["push_errors"]
	assert sentence.startswith(f"{due.name}: Your ShipStation account {TAKEN.format(due.name)}")
	assert is_parked(connected, due)
	assert not frappe.db.get_value("Sales Order", due.name, "shipstation_order_id")


def test_every_sync_says_it_again_and_the_others_go_on(connected, due):
	before = taken_by(connected, due, [{}])
	second = order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	for _sync in range(2):
		stats = connected.stats()
		assert stats["orders_pushed"] == 0
		assert [TAKEN.format(due.name) in sentence for sentence in stats["push_errors"]] == [True]
	assert connected.remote_orders()[0] == before[0]
	assert connected.record(second.name).status == "Sent"
	assert connected.record(due.name).attempts == 1


def test_an_order_goes_out_when_its_key_is_free(connected, due):
	taken_by(connected, due, [{}])
	connected.stats()
	connected.shipstation.remove_order(connected.api_key, due.name)
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (1, [])
	assert connected.record(due.name).status == "Sent"
	assert [item["lineItemKey"] for item in connected.remote_orders()[0]["items"]] == [due.items[0].name]


def test_a_parked_order_that_is_cancelled_is_not_reported_any_more(connected, due):
	taken_by(connected, due, [{}])
	connected.stats()
	frappe.get_doc("Sales Order", due.name).cancel()
	frappe.db.commit()
	assert connected.stats()["push_errors"] == []
	assert connected.record(due.name).status == "Cancelled"


def test_an_order_of_ours_whose_record_is_lost_stays_one_order(connected, due):
	connected.stats()
	remote = connected.remote_orders()[0]["orderId"]
	frappe.db.delete("ShipStation Order", {"sales_order": due.name})
	write_values("Sales Order", due.name, "shipstation_order_id", None)
	assert connected.stats()["orders_pushed"] == 1
	assert [each["orderId"] for each in connected.remote_orders()] == [remote]
	assert connected.record(due.name).shipstation_order_id == str(remote)


def test_an_order_of_others_is_not_taken_for_the_one_whose_answer_was_lost(connected, due):
	connected.shipstation.fault("status", status=500, path="/orders/createorder", times=None)
	connected.sync()
	assert connected.record(due.name).status == "Outcome Unknown"
	connected.shipstation.clear_faults()
	before = taken_by(connected, due, [{"lineItemKey": "8841"}])
	assert connected.stats()["orders_pushed"] == 0
	assert connected.remote_orders() == before
	assert is_parked(connected, due)


def test_the_one_whose_answer_was_lost_is_found_though_the_vendor_added_a_line(connected, due):
	connected.shipstation.fault("drop_after", path="/orders/createorder", times=None)
	connected.sync()
	assert connected.record(due.name).status == "Outcome Unknown"
	connected.shipstation.clear_faults()
	remote = connected.remote_orders()[0]
	added = [*({"lineItemKey": item["lineItemKey"]} for item in remote["items"]), {}]
	connected.shipstation.save_order(connected.api_key, other_order(due.name, added))
	assert connected.stats()["orders_pushed"] == 1
	assert connected.record(due.name).shipstation_order_id == str(remote["orderId"])


# how many requests it takes


def requests_of(vendor) -> Counter:
	return Counter(f"{each['method']} {each['path']}" for each in vendor.shipstation.received(vendor.api_key))


def test_one_request_looks_for_all_orders_of_a_sync(connected):
	for _number in range(25):
		order((connected.item, 1, 10))
	connected.shipstation.set_limit(connected.api_key, 1000, 60)
	connected.shipstation.clear_received()
	assert connected.stats()["orders_pushed"] == 25
	asked = requests_of(connected)
	assert (asked["GET /orders"], asked["POST /orders/createorder"]) == (1, 25)


def test_nothing_is_looked_for_when_nothing_is_due(connected):
	order((connected.item, 1, 10))
	connected.stats()
	connected.shipstation.clear_received()
	connected.stats()
	received = connected.shipstation.received(connected.api_key)
	# It also asks which orders are cancelled there.
	assert [each["query"] for each in received if "orderNumber" in each["query"]] == []


# the search


@pytest.fixture
def client(connected):
	connected.shipstation.set_limit(connected.api_key, 1000, 60)
	connection = records.get(connected.connection())
	with client_with(credentials_of(connection), float("inf"), window=None) as client:
		connected.shipstation.clear_received()
		yield client


def test_of_orders_whose_numbers_begin_alike_each_is_found(connected, client):
	keys = [f"SO-{number}" for number in (1, 10, 100, 1000)]
	connected.shipstation.make_orders(connected.api_key, keys=keys)
	found = client.find_orders([*keys, "SO-2"]).orders
	assert {key: order.orderKey for key, order in found.items()} == {key: key for key in keys}
	assert requests_of(connected)["GET /orders"] == 1
	assert client.find_order("SO-10").orderKey == "SO-10"
	assert client.find_order("SO-2") is None


def test_an_order_behind_hundreds_of_others_is_found(connected, client):
	"""ShipStation gives 500 a page."""
	keys = [*(f"X{number:04d}" for number in range(1100)), "X"]
	connected.shipstation.make_orders(connected.api_key, keys=keys)
	assert client.find_order("X").orderKey == "X"
	assert client.find_order("X0001").orderKey == "X0001"


def test_a_search_that_finds_too_much_is_made_narrower(connected, client):
	keys = [f"SAL-ORD-2026-{number:05d}" for number in range(3000)]
	connected.shipstation.make_orders(connected.api_key, keys=keys)
	wanted = [keys[7], keys[1500], keys[2998], "SAL-ORD-2026-99999", "OTHER-1"]
	assert sorted(client.find_orders(wanted).orders) == [keys[7], keys[1500], keys[2998]]
	assert requests_of(connected)["GET /orders"] <= 10


def test_a_search_for_nothing_asks_nothing(connected, client):
	assert client.find_orders([]).orders == {}
	assert requests_of(connected)["GET /orders"] == 0


# what a new account takes up


def reconnected(vendor):
	"""The vendor with another ShipStation account in place of this one."""
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	vendor.shipstation.add_account(key, secret)
	vendor = replace(vendor, api_key=key, api_secret=secret)
	assert vendor.connect()["ok"] is True
	return vendor


def test_the_first_sync_of_a_new_account_takes_up_an_order_whose_key_was_taken_in_the_old_one(connected, due):
	taken_by(connected, due, [{}])
	connected.stats()
	assert is_parked(connected, due)
	new = reconnected(connected)
	assert new.stats()["orders_pushed"] == 1
	assert [entry["orderKey"] for entry in new.remote_orders()] == [due.name]


def test_an_order_that_has_failed_before_its_key_was_taken_goes_out_when_it_is_free(connected, due):
	connected.shipstation.fault("status", path="/orders/createorder", status=400)
	connected.sync()
	assert connected.record(due.name).first_failed_at
	taken_by(connected, due, [{}])
	connected.sync()
	assert is_parked(connected, due)
	connected.shipstation.remove_order(connected.api_key, due.name)
	assert connected.stats()["orders_pushed"] == 1


def test_an_order_that_was_tried_for_days_waits_for_a_retry_also_in_a_new_account(connected, due):
	fault = {"path": "/orders/createorder", "status": 400}
	connected.shipstation.fault("status", times=None, **fault)
	connected.sync()
	failing_since_days(connected.record(due.name), 3)
	connected.sync()
	assert connected.record(due.name).status == "Failed"
	connected.shipstation.clear_faults()
	new = reconnected(connected)
	for _sync in range(2):
		assert new.stats()["orders_pushed"] == 0
	assert connected.record(due.name).status == "Failed"
	answer = message(new.caller.post("medgrid.integrations.retry_orders", orders=[due.name]))
	assert answer["retried"] == [due.name]
	wait_for_jobs()
	new.sync()
	assert connected.record(due.name).status == "Sent"

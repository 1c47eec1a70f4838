"""A vendor who connects ShipStation with a start date gets no older orders; without one, all open ones."""

import frappe
import pytest
from frappe.utils import add_days, today

from medgrid.integrations.shipstation.due.register import make_records
from tests.integrations.vendor_orders.test_list_orders import new_order
from tests.support.http import message
from tests.support.records import write_values
from tests.support.waiting import wait_for_jobs, wait_until_equal

COUNT = "medgrid.integrations.count_orders_since"


@pytest.fixture
def orders(vendor):
	"""The names of open orders of ten days ago, of yesterday and of today."""
	made = [new_order((vendor.item, 1, 10)) for _number in range(3)]
	for name, days in zip(made, (-10, -1, 0), strict=True):
		write_values("Sales Order", name, "transaction_date", add_days(today(), days))
	frappe.db.commit()
	return made


def states(vendor, orders) -> list[str]:
	return [vendor.record(name).status for name in orders]


def sent(vendor) -> set[str]:
	return {each["orderKey"] for each in vendor.remote_orders()}


def count(vendor, days: int) -> int:
	return message(vendor.caller.get(COUNT, orders_since=add_days(today(), days)))["orders"]


def test_it_is_known_before_how_many_would_go(vendor, other_vendor, orders):
	assert [count(vendor, days) for days in (-30, -10, -9, 0, 1)] == [3, 3, 2, 1, 0]
	assert count(other_vendor, -30) == 0


def test_older_orders_are_not_sent_and_do_not_wait(vendor, orders):
	assert vendor.connect(orders_since=add_days(today(), -1))["ok"] is True
	vendor.stats()
	assert sent(vendor) == set(orders[1:])
	wait_until_equal(lambda: states(vendor, orders), ["Not Ours", "Sent", "Sent"])
	# Nor later, when somebody changes the order.
	make_records(orders[0])
	vendor.stats()
	assert states(vendor, orders)[0] == "Not Ours" and sent(vendor) == set(orders[1:])


def test_without_a_date_all_open_orders_are_sent(vendor, orders):
	vendor.connect()
	vendor.stats()
	assert sent(vendor) == set(orders)


def test_connecting_again_keeps_the_date_and_another_date_replaces_it(vendor, orders):
	vendor.connect(orders_since=today())
	vendor.connect()
	vendor.stats()
	assert sent(vendor) == {orders[2]}
	wait_for_jobs()
	vendor.connect(orders_since=add_days(today(), -30))
	wait_until_equal(lambda: states(vendor, orders[:2]), ["Waiting", "Waiting"])
	vendor.stats()
	assert sent(vendor) == set(orders)


@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01", "1/2/2026"])
def test_what_is_no_date_is_refused_and_nothing_is_stored(vendor, wrong):
	answer = vendor.caller.post(
		"medgrid.integrations.connect_shipstation",
		api_key=vendor.api_key,
		api_secret=vendor.api_secret,
		orders_since=wrong,
	)
	assert answer.status_code == 400
	assert vendor.caller.get(COUNT, orders_since=wrong).status_code == 400
	assert vendor.entry()["status"] == "not_connected"

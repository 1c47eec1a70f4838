"""A connection belongs to a Supplier; a Supplier may connect several accounts."""

import secrets
from dataclasses import replace

import frappe
import pytest

from tests.support import people
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.vendors import Vendor, colleague_of, order

RPC = "medgrid.integrations."


@pytest.fixture
def colleague(environment, connected) -> Vendor:
	"""Another portal user of the Supplier."""
	return colleague_of(environment, connected)


@pytest.fixture
def second(connected, shipstation) -> Vendor:
	"""The vendor with a second ShipStation account, named "Europe"."""
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	shipstation.add_account(key, secret)
	vendor = replace(connected, api_key=key, api_secret=secret)
	assert vendor.connect(account="Europe")["ok"] is True
	return vendor


def actions(connection: str) -> list[str]:
	frappe.db.rollback()
	filters = {"reference_doctype": "Vendor Connection", "reference_name": connection}
	return frappe.get_all("Comment", filters=filters, pluck="content", order_by="creation asc")


def connections_of(vendor: Vendor) -> dict[str, str]:
	"""The status of each account of ShipStation."""
	frappe.db.rollback()
	filters = {"supplier": vendor.supplier, "integration": "shipstation"}
	rows = frappe.get_all("Vendor Connection", filters=filters, fields=["account_name", "status"])
	return {row.account_name: row.status for row in rows}


# portal users of one Supplier


def test_a_colleague_sees_the_connection(connected, colleague):
	assert colleague.entry() == connected.entry()
	assert colleague.entry()["status"] == "connected"


def test_a_colleague_tests_syncs_and_disconnects_it_and_it_is_on_record(connected, colleague):
	order((connected.item, 1, 10))
	name = connected.connection()
	test = colleague.caller.post(f"{RPC}test_connection", integration_type="shipstation")
	assert message(test) == {"ok": True, "error": None}
	assert colleague.stats()["orders_pushed"] == 1
	frappe.db.rollback()
	[run] = frappe.get_all("Sync Run", filters={"connection": name}, pluck="owner")
	assert run == colleague.user.email
	message(colleague.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	assert connected.entry()["status"] == "not_connected"
	assert actions(name) == [
		f"Connected by {connected.user.email}.",
		f"Disconnected by {colleague.user.email}.",
	]


def test_a_colleague_who_connects_replaces_the_credentials_and_keeps_the_records(connected, colleague):
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	name = connected.connection()
	connected.shipstation.add_account("mgt-new-key", "mgt-new-secret")
	assert replace(colleague, api_key="mgt-new-key", api_secret="mgt-new-secret").connect()["ok"] is True
	assert connected.connection() == name
	assert connected.record(sales_order.name).connection == name
	assert connections_of(connected) == {"default": "connected"}


def test_a_user_of_another_supplier_reaches_nothing_of_it(connected, other_vendor):
	before = connected.entry()
	for rpc in ("test_connection", "sync_now"):
		answer = other_vendor.caller.post(f"{RPC}{rpc}", integration_type="shipstation", account="default")
		assert "not connected" in error(answer, 417, "ValidationError")
	message(other_vendor.caller.post(f"{RPC}disconnect", integration_type="shipstation", account="default"))
	assert connected.entry() == before


def test_a_user_who_leaves_the_supplier_reaches_it_no_more_and_stops_nothing(connected, colleague, site):
	site.db.delete("Portal User", {"user": connected.user.email})
	site.db.commit()
	assert connected.entry()["status"] == "not_connected"
	sales_order = order((connected.item, 1, 10))
	assert colleague.stats()["orders_pushed"] == 1
	assert [entry["orderKey"] for entry in connected.remote_orders()] == [sales_order.name]


def test_a_disabled_user_stops_nothing_and_a_disabled_supplier_everything(connected, site):
	from medgrid.integrations import turns

	name = connected.connection()
	people.lock(connected.user.email)
	try:
		site.db.set_value("User", connected.user.email, "enabled", 0)
		write_values("Vendor Connection", name, {"next_sync_at": None, "queued_at": None})
		assert name in turns.due_connections(10**4)
		site.db.set_value("Supplier", connected.supplier, "disabled", 1)
		assert name not in turns.due_connections(10**4)
	finally:
		site.db.rollback()


# several accounts


def test_a_second_account_is_a_connection_of_its_own(connected, second):
	assert connections_of(connected) == {"default": "connected", "Europe": "connected"}
	listed = message(connected.caller.get(f"{RPC}list_connections"))["integrations"]
	assert [entry["id"] for entry in listed] == ["shipstation", "shopify", "sendblue"]


def test_without_a_name_the_first_account_is_meant(connected, second):
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	assert connections_of(connected) == {"default": "not_connected", "Europe": "connected"}
	assert connected.entry()["status"] == "not_connected"
	connected.connect()
	assert connections_of(connected) == {"default": "connected", "Europe": "connected"}


def test_each_call_takes_an_account(connected, second):
	account = {"integration_type": "shipstation", "account": "Europe"}
	second.shipstation.add_account(second.api_key, "rotated")
	assert message(second.caller.post(f"{RPC}test_connection", **account))["ok"] is False
	assert connections_of(connected) == {"default": "connected", "Europe": "error"}
	assert message(second.caller.post(f"{RPC}sync_now", **account))["ok"] is False
	message(second.caller.post(f"{RPC}disconnect", **account))
	assert connections_of(connected) == {"default": "connected", "Europe": "not_connected"}
	for rpc in ("test_connection", "sync_now"):
		answer = second.caller.post(f"{RPC}{rpc}", integration_type="shipstation", account="nowhere")
		assert "not connected" in error(answer, 417, "ValidationError")


@pytest.mark.parametrize("name", [5, ["a"], {"a": 1}, "x" * 61])
def test_an_account_is_a_short_text(connected, name):
	answer = connected.caller.post(f"{RPC}sync_now", integration_type="shipstation", account=name)
	assert answer.status_code == 400, answer.text


def test_the_first_account_sends_and_each_pulls_the_tracking_of_its_own(connected, second):
	first_order = order((connected.item, 1, 10))
	assert second.stats(account="Europe")["orders_pushed"] == 0
	assert connected.stats()["orders_pushed"] == 1
	message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	second_order = order((connected.item, 1, 10))
	assert second.stats(account="Europe")["orders_pushed"] == 1
	assert [entry["orderKey"] for entry in second.remote_orders()] == [second_order.name]
	connected.connect()
	connected.shipstation.buy_label(connected.api_key, order_key=first_order.name)
	second.shipstation.buy_label(second.api_key, order_key=second_order.name)
	assert second.stats(account="Europe")["tracking_pulled"] == 1
	assert connected.record(first_order.name).tracking_number is None
	assert connected.stats()["tracking_pulled"] == 1
	for sales_order in (first_order, second_order):
		assert connected.record(sales_order.name).tracking_number


def test_connecting_one_account_name_twice_at_once_makes_one_connection(connected, shipstation):
	from concurrent.futures import ThreadPoolExecutor

	with ThreadPoolExecutor(4) as pool:
		calls = [pool.submit(connected.connect, account="Europe") for _click in range(4)]
		assert all(call.result()["ok"] for call in calls)
	assert sorted(connections_of(connected)) == ["Europe", "default"]


# alerts


def test_every_user_with_a_phone_is_texted(connected, colleague, sendblue):
	from tests.support.sendblue import alerts, connect

	other_phone = "+15557654321"
	connect(connected, sendblue)
	connect(colleague, sendblue, other_phone)
	connected.shipstation.add_account(connected.api_key, "rotated")
	assert colleague.sync()["ok"] is False
	assert len(alerts(sendblue)) == len(alerts(sendblue, other_phone)) == 1

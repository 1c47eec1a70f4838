"""The registry and the vendors' connections, over HTTP. Contract: "list_connections" to "disconnect"."""

import time

import frappe
import pytest

from tests.support.http import error, message

ENTRY_KEYS = {
	"id",
	"label",
	"tagline",
	"auth_kind",
	"status",
	"last_sync_at",
	"last_error",
	"stats",
	"has_credentials",
	"credential_keys",
	"permits",
	"what_we_push",
	"what_we_pull",
}
CONNECT = "/api/method/medgrid.integrations.connect_shipstation"
ENDPOINTS = {
	"list_connections": ("GET", {}),
	"connect_shipstation": ("POST", {"api_key": "a", "api_secret": "b"}),
	"test_connection": ("POST", {"integration_type": "shipstation"}),
	"sync_now": ("POST", {"integration_type": "shipstation"}),
	"disconnect": ("POST", {"integration_type": "shipstation"}),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_guest_gets_401(anonymous, endpoint):
	verb, values = ENDPOINTS[endpoint]
	answer = anonymous.request(verb, f"/api/method/medgrid.integrations.{endpoint}", json=values)
	error(answer, 401, "AuthenticationError")


# list_connections


def test_before_connecting_all_three_integrations_are_listed_as_not_connected(vendor):
	listed = message(vendor.caller.get("medgrid.integrations.list_connections"))
	assert listed["user"] == vendor.user.email
	assert [entry["id"] for entry in listed["integrations"]] == ["shipstation", "shopify", "sendblue"]
	for entry in listed["integrations"]:
		assert set(entry) == ENTRY_KEYS - {"credential_keys"}
		assert (entry["status"], entry["has_credentials"]) == ("not_connected", False)
		assert (entry["last_sync_at"], entry["last_error"], entry["stats"]) == (None, None, {})


def test_a_connected_shipstation_is_the_contracts_connection_object(connected):
	order_stats = connected.stats()
	entry = connected.entry()
	assert set(entry) == ENTRY_KEYS
	last_sync_at = entry.pop("last_sync_at")
	assert entry == {
		"id": "shipstation",
		"label": "ShipStation",
		"tagline": "Push your MedGrid orders into ShipStation, pull tracking back.",
		"auth_kind": "api_key_secret",
		"status": "connected",
		"last_error": None,
		"stats": {"orders_pushed": 0, "tracking_pulled": 0},
		"has_credentials": True,
		"credential_keys": ["api_key", "api_secret"],
		"permits": ["orders.write", "tracking.read"],
		"what_we_push": ["MedGrid Sales Orders (line items, ship-to address, weight)"],
		"what_we_pull": ["Tracking numbers", "Carrier + service", "Ship date"],
	}
	assert abs(time.time() - epoch(last_sync_at)) < 120
	assert order_stats["round_trip_ok"] is True


def epoch(utc: str) -> float:
	from calendar import timegm

	return timegm(time.strptime(utc, "%Y-%m-%d %H:%M:%S"))


def test_labels_are_the_contracts(vendor):
	listed = message(vendor.caller.get("medgrid.integrations.list_connections"))["integrations"]
	assert [entry["label"] for entry in listed] == ["ShipStation", "Shopify", "SMS / iMessage support"]


# connect_shipstation


def test_good_credentials_are_tested_first_and_stored(vendor):
	assert vendor.connect() == {"ok": True, "integration": "shipstation", "status": "connected"}
	requests = vendor.shipstation.received(vendor.api_key)
	assert [(request["method"], request["path"]) for request in requests] == [("GET", "/accounts/listtags")]
	assert vendor.entry()["status"] == "connected"


def test_rejected_credentials_are_answered_in_the_contracts_words_and_nothing_is_stored(vendor):
	assert vendor.connect(api_secret="wrong") == {
		"ok": False,
		"error": "Invalid API Key or Secret — ShipStation rejected the credentials.",
		"status": "error",
	}
	assert vendor.connection() is None
	assert vendor.entry()["status"] == "not_connected"


def test_rejected_new_credentials_leave_the_old_ones_working(connected):
	assert connected.connect(api_secret="wrong")["ok"] is False
	assert connected.entry()["status"] == "connected"
	assert connected.stats()["round_trip_ok"] is True


@pytest.mark.parametrize(
	"changes", [{"api_key": ""}, {"api_secret": "   "}, {"api_key": "", "api_secret": ""}]
)
def test_a_blank_key_or_secret_is_the_contracts_400(vendor, changes):
	credentials = {"api_key": "a", "api_secret": "b", **changes}
	answer = vendor.caller.post("medgrid.integrations.connect_shipstation", **credentials)
	assert error(answer, 400, "ValidationError") == "Both API Key and API Secret are required."
	assert answer.json()["exception"] == (
		"frappe.exceptions.ValidationError: Both API Key and API Secret are required."
	)


def test_missing_credentials_are_the_contracts_400(vendor):
	answer = vendor.caller.post("medgrid.integrations.connect_shipstation")
	assert error(answer, 400, "ValidationError") == "Both API Key and API Secret are required."


@pytest.mark.parametrize(
	("fault", "options", "sentence"),
	[
		("status", {"status": 503, "times": None}, "ShipStation is unavailable (HTTP 503). Try again later."),
		("status", {"status": 402}, "plan does not include API access"),
		("malformed", {"times": None}, "unexpected response"),
		("null", {"times": None}, "unexpected response"),
		("drop_after", {"times": None}, "did not answer"),
		("half", {"times": None}, "did not answer"),
	],
)
def test_a_shipstation_that_fails_otherwise_is_a_different_clear_error_and_stores_nothing(
	vendor, fault, options, sentence
):
	vendor.shipstation.fault(fault, **options)
	answer = vendor.connect()
	assert (answer["ok"], answer["status"]) == (False, "error")
	assert sentence in answer["error"]
	assert "rejected" not in answer["error"]
	assert vendor.connection() is None


def test_a_passing_fault_is_retried(vendor):
	vendor.shipstation.fault("status", status=500, times=2)
	assert vendor.connect()["ok"] is True


def test_a_429_storm_ends_after_three_retries_with_a_clear_error(vendor):
	vendor.shipstation.fault("too_many", times=None, seconds=1)
	answer = vendor.connect()
	assert "40 requests a minute" in answer["error"]
	assert len(vendor.shipstation.received()) == 4


def test_the_counts_are_those_of_the_connected_account(connected):
	from tests.support.vendors import order

	order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	connected.shipstation.add_account("other-key", "other-secret")
	assert connected.connect(api_key="other-key", api_secret="other-secret")["ok"] is True
	assert (connected.entry()["stats"], connected.entry()["last_sync_at"]) == ({}, None)
	connected.stats()
	assert connected.shipstation.received("other-key")
	assert frappe.db.count("Vendor Connection", {"user": connected.user.email}) == 1


def test_the_same_account_keeps_its_counts_when_it_is_connected_again(connected):
	from tests.support.vendors import order

	order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	before = connected.entry()
	assert connected.connect()["ok"] is True
	after = connected.entry()
	assert (after["stats"], after["last_sync_at"]) == (before["stats"], before["last_sync_at"])


def test_what_is_not_connected_has_neither_counts_nor_a_last_sync(connected):
	connected.stats()
	assert connected.entry()["last_sync_at"]
	message(connected.caller.post("medgrid.integrations.disconnect", integration_type="shipstation"))
	entry = connected.entry()
	assert (entry["status"], entry["last_sync_at"], entry["last_error"], entry["stats"]) == (
		"not_connected",
		None,
		None,
		{},
	)


@pytest.mark.parametrize("form", [None, "", " ", "\t", "missing"])
def test_missing_credentials_get_the_contracts_sentence_in_whatever_form(vendor, form):
	for name in ("api_key", "api_secret"):
		values = {"api_key": "k", "api_secret": "s", name: form}
		if form == "missing":
			del values[name]
		for encoding in ("json", "data"):
			sent = {key: value for key, value in values.items() if encoding == "json" or value is not None}
			answer = vendor.caller.request("POST", CONNECT, **{encoding: sent})
			sentence = error(answer, 400, "ValidationError")
			assert sentence == "Both API Key and API Secret are required."


@pytest.mark.parametrize(
	"rpc", ["connect_shipstation", "shopify_start_install", "sendblue_start_verification"]
)
def test_who_belongs_to_no_supplier_is_told_before_anything_is_stored(rpc, customer, sales_rep, manager):
	values = {
		"api_key": "k",
		"api_secret": "s",
		"shop_domain": "mgt-x.myshopify.com",
		"phone": "+15551234567",
	}
	for caller in (customer, sales_rep, manager):
		sentence = error(caller.post(f"medgrid.integrations.{rpc}", **values), 417, "ValidationError")
		assert "Supplier" in sentence
		assert not frappe.db.exists("Vendor Connection", {"user": caller.user.email})


def test_two_connects_at_once_make_one_connection(vendor):
	from concurrent.futures import ThreadPoolExecutor

	with ThreadPoolExecutor(4) as pool:
		answers = [click.result() for click in [pool.submit(vendor.connect) for _click in range(4)]]
	assert all(answer["ok"] for answer in answers)
	frappe.db.rollback()
	assert frappe.db.count("Vendor Connection", {"user": vendor.user.email}) == 1


# test_connection, disconnect


def call(vendor, endpoint, integration_type="shipstation"):
	return vendor.caller.post(f"medgrid.integrations.{endpoint}", integration_type=integration_type)


def test_test_connection_says_ok_and_what_is_wrong_and_sets_the_status(connected):
	assert message(call(connected, "test_connection")) == {"ok": True, "error": None}
	connected.shipstation.add_account(connected.api_key, "rotated")
	sentence = "Invalid API Key or Secret — ShipStation rejected the credentials."
	assert message(call(connected, "test_connection")) == {"ok": False, "error": sentence}
	assert (connected.entry()["status"], connected.entry()["last_error"]) == ("error", sentence)
	connected.shipstation.add_account(connected.api_key, connected.api_secret)
	assert message(call(connected, "test_connection"))["ok"] is True
	assert (connected.entry()["status"], connected.entry()["last_error"]) == ("connected", None)


def test_disconnect_removes_the_credentials_and_twice_is_fine(connected):
	from frappe.utils.password import get_decrypted_password

	name = connected.connection()
	for _time in range(2):
		assert message(call(connected, "disconnect")) == {"ok": True, "integration": "shipstation"}
		entry = connected.entry()
		assert (entry["status"], entry["has_credentials"]) == ("not_connected", False)
	frappe.db.rollback()
	for key in ("api_key", "api_secret"):
		assert get_decrypted_password("Vendor Connection", name, key, raise_exception=False) is None


def test_disconnecting_what_was_never_connected_is_fine(vendor):
	assert message(call(vendor, "disconnect", "sendblue")) == {"ok": True, "integration": "sendblue"}


@pytest.mark.parametrize("endpoint", ["test_connection", "sync_now"])
def test_without_a_connection_it_is_417(vendor, endpoint):
	answer = call(vendor, endpoint)
	assert error(answer, 417, "ValidationError") == "ShipStation is not connected. Connect it first."


@pytest.mark.parametrize("endpoint", ["test_connection", "sync_now", "disconnect"])
@pytest.mark.parametrize("integration_type", ["fedex", "", "x" * 41])
def test_an_unknown_integration_is_400(vendor, endpoint, integration_type):
	sentence = error(call(vendor, endpoint, integration_type), 400, "ValidationError")
	assert "integration_type" in sentence


@pytest.mark.parametrize("endpoint", ["test_connection", "sync_now"])
def test_sendblue_can_be_neither_tested_nor_synced(vendor, endpoint):
	error(call(vendor, endpoint, "sendblue"), 400, "ValidationError")


@pytest.mark.parametrize(
	("endpoint", "values"),
	[
		("connect_shipstation", {"api_key": "key", "api_secret": "secret"}),
		("test_connection", {"integration_type": "shipstation"}),
		("sync_now", {"integration_type": "shipstation"}),
		("shopify_start_install", {"shop_domain": "mgt-shop.myshopify.com"}),
		("sendblue_start_verification", {"phone": "+13125550142"}),
	],
)
def test_a_user_without_a_supplier_calls_no_other_system(shipstation, customer, endpoint, values):
	answer = customer.post(f"medgrid.integrations.{endpoint}", **values)
	assert "belongs to no Supplier" in error(answer, 417, "ValidationError")
	assert shipstation.received() == []

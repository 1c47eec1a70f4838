"""What the inventory sync needs to be set, and who may call it. Contract: "sync_inventory"."""

import secrets

import frappe
import pytest

from tests.support.http import error
from tests.support.records import warehouse
from tests.support.store import bin_of, item_of, latest_run, stocked_item

RPC = "medgrid.exoceuticals.sync_inventory"


@pytest.fixture
def store(connected_store):
	return connected_store


@pytest.mark.parametrize("setting", ["shop_domain", "api_token", "location_id"])
def test_a_missing_setting_is_417_and_named(store, setting):
	store.configure(**{setting: None})
	sentence = error(store.caller.post(RPC), 417, "ValidationError")
	assert f"exoceuticals_{setting}" in sentence


def test_without_a_warehouse_it_is_the_one_with_the_contracts_name(store):
	name = warehouse("Exoceuticals Warehouse")
	frappe.db.commit()
	store.configure(warehouse=None)
	assert store.sync_inventory()["warehouse"] == name


def test_without_any_warehouse_417_names_the_setting(store):
	store.configure(warehouse=None)
	names = frappe.get_all("Warehouse", filters={"warehouse_name": "Exoceuticals Warehouse"}, pluck="name")
	try:
		for name in names:
			frappe.db.set_value("Warehouse", name, "warehouse_name", "MGT Hidden")
		frappe.db.commit()
		sentence = error(store.caller.post(RPC), 417, "ValidationError")
	finally:
		for name in names:
			frappe.db.set_value("Warehouse", name, "warehouse_name", "Exoceuticals Warehouse")
		frappe.db.commit()
	assert "exoceuticals_warehouse" in sentence


@pytest.mark.parametrize("field", ["is_group", "disabled"])
def test_a_warehouse_that_cannot_hold_stock_is_417(store, field):
	name = warehouse(f"MGT Useless {secrets.token_hex(3)}", **{field: 1})
	frappe.db.commit()
	store.configure(warehouse=name)
	sentence = error(store.caller.post(RPC), 417, "ValidationError")
	assert "exoceuticals_warehouse" in sentence


@pytest.mark.parametrize("scopes", [["read_inventory", "read_locations"], ["write_inventory"]])
def test_a_location_that_is_not_the_stores_is_417_and_nothing_goes_to_0(store, scopes):
	name, _variant = stocked_item(store, 42)
	store.sync_inventory()
	store.configure(api_token=store.control.issue_token(store.domain, scopes))
	store.configure(location_id="gid://shopify/Location/1")
	sentence = error(store.caller.post(RPC), 417, "ValidationError")
	assert "exoceuticals_location_id" in sentence
	assert (item_of(name).exoceuticals_qty, bin_of(store, name).actual_qty) == (42, 42)
	assert latest_run("inventory").status == "Failed"
	store.configure(location_id=store.location)
	assert store.sync_inventory()["status"] == "ok"


def test_only_a_system_manager_may(store, sales_rep, customer, anonymous):
	error(sales_rep.post(RPC), 403, "PermissionError")
	error(customer.post(RPC), 403, "PermissionError")
	error(anonymous.post(RPC), 401, "AuthenticationError")

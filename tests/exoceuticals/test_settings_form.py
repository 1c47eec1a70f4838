"""What an administrator may enter in System Settings. Contract: "Configuration (System Settings)"."""

import secrets

import frappe
import pytest

from medgrid import install
from medgrid.exoceuticals import settings
from tests.support.http import error
from tests.support.records import set_stock, warehouse
from tests.support.store import new_item

PATH = "/api/resource/System Settings/System Settings"
LOADED_BY_THE_FORM = "frappe.core.doctype.system_settings.system_settings.load"


@pytest.fixture
def form(store):
	"""Fills in the form, over HTTP; the store's settings are put back."""

	def fill(**values):
		fields = {f"exoceuticals_{name}": value for name, value in values.items()}
		return store.caller.request("PUT", PATH, json=fields)

	return fill


@pytest.mark.parametrize(
	("name", "written", "stored"),
	[
		("shop_domain", " HTTPS://MGT-Shop.myshopify.com/ ", "mgt-shop.myshopify.com"),
		("shop_domain", "mgt-shop", "mgt-shop.myshopify.com"),
		("location_id", "12345", "gid://shopify/Location/12345"),
		("location_id", " gid://shopify/Location/12345 ", "gid://shopify/Location/12345"),
		("api_version", "2026-07", "2026-07"),
		("api_version", "unstable", "unstable"),
		("order_tag", " Skydell ", "Skydell"),
	],
)
def test_what_is_meant_is_stored(form, name, written, stored):
	answer = form(**{name: written})
	assert answer.status_code == 200, answer.text
	assert answer.json()["data"][f"exoceuticals_{name}"] == stored


@pytest.mark.parametrize(
	("name", "written", "hint"),
	[
		("shop_domain", "shop.example.com", ".myshopify.com"),
		("location_id", "gid://shopify/Product/12345", "gid://shopify/Location/12345"),
		("location_id", "12345x", "gid://shopify/Location/12345"),
		("location_id", "0", "gid://shopify/Location/12345"),
		("api_version", "2026-05", "2026-04"),
		("api_version", "latest", "2026-04"),
		("order_tag", "a,b", "comma"),
		("order_tag", "x" * 41, "40"),
	],
)
def test_what_cannot_be_right_is_refused_with_an_example(form, name, written, hint):
	assert hint in error(form(**{name: written}), 417, "ValidationError")


@pytest.mark.parametrize("field", ["is_group", "disabled"])
def test_a_warehouse_that_cannot_hold_stock_is_refused(form, field):
	name = warehouse(f"MGT Useless {secrets.token_hex(3)}", **{field: 1})
	frappe.db.commit()
	assert name in error(form(warehouse=name), 417, "ValidationError")


def test_a_warehouse_with_stock_of_its_own_is_warned_about(form):
	name = warehouse(f"MGT Own {secrets.token_hex(3)}")
	set_stock(new_item(), name, 1)
	frappe.db.commit()
	answer = form(warehouse=name)
	assert answer.status_code == 200
	assert "stock entries of its own" in answer.json()["_server_messages"]


def test_an_empty_form_is_fine(form):
	answer = form(shop_domain="", location_id="", order_tag="", api_version="", warehouse="")
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	loaded = settings.load()
	assert (loaded.shop_domain, loaded.location_id) == (None, None)
	assert (loaded.api_version, loaded.order_tag) == ("2026-04", "Skydell")


def test_installing_stores_the_defaults_once_and_keeps_what_was_changed(store):
	doctype, fields = "System Settings", ("exoceuticals_api_version", "exoceuticals_order_tag")
	frappe.db.delete("Singles", {"doctype": doctype, "field": ("in", fields)})
	install.set_defaults()
	stored = frappe.db.get_singles_dict(doctype)
	assert [stored[field] for field in fields] == ["2026-04", "Skydell"]
	frappe.db.set_single_value(doctype, "exoceuticals_order_tag", "MGT")
	install.set_defaults()
	assert frappe.db.get_singles_dict(doctype).exoceuticals_order_tag == "MGT"


def test_the_form_shows_the_stored_settings_and_not_defaults_of_an_earlier_save(form, store):
	assert form(shop_domain="mgt-before", order_tag="Before").status_code == 200
	store.configure(shop_domain="mgt-after.myshopify.com")
	answer = store.caller.get(LOADED_BY_THE_FORM)
	assert answer.status_code == 200, answer.text
	shown = answer.json()["message"]["defaults"]
	assert [name for name in shown if name.startswith("exoceuticals_")] == []
	assert shown["time_zone"] == frappe.utils.get_system_timezone()


def test_only_administrators_load_the_form(customer, anonymous):
	for caller, status in ((customer, 403), (anonymous, 401)):
		assert caller.get(LOADED_BY_THE_FORM).status_code == status

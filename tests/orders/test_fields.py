"""The fields that MedGrid adds to Sales Orders and Items, written by programs through Frappe's addresses."""

import pytest

from tests.support import people, records, vendors
from tests.support.http import Caller

ADDRESS = "/api/resource/{}/{}"
OWN = {
	"exoceuticals_order_id": "gid://shopify/Order/1",
	"exoceuticals_order_name": "#1",
	"exoceuticals_status": "Fulfilled",
	"exoceuticals_sync_date": "2026-06-18 14:00:00",
	"exoceuticals_tracking_number": "1Z",
	"exoceuticals_carrier": "UPS",
	"exoceuticals_tracking_url": "https://ups.com/track",
	"exoceuticals_fulfillments": "[]",
}


@pytest.fixture(scope="module")
def manager(environment):
	"""A System Manager who sells, too: the one role alone may not write orders."""
	user = people.person("mgt.fields@example.com", "System Manager", "Sales Manager", "Item Manager")
	return Caller(environment, user=user)


@pytest.fixture
def order(site):
	return vendors.order((records.item("MGT-FIELDS"), 1, 5), submit=False)


@pytest.fixture
def item(site):
	name = records.item("MGT-FIELDS")
	site.db.set_value("Item", name, {"exoceuticals_qty": 4, "exoceuticals_variant_id": None})
	site.db.commit()
	yield name
	site.db.set_value("Item", name, {"exoceuticals_qty": 0, "exoceuticals_variant_id": None})
	site.db.commit()


def put(caller, doctype, name, values):
	return caller.request("PUT", ADDRESS.format(doctype, name), json=values)


def is_refused(answer, fieldname):
	assert answer.status_code == 417, answer.text
	assert answer.json()["exc_type"] == "ValidationError"
	return f"({fieldname}) is written by MedGrid alone. Leave it out." in answer.json()["exception"]


@pytest.mark.parametrize("fieldname", OWN)
def test_a_program_that_writes_a_field_of_medgrids_is_refused(site, manager, order, fieldname):
	assert is_refused(put(manager, "Sales Order", order.name, {fieldname: OWN[fieldname]}), fieldname)
	values = {"doctype": "Sales Order", "name": order.name, "fieldname": fieldname, "value": OWN[fieldname]}
	answer = manager.request("POST", "/api/method/frappe.client.set_value", json=values)
	assert is_refused(answer, fieldname)
	site.db.rollback()
	assert not site.db.get_value("Sales Order", order.name, fieldname)


def test_a_program_that_empties_a_field_of_medgrids_is_refused(site, manager, order):
	order.db_set("exoceuticals_order_id", "gid://shopify/Order/1", commit=True)
	for empty in (None, ""):
		answer = put(manager, "Sales Order", order.name, {"exoceuticals_order_id": empty})
		assert is_refused(answer, "exoceuticals_order_id")


def test_a_document_that_a_program_read_can_be_sent_back(site, manager, order):
	order.db_set({**OWN, "exoceuticals_checked_at": site.utils.now_datetime()}, commit=True)
	read = manager.request("GET", ADDRESS.format("Sales Order", order.name)).json()["data"]
	assert read["exoceuticals_order_name"] == "#1"
	answer = put(manager, "Sales Order", order.name, read)
	assert answer.status_code == 200, answer.text


def test_an_order_that_an_older_system_sent_gets_its_id_while_medgrid_has_sent_nothing(site, manager, order):
	values = {"shipstation_order_id": "777"}
	assert put(manager, "Sales Order", order.name, values).json()["data"]["shipstation_order_id"] == "777"
	record = site.get_doc(
		{
			"doctype": "ShipStation Order",
			"name": site.generate_hash(length=10),
			"sales_order": order.name,
			"supplier": "MGT Fields",
			"status": "Sent",
		}
	)
	record.db_insert()
	site.db.commit()
	try:
		answer = put(manager, "Sales Order", order.name, {"shipstation_order_id": "778"})
		assert is_refused(answer, "shipstation_order_id")
	finally:
		site.db.delete("ShipStation Order", {"name": record.name})
		site.db.commit()


@pytest.mark.parametrize(
	("fieldname", "value"),
	[("exoceuticals_qty", 5), ("exoceuticals_qty", 0), ("exoceuticals_last_synced", "2026-06-18 14:00:00")],
)
def test_a_program_does_not_write_what_was_synced_of_an_item(site, manager, item, fieldname, value):
	assert is_refused(put(manager, "Item", item, {fieldname: value}), fieldname)
	assert put(manager, "Item", item, {"exoceuticals_qty": 4}).status_code == 200


@pytest.mark.parametrize(
	"value", ["1", "gid://shopify/Product/1", "gid://shopify/ProductVariant/0", "x" * 140]
)
def test_what_is_no_gid_does_not_become_an_items(site, manager, item, value):
	answer = put(manager, "Item", item, {"exoceuticals_variant_id": value})
	assert answer.status_code == 417
	sentence = "Shopify Variant GID must be of the form gid://shopify/ProductVariant/123."
	assert sentence in answer.json()["exception"]


def test_an_items_gid_can_be_entered_and_emptied(site, manager, item):
	for value in ("gid://shopify/ProductVariant/1", None):
		answer = put(manager, "Item", item, {"exoceuticals_variant_id": value})
		assert answer.status_code == 200, answer.text
		assert answer.json()["data"].get("exoceuticals_variant_id") == value


def test_desks_stale_values_are_dropped_silently(site, order):
	order.reload()
	order.exoceuticals_status = "Stale"
	order.save(ignore_permissions=True)
	assert not order.exoceuticals_status

"""The fields that MedGrid adds to Sales Orders and Items, written by programs through Frappe's addresses."""

import json

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
	"exoceuticals_fulfillments": '[{"number": "secret"}]',
	"exoceuticals_updated_at": "2030-06-18 14:00:00",
	"exoceuticals_checked_at": "2031-06-18 14:00:00",
}
# Fields of MedGrid's that nobody reads.
HIDDEN = ("exoceuticals_fulfillments", "exoceuticals_updated_at", "exoceuticals_checked_at")


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


def by_resource(doctype, name, read, values):
	return "PUT", ADDRESS.format(doctype, name), values


def by_resource_data(doctype, name, read, values):
	return "PUT", ADDRESS.format(doctype, name), {"data": json.dumps(values)}


def by_version_2(doctype, name, read, values):
	return "PATCH", f"/api/v2/document/{doctype}/{name}/", values


def method(command, **parameters):
	return "POST", f"/api/method/{command}", parameters


def by_set_value(doctype, name, read, values):
	((fieldname, value),) = values.items()
	return method("frappe.client.set_value", doctype=doctype, name=name, fieldname=fieldname, value=value)


def by_set_values(doctype, name, read, values):
	return method("frappe.client.set_value", doctype=doctype, name=name, fieldname=json.dumps(values))


def by_save(doctype, name, read, values):
	return method("frappe.client.save", doc={**read, **values})


def by_savedocs(doctype, name, read, values):
	document = json.dumps({**read, **values})
	return method("frappe.desk.form.save.savedocs", doc=document, action="Save")


DOORS = (by_resource, by_resource_data, by_version_2, by_set_value, by_set_values, by_save, by_savedocs)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fieldname", ["exoceuticals_status", "exoceuticals_sync_date", *HIDDEN])
def test_no_door_of_frappes_writes_a_field_of_medgrids(site, manager, order, door, fieldname):
	value = OWN[fieldname]
	read = manager.request("GET", ADDRESS.format("Sales Order", order.name)).json()["data"]
	verb, path, body = door("Sales Order", order.name, read, {fieldname: value})
	answer = manager.request(verb, path, json=body)
	assert answer.status_code == 417, answer.text
	assert f"({fieldname}) is written by MedGrid alone. Leave it out." in answer.text
	site.db.rollback()
	assert not site.db.get_value("Sales Order", order.name, fieldname)


def test_updating_many_documents_at_once_writes_no_field_of_medgrids(site, manager, order):
	own = {"exoceuticals_status": "Fulfilled"}
	docs = json.dumps([{"doctype": "Sales Order", "docname": order.name, **own}])
	manager.request("POST", "/api/method/frappe.client.bulk_update", json={"docs": docs})
	update = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
	many = {"doctype": "Sales Order", "docnames": json.dumps([order.name]), "action": "update"}
	manager.request("POST", f"/api/method/{update}", json={**many, "data": json.dumps(own)})
	site.db.rollback()
	assert not site.db.get_value("Sales Order", order.name, "exoceuticals_status")


@pytest.mark.parametrize("fieldname", OWN)
def test_a_program_that_writes_a_field_of_medgrids_is_refused(site, manager, order, fieldname):
	assert is_refused(put(manager, "Sales Order", order.name, {fieldname: OWN[fieldname]}), fieldname)
	site.db.rollback()
	assert not site.db.get_value("Sales Order", order.name, fieldname)


@pytest.mark.parametrize("command", ["insert", "save", "insert_many", None])
@pytest.mark.parametrize("fieldname", ["exoceuticals_order_id", *HIDDEN])
def test_a_new_order_of_a_program_has_no_field_of_medgrids(site, manager, order, command, fieldname):
	left_out = {"name", "creation", "modified", "owner", "modified_by", "docstatus"}
	copied = site.copy_doc(order).as_dict(convert_dates_to_str=True)
	new = {key: value for key, value in copied.items() if key not in left_out and value is not None}
	new[fieldname] = OWN[fieldname]
	if command is None:
		answer = manager.request("POST", "/api/resource/Sales Order", json=new)
	else:
		body = {"docs": [new]} if command == "insert_many" else {"doc": new}
		answer = manager.request("POST", f"/api/method/frappe.client.{command}", json=body)
	assert is_refused(answer, fieldname)


@pytest.mark.parametrize("fieldname", ["exoceuticals_qty", "exoceuticals_last_synced"])
def test_a_new_item_of_a_program_has_no_field_of_medgrids(site, manager, item, fieldname):
	group, uom = site.db.get_value("Item", item, ["item_group", "stock_uom"])
	new = {"item_code": site.generate_hash(), "item_group": group, "stock_uom": uom}
	value = 4 if fieldname == "exoceuticals_qty" else "2026-06-18 14:00:00"
	answer = manager.request("POST", "/api/resource/Item", json={**new, fieldname: value})
	assert is_refused(answer, fieldname)
	assert not site.db.exists("Item", new["item_code"])


@pytest.mark.parametrize(
	"address",
	[
		"/api/resource/Sales Order/{0}",
		"/api/v2/document/Sales Order/{0}/",
		'/api/resource/Sales Order?fields=["*"]&filters=[["name","=","{0}"]]',
		'/api/resource/Sales Order?fields=["name","exoceuticals_fulfillments"]&filters=[["name","=","{0}"]]',
		"/api/method/frappe.client.get?doctype=Sales Order&name={0}",
		'/api/method/frappe.client.get_list?doctype=Sales Order&fields=["*"]&filters=[["name","=","{0}"]]',
		"/api/method/frappe.client.get_value?doctype=Sales Order&filters={0}"
		"&fieldname=exoceuticals_updated_at",
		"/api/method/frappe.desk.form.load.getdoc?doctype=Sales Order&name={0}",
	],
)
def test_what_medgrid_alone_needs_to_know_is_read_by_no_program(site, manager, order, address):
	order.db_set(OWN, commit=True)
	answer = manager.request("GET", address.format(order.name))
	for value in (OWN[fieldname] for fieldname in HIDDEN):
		assert value not in answer.text.replace(chr(92), "")


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
	assert answer.status_code == 400
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

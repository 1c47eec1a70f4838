"""`vendors_and_store` and `retry_vendor_order`, over HTTP: what people in Desk see of a document's orders."""

import frappe
import pytest

from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.support import people, records
from tests.support.http import Caller, error, message
from tests.support.records import write_values

PANEL, RETRY = "medgrid.integrations.vendors_and_store", "medgrid.integrations.retry_vendor_order"
PAGE = {"vendors", "store", "connections", "may_retry", "may_act"}


def caller(environment, *roles: str) -> Caller:
	mark = "".join(roles).lower().replace(" ", "")
	return Caller(environment, people.person(f"mgt.panel.{mark}@example.com", *roles))


@pytest.fixture
def chief(environment):
	"""Somebody who may read all documents that have the panel, and do everything."""
	return caller(environment, "System Manager", "Sales Manager", "Stock User", "Purchase Manager")


@pytest.fixture
def failed(vendor):
	"""A failed order of a vendor who is not connected."""
	name = new_order((vendor.item, 1, 10))
	set_record(
		vendor, name, status="Failed", reason="The state is missing.", who_acts="Wholesaler", attempts=9
	)
	return name


def panel(caller, doctype: str, name: str) -> dict:
	return message(caller.get(PANEL, doctype=doctype, name=name))


def test_a_sales_order_has_each_vendor_with_state_reason_tries_and_tracking(
	environment, vendor, other_vendor, chief
):
	order = new_order((vendor.item, 1, 10), (other_vendor.item, 1, 10))
	set_record(vendor, order, status="Failed", reason="It fails.", who_acts="Vendor", attempts=3)
	set_record(
		other_vendor, order, status="Shipped", reason=None, tracking_number="1Z999", carrier_code="ups"
	)
	found = panel(chief, "Sales Order", order)
	assert set(found) == PAGE and found["store"] == found["connections"] == []
	by_vendor = {entry["supplier"]: entry for entry in found["vendors"]}
	one, two = by_vendor[vendor.supplier], by_vendor[other_vendor.supplier]
	assert (one["state"], one["reason"], one["who_acts"], one["attempts"]) == (
		"failed",
		"It fails.",
		"vendor",
		3,
	)
	assert one["can_retry"] and not two["can_retry"]
	assert [parcel["tracking_number"] for parcel in two["parcels"]] == ["1Z999"]
	assert one["record"] == vendor.record(order).name and one["sales_order"] == order


def test_rows_that_nobody_ships_have_an_entry_of_their_own(environment, vendor, chief):
	order = new_order((vendor.item, 1, 10))
	write_values("ShipStation Order", vendor.record(order).name, "supplier", "")
	assert [entry["supplier"] for entry in panel(chief, "Sales Order", order)["vendors"]] == [None]


def test_a_delivery_note_has_the_orders_that_it_delivers(environment, vendor, failed, chief):
	note = frappe.get_doc({"doctype": "Delivery Note", "customer": "MGT Clinic"})
	note.name = f"MGT-DN-{frappe.generate_hash(length=8)}"
	note.db_insert()
	for number, order in enumerate((failed, failed, None)):
		row = {"parent": note.name, "parenttype": "Delivery Note", "parentfield": "items", "idx": number}
		item = frappe.get_doc({"doctype": "Delivery Note Item", **row, "against_sales_order": order})
		item.db_insert()
	frappe.db.commit()
	[entry] = panel(chief, "Delivery Note", note.name)["vendors"]
	assert (entry["sales_order"], entry["supplier"]) == (failed, vendor.supplier)


def test_a_supplier_has_its_connections_and_what_somebody_must_look_at(vendor, failed, chief):
	vendor.connect()
	sent = new_order((vendor.item, 1, 10))
	set_record(vendor, sent, status="Sent")
	found = panel(chief, "Supplier", vendor.supplier)
	assert [entry["sales_order"] for entry in found["vendors"]] == [failed]
	[connection] = found["connections"]
	assert (connection["integration"], connection["status"]) == ("shipstation", "connected")
	assert vendor.api_key not in str(found) and vendor.api_secret not in str(found)


@pytest.mark.parametrize(
	("role", "may_retry", "may_act"),
	[("Sales Manager", True, False), ("Sales User", False, False)],
)
def test_who_sees_it_and_who_may_do_what(environment, vendor, failed, role, may_retry, may_act):
	person = caller(environment, role)
	found = panel(person, "Sales Order", failed)
	assert (found["may_retry"], found["may_act"]) == (may_retry, may_act)
	answer = person.post(RETRY, sales_order=failed, supplier=vendor.supplier)
	assert answer.status_code == (200 if may_retry else 403)


@pytest.mark.parametrize("person", ["customer", "anonymous", "vendor"])
def test_nobody_else_sees_it(request, failed, person):
	who = request.getfixturevalue(person)
	who = getattr(who, "caller", who)
	answer = who.get(PANEL, doctype="Sales Order", name=failed)
	assert answer.status_code == (401 if person == "anonymous" else 403)


@pytest.mark.parametrize("restricted", [False, True], ids=["the DocType", "this document"])
def test_a_document_that_the_user_may_not_read_is_refused(environment, vendor, failed, restricted):
	person = caller(environment, "Sales Manager" if restricted else "System Manager")
	permission = {"doctype": "User Permission", "user": person.user.email, "allow": "Customer"}
	if restricted:
		other = records.customer("MGT Other Clinic")
		made = frappe.get_doc({**permission, "for_value": other, "apply_to_all_doctypes": 1}).insert()
		frappe.db.commit()
	try:
		assert error(person.get(PANEL, doctype="Sales Order", name=failed), 403, "PermissionError")
		retried = person.post(RETRY, sales_order=failed, supplier=vendor.supplier)
		assert error(retried, 403, "PermissionError")
	finally:
		if restricted:
			made.delete()
			frappe.db.commit()


@pytest.mark.parametrize(
	("doctype", "name", "status", "exc_type"),
	[
		("Sales Order", "SAL-NONE", 404, "DoesNotExistError"),
		("Supplier", "<b>", 404, "DoesNotExistError"),
		("User", "Administrator", 400, "ValidationError"),
	],
)
def test_what_does_not_exist_or_has_no_panel_is_refused(site, chief, doctype, name, status, exc_type):
	answer = chief.get(PANEL, doctype=doctype, name=name)
	assert answer.status_code == status, answer.text


def test_retrying_makes_the_order_due_and_says_who_did_it(environment, vendor, failed, chief):
	assert message(chief.post(RETRY, sales_order=failed, supplier=vendor.supplier)) == {
		"ok": True,
		"retried": True,
	}
	record = vendor.record(failed)
	assert (record.status, record.attempts) == ("Waiting", 0)
	filters = {"reference_doctype": "ShipStation Order", "reference_name": record.name}
	[comment] = frappe.get_all("Comment", filters=filters, pluck="content")
	assert comment == f"Retried by {chief.user.email} for the vendor."
	assert message(chief.post(RETRY, sales_order=failed, supplier=vendor.supplier))["retried"] is False


def test_an_order_of_another_vendor_is_not_retried(vendor, other_vendor, failed, chief):
	answer = chief.post(RETRY, sales_order=failed, supplier=other_vendor.supplier)
	assert answer.status_code == 404
	assert vendor.record(failed).status == "Failed"

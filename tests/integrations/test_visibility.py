"""Nobody but its user and System Managers can see that a connection exists; nobody sees its credentials."""

import json

import frappe
import pytest

from tests.support.http import message

DOCTYPE = "Vendor Connection"


@pytest.fixture
def foreign(connected):
	"""A connection of another vendor: its name."""
	return connected.connection()


def ways_in(name):
	"""Every way that Frappe has to read a document or count it."""
	fields = json.dumps(["name", "user", "api_key"])
	method = "/api/method/frappe."
	return {
		"REST document": f"/api/resource/{DOCTYPE}/{name}",
		"REST list": f"/api/resource/{DOCTYPE}?fields={fields}",
		"REST v2 document": f"/api/v2/document/{DOCTYPE}/{name}",
		"REST v2 list": f"/api/v2/document/{DOCTYPE}?fields={fields}",
		"REST v2 count": f"/api/v2/doctype/{DOCTYPE}/count",
		"client.get": f"{method}client.get?doctype={DOCTYPE}&name={name}",
		"client.get_list": f"{method}client.get_list?doctype={DOCTYPE}&fields={fields}",
		"client.get_count": f"{method}client.get_count?doctype={DOCTYPE}",
		"client.get_value": f"{method}client.get_value?doctype={DOCTYPE}&fieldname=user&filters={name}",
		"client.get_single_value": f"{method}client.get_single_value?doctype={DOCTYPE}&field=user",
		"client.get_password": f"{method}client.get_password?doctype={DOCTYPE}&name={name}"
		"&fieldname=api_secret",
		"client.validate_link": f"{method}client.validate_link?doctype={DOCTYPE}&docname={name}",
		"reportview.get": f"{method}desk.reportview.get?doctype={DOCTYPE}&fields={fields}",
		"reportview.get_list": f"{method}desk.reportview.get_list?doctype={DOCTYPE}&fields={fields}",
		"reportview.get_count": f"{method}desk.reportview.get_count?doctype={DOCTYPE}",
		"reportview.export_query": f"{method}desk.reportview.export_query?doctype={DOCTYPE}&fields={fields}"
		"&file_format_type=CSV",
		"form load": f"{method}desk.form.load.getdoc?doctype={DOCTYPE}&name={name}",
		"link search": f"{method}desk.search.search_link?doctype={DOCTYPE}&txt={name}",
	}


def secrets_of(vendor):
	return (vendor.api_key, vendor.api_secret)


@pytest.mark.parametrize("way", ways_in("x"))
def test_another_vendor_a_customer_and_a_sales_rep_learn_nothing(
	connected, foreign, other_vendor, customer, sales_rep, anonymous, way
):
	for caller in (other_vendor.caller, customer, sales_rep, anonymous):
		answer = caller.request("GET", ways_in(foreign)[way])
		for fact in (connected.user.email, *secrets_of(connected)):
			assert fact not in answer.text
		if answer.status_code == 200:
			value = answer.json().get("message", answer.json().get("data"))
			assert not value, (way, answer.text)
		missing = caller.request("GET", ways_in("nosuchname")[way])
		assert missing.status_code == answer.status_code
		assert missing.text.replace("nosuchname", foreign) == answer.text


@pytest.mark.parametrize("way", ways_in("x"))
def test_a_system_manager_sees_the_connection_but_no_credential(connected, foreign, manager, way):
	answer = manager.request("GET", ways_in(foreign)[way])
	for secret in secrets_of(connected):
		assert secret not in answer.text
	if way == "REST document":
		assert answer.json()["data"]["user"] == connected.user.email


def test_not_even_the_administrator_gets_a_credential_through_frappes_password_endpoint(connected, site):
	with pytest.raises(frappe.PermissionError, match="MedGrid never shows stored credentials"):
		frappe.get_doc(DOCTYPE, connected.connection()).get_password("api_secret")


def test_the_stored_document_holds_masks_of_one_length(connected, site):
	row = frappe.db.get_value(DOCTYPE, connected.connection(), ["api_key", "api_secret"])
	assert row == ("********", "********")


def test_a_vendor_cannot_read_change_or_delete_even_their_own_document(connected, foreign):
	path = f"/api/resource/{DOCTYPE}/{foreign}"
	for verb in ("GET", "PUT", "DELETE"):
		answer = connected.caller.request(verb, path, json={"user": connected.user.email})
		assert answer.status_code == 403
	answer = connected.caller.request("POST", f"/api/resource/{DOCTYPE}", json={"integration": "shipstation"})
	assert answer.status_code == 403


def test_a_vendor_who_is_given_a_role_still_sees_only_their_own(site, connected, foreign, other_vendor):
	"""An administrator may open the DocType to more roles; the hooks hold all the same."""
	from frappe.permissions import add_permission, reset_perms

	other_vendor.connect()
	own = other_vendor.connection()
	add_permission(DOCTYPE, "Supplier", 0)
	site.clear_cache(doctype=DOCTYPE)
	try:
		site.set_user(other_vendor.user.email)
		assert site.get_list(DOCTYPE, pluck="name") == [own]
		assert site.has_permission(DOCTYPE, doc=own)
		assert not site.has_permission(DOCTYPE, doc=foreign)
	finally:
		site.set_user("Administrator")
		reset_perms(DOCTYPE)
		site.db.commit()
		site.clear_cache(doctype=DOCTYPE)


@pytest.mark.parametrize(
	"values",
	[
		{"doc": json.dumps({"doctype": DOCTYPE, "user": "x"})},
		{"doc": {"doctype": DOCTYPE, "user": "x"}},
		{"docs": json.dumps([{"doctype": DOCTYPE}])},
		{"doc": " " + json.dumps({"doctype": DOCTYPE, "user": "x"})},
		{"doctype": json.dumps({DOCTYPE: ["x"]})},
		{"args": json.dumps({"nested": json.dumps({"dt": DOCTYPE})})},
	],
)
def test_a_document_in_a_request_is_refused_like_its_doctype(connected, values):
	for method in ("client.insert", "client.save", "desk.form.save.savedocs"):
		answer = connected.caller.post(f"frappe.{method}", **values)
		assert answer.status_code == 403, answer.text


def test_text_that_merely_mentions_the_doctype_is_no_request_for_it(manager):
	for description in ("MGT other: my Vendor Connection is broken", DOCTYPE):
		answer = manager.request("POST", "/api/resource/ToDo", json={"description": description})
		assert answer.status_code == 200


def test_the_name_tells_nothing(connected):
	name = connected.connection()
	assert connected.user.email not in name
	assert "shipstation" not in name.lower()


def test_list_connections_shows_a_user_their_own_only(connected, other_vendor):
	listed = message(
		other_vendor.caller.get("medgrid.integrations.list_connections", user=connected.user.email)
	)
	assert listed["user"] == other_vendor.user.email
	assert {entry["status"] for entry in listed["integrations"]} == {"not_connected"}


@pytest.mark.parametrize("doctype", ["ShipStation Order", "Exoceuticals Order"])
def test_orders_on_their_way_are_out_of_a_vendors_reach(connected, other_vendor, sales_rep, doctype):
	for caller in (connected.caller, other_vendor.caller, sales_rep):
		assert caller.request("GET", f"/api/resource/{doctype}").status_code == 403
		assert caller.get("frappe.client.get_count", doctype=doctype).status_code == 403


@pytest.mark.parametrize("doctype", ["ShipStation Order", "Exoceuticals Order"])
def test_administrators_read_orders_on_their_way_and_write_none(manager, doctype):
	assert manager.request("GET", f"/api/resource/{doctype}").status_code == 200
	assert manager.request("POST", f"/api/resource/{doctype}", json={"status": "Sent"}).status_code == 403

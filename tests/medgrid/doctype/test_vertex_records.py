"""What MedGrid books and counts is read in Desk, and written by nobody."""

import json

import pytest

from tests.support.http import Caller
from tests.support.people import person
from tests.vertex.webhooks import tax_document

DOCTYPES = ("Vertex Tax Document", "Vertex Data Volume")


@pytest.fixture
def names(site, complete_shop):
	volume = site.get_doc({"doctype": "Vertex Data Volume", "name": f"dv-{site.generate_hash(length=17)}"})
	volume.update({"keyword": "quotation", "date_created": site.utils.now()})
	volume.insert(ignore_permissions=True, set_name=volume.name)
	site.db.commit()
	tax = tax_document(complete_shop, "#1", "Failed", request="{}")
	yield {"Vertex Tax Document": tax, "Vertex Data Volume": volume.name}
	site.db.rollback()
	# They have nothing that could be booked.
	site.db.delete("Vertex Tax Document", {"merchant": complete_shop.document().name})
	site.db.delete("Vertex Data Volume", {"name": volume.name})
	site.db.commit()


@pytest.fixture
def accountant(environment):
	return Caller(environment, person("mgt.vertex.accounts@example.com", "Accounts Manager"))


def ways_to_write(doctype, name):
	row = {"doctype": doctype, "name": name, "status": "Committed", "keyword": "invoice"}
	field = "status" if doctype == "Vertex Tax Document" else "keyword"
	one = {"doctype": doctype, "name": name, "fieldname": field, "value": row[field]}
	return [
		("PUT", f"/api/resource/{doctype}/{name}", row),
		("PUT", f"/api/v2/document/{doctype}/{name}", row),
		("POST", f"/api/resource/{doctype}", row),
		("DELETE", f"/api/resource/{doctype}/{name}", {}),
		("POST", "/api/method/frappe.client.set_value", one),
		("POST", "/api/method/frappe.client.save", {"doc": json.dumps(row)}),
		("POST", "/api/method/frappe.client.insert", {"doc": json.dumps({**row, "name": "other"})}),
		("POST", "/api/method/frappe.client.delete", {"doctype": doctype, "name": name}),
		(
			"POST",
			"/api/method/frappe.client.rename_doc",
			{"doctype": doctype, "old_name": name, "new_name": "x"},
		),
		("POST", "/api/method/frappe.desk.form.save.savedocs", {"doc": json.dumps(row), "action": "Save"}),
		(
			"POST",
			"/api/method/frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			{
				"doctype": doctype,
				"docnames": json.dumps([name]),
				"action": "update",
				"data": json.dumps({field: row[field]}),
			},
		),
		(
			"POST",
			"/api/method/frappe.desk.reportview.delete_items",
			{"doctype": doctype, "items": json.dumps([name])},
		),
	]


@pytest.mark.parametrize("who", ["manager", "accountant"])
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_nobody_writes_them_through_a_door(request, site, names, doctype, who):
	caller, name = request.getfixturevalue(who), names[doctype]
	before = site.get_doc(doctype, name).as_dict()
	for verb, path, values in ways_to_write(doctype, name):
		answer = caller.request(verb, path, json=values)
		assert answer.status_code < 500, (path, answer.text[:300])
		site.db.rollback()
		assert site.get_doc(doctype, name).as_dict() == before, path
	assert not site.db.exists(doctype, "other") and not site.db.exists(doctype, "x")


def test_an_accountant_reads_tax_documents_and_nothing_else(names, accountant):
	for path, status in (
		("/api/resource/Vertex Tax Document", 200),
		("/api/resource/Vertex Data Volume", 403),
		("/api/resource/Vertex Merchant", 403),
		("/api/resource/Vertex Settings/Vertex Settings", 403),
	):
		assert accountant.request("GET", path).status_code == status, path


def test_nobody_can_have_a_merchants_credentials_through_a_door(complete_shop, manager):
	complete_shop.basic()
	document = complete_shop.document()
	stored = {"client_secret", "shopify_token", "vertex_token"}
	for field in stored:
		args = {"doctype": "Vertex Merchant", "name": document.name, "fieldname": field}
		assert manager.post("frappe.client.get_password", **args).status_code == 403
	answer = manager.request("GET", f"/api/resource/Vertex Merchant/{document.name}")
	values = answer.json()["data"]
	assert {values.get(field) for field in stored} <= {"*" * 8, None}
	user = manager.request("GET", f"/api/resource/User/{document.user}").json()["data"]
	assert set(user.get("api_secret") or "*") == {"*"}


@pytest.mark.parametrize(("who", "figures"), [("manager", True), ("accountant", True), ("sales_rep", False)])
def test_the_card_of_taxes_that_are_not_booked(request, site, names, complete_shop, who, figures):
	caller = request.getfixturevalue(who)
	method = "medgrid.desk.cards.taxes_not_booked"
	answer = caller.request("POST", f"/api/method/{method}", data={"filters": "[]"})
	if not figures:
		assert answer.status_code == 403
		return
	before = answer.json()["message"]
	assert before["route"] == ["List", "Vertex Tax Document"]
	tax_document(complete_shop, "#2", "Pending")
	tax_document(complete_shop, "#3", "Committed")
	tax_document(complete_shop, "#4", "In Doubt")
	old = tax_document(complete_shop, "#5", "Pending")
	site.db.set_value("Vertex Tax Document", old, "creation", site.utils.add_to_date(None, hours=-2))
	site.db.commit()
	answer = caller.request("POST", f"/api/method/{method}", data={"filters": "[]"})
	assert answer.json()["message"]["value"] == before["value"] + 2


def figure_of_card(caller, name) -> int:
	answer = caller.request("POST", f"/api/method/medgrid.desk.cards.{name}", data={"filters": "[]"})
	return answer.json()["message"]["value"]


def test_the_card_and_the_health_of_taxes_that_differ_forget_what_was_taken_back(
	site, names, complete_shop, manager
):
	def figures() -> tuple[int, int]:
		health = manager.post("medgrid.vertex.health").json()["message"]
		return figure_of_card(manager, "tax_mismatches"), health["mismatches"]

	card, health = figures()
	differing = [tax_document(complete_shop, number, "Committed", mismatch=1) for number in ("#6", "#7")]
	assert figures() == (card + 2, health + 2)
	reversals = [
		tax_document(complete_shop, f"{name}-R", status, kind="Reversal", reverses=name)
		for name, status in zip(differing, ("Pending", "Committed"), strict=True)
	]
	assert figures() == (card + 1, health + 1)
	site.db.set_value("Vertex Tax Document", reversals[0], "status", "Committed")
	site.db.commit()
	assert figures() == (card, health)


def test_nobody_else_sees_the_card_of_taxes_that_differ(sales_rep):
	method = "medgrid.desk.cards.tax_mismatches"
	assert sales_rep.request("POST", f"/api/method/{method}", data={"filters": "[]"}).status_code == 403

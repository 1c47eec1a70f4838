"""`retry_document`: a person has a booking sent again."""

import secrets

import frappe
import pytest

from medgrid.core.clock import stored_utc_now
from medgrid.vertex.booking import queueing, reconciliation
from tests.support.connector import MEMBERS, issue
from tests.support.http import Caller, message
from tests.support.people import person
from tests.support.records import write_values
from tests.support.waiting import wait_until_equal

DOCTYPE = "Vertex Tax Document"
SUPPLIES = "/vertex-ws/v2/supplies"
RETRY = "medgrid.vertex.retry_document"


@pytest.fixture
def number():
	return f"#{secrets.token_hex(4)}"


@pytest.fixture
def failed(complete_shop, vertex, number):
	"""The name of the record of an invoice that Vertex refused."""
	vertex.fault("status", path=SUPPLIES, status=400)
	values = {"saleMessageType": "INVOICE", "documentNumber": number}
	issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale(**values)), 400)
	return record(number).name


@pytest.fixture
def accountant(environment):
	return Caller(environment, person("mgt.vertex.accounts@example.com", "Accounts Manager"))


def record(number):
	frappe.db.rollback()
	return frappe.get_doc(DOCTYPE, {"document_number": number})


def change(name, **values):
	write_values(DOCTYPE, name, values)


@pytest.mark.parametrize("who", ["manager", "accountant"])
def test_what_vertex_refused_is_booked(request, failed, vertex, number, who):
	caller = request.getfixturevalue(who)
	answer = message(caller.post(RETRY, doctype=DOCTYPE, name=failed))
	assert (answer["name"], list(answer)) == (failed, ["name", "status"])
	assert answer["status"] in ("Pending", "Sending", "Committed")
	wait_until_equal(lambda: record(number).status, "Committed")
	assert len(vertex.journal(document_number=number)) == 1
	body = issue(caller.post(RETRY, doctype=DOCTYPE, name=failed), 400)
	assert body["detail"].endswith(f"Vertex has booked {failed} already.")
	assert (body["type"], body["version"]) == ("document/retry", "v1")


def test_what_waits_is_booked_at_once(failed, manager, number):
	later = frappe.utils.add_to_date(stored_utc_now(), hours=6)
	change(failed, status="Pending", next_attempt_at=later)
	queueing.book_document(failed)
	assert record(number).status == "Pending"
	assert message(manager.post(RETRY, doctype=DOCTYPE, name=failed))["name"] == failed
	wait_until_equal(lambda: record(number).status, "Committed")


SENTENCES = {
	"Void": "is void and will not be booked.",
	"Sending": "is being booked at this moment.",
	"In Doubt": "MedGrid asks Vertex within the hour, and sends it again if need be.",
}


@pytest.mark.parametrize("status", SENTENCES)
def test_nothing_else_is_sent_again(failed, manager, vertex, number, status):
	change(failed, status=status, claim="x", claimed_at=stored_utc_now())
	assert issue(manager.post(RETRY, doctype=DOCTYPE, name=failed), 400)["detail"].endswith(SENTENCES[status])
	assert record(number).status == status
	assert vertex.journal(document_number=number) == []


def test_a_merchant_whose_credentials_vertex_refuses_is_tested_first(failed, manager, complete_shop, number):
	merchant = complete_shop.document().name
	reconciliation._block(merchant)
	assert (
		"must correct and test them"
		in issue(manager.post(RETRY, doctype=DOCTYPE, name=failed), 400)["detail"]
	)
	assert record(number).status == "Failed"
	message(manager.post("medgrid.vertex.test_merchant", merchant=merchant))
	message(manager.post(RETRY, doctype=DOCTYPE, name=failed))
	wait_until_equal(lambda: record(number).status, "Committed")


def test_a_disabled_merchants_documents_are_left_alone(failed, manager, complete_shop, number):
	frappe.db.set_value("Vertex Merchant", complete_shop.document().name, "enabled", 0)
	frappe.db.commit()
	issue(manager.post(RETRY, doctype=DOCTYPE, name=failed), 403)
	assert record(number).status == "Failed"


@pytest.mark.parametrize(
	("values", "status"),
	[
		({}, 400),
		({"doctype": "Vertex Tax Document"}, 400),
		({"doctype": "User", "name": "Administrator"}, 400),
		({"doctype": ["Vertex Tax Document"], "name": "x"}, 400),
		({"doctype": "Vertex Tax Document", "name": ""}, 400),
		({"doctype": "Vertex Tax Document", "name": {"a": 1}}, 400),
		({"doctype": "Vertex Tax Document", "name": "no-such"}, 404),
		({"doctype": "Sales Order", "name": "no-such"}, 404),
		({"doctype": "Sales Invoice", "name": "no-such"}, 404),
		({"doctype": "Quotation", "name": "no-such"}, 404),
	],
)
def test_what_does_not_exist_or_is_wrong(manager, vertex_app, values, status):
	issue(manager.post(RETRY, **values), status)


def test_the_document_may_be_the_one_that_is_booked(failed, manager, accountant, number):
	from tests.support.records import item
	from tests.support.vendors import order

	sales_order = order((item("MGT-VERTEX-RETRY"), 1, 10)).name
	frappe.db.commit()
	values = {"doctype": "Sales Order", "name": sales_order}
	assert "has nothing that is booked at Vertex" in issue(manager.post(RETRY, **values), 400)["detail"]
	change(failed, reference_doctype="Sales Order", reference_name=sales_order)
	# The role Accounts Manager may not read Sales Orders here.
	for asked in (values, {"doctype": DOCTYPE, "name": failed}):
		issue(accountant.post(RETRY, **asked), 403)
	assert record(number).status == "Failed"
	assert message(manager.post(RETRY, **values))["name"] == failed
	wait_until_equal(lambda: record(number).status, "Committed")


def test_nobody_else_may(failed, environment, complete_shop, identity, connector, number):
	values = {"doctype": DOCTYPE, "name": failed}
	others = [Caller(environment, person("mgt.vertex.nobody@example.com", "Customer"))]
	others += [complete_shop.merchant(), complete_shop.bearer(), connector]
	for caller in others:
		issue(caller.post(RETRY, **values), 403)
	assert record(number).status == "Failed"


@pytest.mark.parametrize("way", ["retried", "sent again by the shop"])
def test_a_refusal_in_a_job_is_an_issue_of_the_shop_until_it_is_booked(
	failed, vertex, complete_shop, manager, number, way
):
	merchant = complete_shop.merchant()

	def listed():
		found = message(merchant.get("medgrid.vertex.issues", open=True))
		return [entry for entry in found if entry["type"] == "document/book"]

	change(failed, status="Pending")
	vertex.fault("status", path=SUPPLIES, status=400)
	queueing.book_document(failed)
	assert record(number).status == "Failed"
	[entry] = listed()
	assert list(entry) == MEMBERS
	assert (entry["version"], entry["status"], entry["relatedTo"]) == ("v1", 400, complete_shop.domain)
	stored = frappe.get_doc("Integration Issue", entry["id"])
	assert (stored.reference_name, stored.who_acts) == (failed, "Administrator")
	assert "retry the Vertex Tax Document" in stored.what_to_do
	vertex.clear_faults()
	if way == "retried":
		message(manager.post(RETRY, doctype=DOCTYPE, name=failed))
	else:
		values = {"saleMessageType": "INVOICE", "documentNumber": number}
		message(complete_shop.call("shopify_tax_calculate", **complete_shop.sale(**values)))
	wait_until_equal(lambda: record(number).status, "Committed")
	wait_until_equal(listed, [])

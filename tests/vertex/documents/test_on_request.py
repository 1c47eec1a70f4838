"""`quote_document`: a person has Vertex asked anew about a draft."""

import frappe
import pytest

from tests.support.books import own_rows
from tests.support.connector import issue
from tests.support.http import Caller, message
from tests.support.people import person

QUOTE = "medgrid.vertex.quote_document"


@pytest.fixture
def clerk(environment):
	"""Whoever writes quotations, orders and invoices."""
	roles = ("Sales User", "Sales Manager", "Accounts User", "Accounts Manager")
	return Caller(environment, person("mgt.vertex.clerk@example.com", *roles))


def saved(books, doctype="Sales Order", **values):
	document = books.document(doctype, **values).insert()
	frappe.db.commit()
	return document


def fresh(document):
	frappe.db.rollback()
	return frappe.get_doc(document.doctype, document.name)


@pytest.mark.parametrize("doctype", ["Quotation", "Sales Order", "Sales Invoice"])
def test_vertex_is_asked_although_nothing_has_changed(books, clerk, doctype):
	document = saved(books, doctype)
	before = len(books.requests())
	answer = message(clerk.post(QUOTE, doctype=doctype, name=document.name))
	assert answer == {
		"doctype": doctype,
		"name": document.name,
		"totalTax": pytest.approx(document.vertex_total_tax),
		"status": "Quoted",
	}
	assert len(books.requests()) == before + 1
	assert own_rows(fresh(document)) == own_rows(document)


def test_what_was_out_of_date_is_up_to_date(books, clerk):
	books.vertex.fault("status", path="/vertex-ws/v2/supplies", status=503, times=None)
	document = saved(books)
	assert (document.vertex_status, own_rows(document)) == ("Out of Date", [])
	values = {"doctype": document.doctype, "name": document.name}
	assert message(clerk.post(QUOTE, **values))["status"] == "Out of Date"
	books.vertex.clear_faults()
	answer = message(clerk.post(QUOTE, **values))
	assert answer["status"] == "Quoted"
	assert answer["totalTax"] > 0
	assert fresh(document).vertex_total_tax == answer["totalTax"]


def test_a_submitted_document_stays_as_it_is(books, clerk):
	document = saved(books).submit()
	frappe.db.commit()
	body = issue(clerk.post(QUOTE, doctype=document.doctype, name=document.name), 400)
	assert "is not a draft" in body["detail"]
	assert (body["type"], body["version"]) == ("document/quote", "v1")


def test_a_document_that_vertex_does_not_tax_stays_as_it_is(books, clerk):
	document = saved(books)
	books.change_merchant(enabled=0)
	try:
		body = issue(clerk.post(QUOTE, doctype=document.doctype, name=document.name), 400)
	finally:
		books.change_merchant(enabled=1)
	assert "Vertex does not tax" in body["detail"]


@pytest.mark.parametrize(
	("values", "status"),
	[
		({}, 400),
		({"doctype": "Sales Order"}, 400),
		({"doctype": "User", "name": "Administrator"}, 400),
		({"doctype": ["Sales Order"], "name": "x"}, 400),
		({"doctype": "Sales Order", "name": {"a": 1}}, 400),
		({"doctype": "Sales Order", "name": "no-such"}, 404),
	],
)
def test_what_does_not_exist_or_is_wrong(clerk, vertex_app, values, status):
	issue(clerk.post(QUOTE, **values), status)


def test_nobody_asks_about_a_document_that_they_may_not_change(
	books, environment, complete_shop, identity, connector
):
	document = saved(books)
	before = len(books.requests())
	values = {"doctype": document.doctype, "name": document.name}
	callers = [Caller(environment, person("mgt.vertex.nobody@example.com", "Customer"))]
	callers += [complete_shop.merchant(), complete_shop.bearer(), connector]
	for caller in callers:
		issue(caller.post(QUOTE, **values), 403)
	issue(Caller(environment).post(QUOTE, **values), 401)
	assert len(books.requests()) == before

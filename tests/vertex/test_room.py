"""Whoever calls Vertex, a merchant's Shopify or the identity server in a web request is counted among the
requests that call other systems: half of the web server's threads at most.

See docs/adr/0030-no-web-thread-waits.md.
"""

import secrets
from collections.abc import Callable
from urllib.parse import urlencode

import frappe
import pytest

from medgrid.services import outgoing
from medgrid.vertex.contract.operations import OPERATIONS
from tests.support.books import own_rows
from tests.support.connector import issue
from tests.support.http import Caller, error, message
from tests.support.outgoing_rpcs import fill_all_slots
from tests.support.people import person
from tests.support.vertex import MESA

pytestmark = pytest.mark.usefixtures("nothing_under_way")

DOCTYPES = ("Quotation", "Sales Order", "Sales Invoice")
CALLBACK = "/api/method/medgrid.vertex.app_callback"
# They ask nobody outside in the request; a webhook is verified by a job.
ASK_NOBODY = {
	"app_install",
	"app_uninstall",
	"api_credentials",
	"data_volume",
	"issues",
	"health",
	"retry_document",
	"app_open",
	"app_webhook",
}


class Calls:
	"""A shop that has installed the app, a company, and the operations that call out."""

	def __init__(self, environment, shop, books):
		self.shop, self.books = shop, books
		self.manager = Caller(environment, person("mgt.vertex.room@example.com", "System Manager"))
		self.clerk = clerk(environment)

	def invoice(self) -> dict:
		number = f"#{secrets.token_hex(4)}"
		return self.shop.sale(saleMessageType="INVOICE", documentNumber=number)

	def call(self, name: str) -> Callable:
		shop = self.shop
		match name:
			case "shopify_tax_calculate" | "calculate_taxes":
				return lambda: shop.call(name, **shop.sale())
			case "shopify_tax_calculate INVOICE" | "calculate_taxes INVOICE":
				sale = self.invoice()
				return lambda: shop.call(name.split()[0], **sale)
			case "shopify_onboarding":
				return shop.onboard_with
			case "shopify_token" | "tokens":
				redirect = shop.redirect()
				return lambda: shop.call(name, **redirect)
			case "app_callback":
				query = urlencode(shop.redirect())
				return lambda: Caller(shop.environment).request("GET", f"{CALLBACK}?{query}")
			case "test_merchant":
				return lambda: self.manager.post("medgrid.vertex.test_merchant", merchant=self.books.merchant)
			case "test_identity":
				return lambda: self.manager.post("medgrid.vertex.test_identity")
			case "a bearer token":
				caller = shop.bearer()
				return lambda: caller.get("medgrid.vertex.shopify_onboarding")
		raise AssertionError(name)


CALLS = [
	"shopify_tax_calculate",
	"shopify_tax_calculate INVOICE",
	"calculate_taxes",
	"calculate_taxes INVOICE",
	"shopify_onboarding",
	"shopify_token",
	"tokens",
	"app_callback",
	"test_merchant",
	"test_identity",
	"a bearer token",
]


def clerk(environment) -> Caller:
	roles = ("Sales User", "Sales Manager", "Accounts User", "Accounts Manager")
	return Caller(environment, person("mgt.vertex.clerk@example.com", *roles))


@pytest.fixture
def calls(environment, complete_shop, books, identity):
	"""The identity server's keys are not kept yet."""
	from tests.support.connector import forget_limits

	forget_limits()
	books.change_merchant(origin=frappe.as_json(MESA))
	return Calls(environment, complete_shop, books)


def rows() -> dict[str, int]:
	frappe.db.rollback()
	return {each: frappe.db.count(each) for each in ("Vertex Tax Document", "Vertex Merchant")}


def test_each_operation_is_known_to_call_out_or_not():
	named = {name.split()[0] for name in CALLS} | {"quote_document"}
	assert set(OPERATIONS) == (named & set(OPERATIONS)) | ASK_NOBODY


@pytest.mark.parametrize("name", CALLS)
def test_when_half_of_the_threads_call_out_one_more_is_503_and_leaves_no_trace(calls, name):
	call, before, asked = calls.call(name), rows(), len(calls.shop.vertex.received())
	turns = fill_all_slots()
	answer = call()
	body = issue(answer, 503)
	assert answer.headers["Retry-After"] == "5"
	assert body["title"] == "Service Unavailable"
	assert "Try again in 5 seconds" in body["detail"]
	assert rows() == before
	# Nothing has failed, at Vertex or anywhere.
	assert not frappe.db.exists("Integration Issue", body["id"])
	assert len(calls.shop.vertex.received()) == asked
	for turn in turns:
		turn.end()
	message(call())


@pytest.mark.parametrize("name", CALLS)
def test_another_request_of_the_same_user_does_not_matter(calls, name):
	"""The bound of one request at a time is for the vendors' and the store's."""
	call = calls.call(name)
	for caller in (calls.shop.connector, calls.manager):
		outgoing._Slot(caller.user.email).ask()
	message(call())


@pytest.mark.parametrize("name", CALLS)
def test_the_room_is_free_after_the_request(calls, name):
	message(calls.call(name)())
	assert frappe.cache.zcard(outgoing._Slot(None).keys[0]) == 0


def test_an_invoice_that_is_booked_is_answered_without_room(calls):
	call = calls.call("shopify_tax_calculate INVOICE")
	first = message(call())
	fill_all_slots()
	assert message(call()) == {**first, "alreadyCommitted": True}


def test_kept_keys_check_a_bearer_token_without_room(calls):
	call = calls.call("a bearer token")
	message(call())
	fill_all_slots()
	message(call())


def test_an_unknown_key_without_room_is_503_and_the_next_request_fetches_the_keys(calls):
	message(calls.call("a bearer token")())
	calls.shop.vertex.rotate_identity_key()
	call = calls.call("a bearer token")
	turns = fill_all_slots()
	issue(call(), 503)
	for turn in turns:
		turn.end()
	message(call())


# Documents


@pytest.fixture
def desk(environment):
	return clerk(environment)


def content(document) -> dict:
	values = document.as_dict(no_default_fields=True)
	return frappe.parse_json(frappe.as_json({"doctype": document.doctype, **values}))


def fresh(document):
	frappe.db.rollback()
	return frappe.get_doc(document.doctype, document.name)


def as_read(desk, document) -> dict:
	"""The document as the API answers it."""
	return message(desk.get("frappe.client.get", doctype=document.doctype, name=document.name))


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_draft_that_is_saved_without_room_is_as_if_vertex_did_not_answer(books, desk, doctype):
	new = content(books.document(doctype))
	frappe.db.commit()
	turns = fill_all_slots()
	answer = desk.post("frappe.client.insert", doc=new)
	assert answer.status_code == 200, answer.text
	saved = answer.json()["message"]
	assert saved["vertex_status"] == "Out of Date"
	assert "Try again in 5 seconds" in saved["vertex_error"]
	assert "is out of date" in answer.json()["_server_messages"]
	assert books.requests() == []
	for turn in turns:
		turn.end()
	again = desk.post("frappe.client.save", doc={**saved, "doctype": doctype})
	assert again.json()["message"]["vertex_status"] == "Quoted", again.text


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_draft_is_refused_without_room_if_the_settings_say_so(books, desk, doctype):
	from tests.support.connector import set_up_settings

	set_up_settings(block_save_without_tax=1)
	new = content(books.document(doctype))
	frappe.db.commit()
	before = frappe.db.count(doctype)
	fill_all_slots()
	assert "Try again in 5 seconds" in error(
		desk.post("frappe.client.insert", doc=new), 417, "ValidationError"
	)
	frappe.db.rollback()
	assert frappe.db.count(doctype) == before


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_what_is_unchanged_is_saved_without_room(books, desk, doctype):
	document = books.document(doctype).insert()
	frappe.db.commit()
	fill_all_slots()
	answer = desk.post("frappe.client.save", doc=as_read(desk, document))
	assert answer.status_code == 200, answer.text
	assert answer.json()["message"]["vertex_status"] == "Quoted", answer.text
	assert own_rows(fresh(document)) == own_rows(document)


def submit(desk, document):
	return desk.post("frappe.client.submit", doc=as_read(desk, document))


def test_an_invoice_is_not_submitted_without_room(books, desk):
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	fill_all_slots()
	answer = submit(desk, document)
	assert "Try again in 5 seconds" in error(answer, 417, "ValidationError")
	assert fresh(document).docstatus == 0


def test_an_invoice_is_submitted_without_room_if_the_settings_say_so(books, desk, no_worker):
	from tests.support.connector import set_up_settings

	set_up_settings(submit_without_tax=1)
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	fill_all_slots()
	answer = submit(desk, document)
	assert answer.status_code == 200, answer.text
	assert fresh(document).docstatus == 1


def test_quoting_on_request_without_room_leaves_the_document_out_of_date(books, desk):
	document = books.document("Sales Order").insert()
	frappe.db.commit()
	fill_all_slots()
	call = {"doctype": document.doctype, "name": document.name}
	assert message(desk.post("medgrid.vertex.quote_document", **call))["status"] == "Out of Date"
	assert own_rows(fresh(document)) == own_rows(document)


def test_a_job_that_saves_a_document_needs_no_room(books):
	fill_all_slots()
	assert books.document("Sales Order").insert().vertex_status == "Quoted"

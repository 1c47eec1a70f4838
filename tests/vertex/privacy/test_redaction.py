"""The three webhooks that Shopify demands of every public app: what goes, what stays, and what waits."""

import json
import secrets

import frappe
import pytest

from medgrid.vertex.privacy import redaction
from medgrid.vertex.privacy.redaction import without_persons
from tests.support.connector import issue
from tests.support.http import message
from tests.support.records import write_values
from tests.support.waiting import wait_until_equal
from tests.vertex.webhooks import send, tax_document

DOCTYPE = "Vertex Tax Document"
SUPPLIES = "/vertex-ws/v2/supplies"
STREET = "1 Secret St"
REQUEST = {
	"saleMessageType": "INVOICE",
	"customer": {
		"customerCode": {"value": "4711"},
		"destination": {"streetAddress1": STREET, "city": "Chicago", "country": "US"},
	},
	"seller": {"company": "SKYDELL", "physicalOrigin": {"city": "Mesa", "country": "US"}},
	"lineItems": [{"lineItemNumber": 1, "extendedPrice": 57.0, "customer": {"destination": {"city": "X"}}}],
}


def booked(shop, number, customer="4711", status="Committed", **values):
	text = json.dumps(REQUEST).replace("4711", customer)
	return tax_document(shop, number, status, request=text, customer_code=customer, **values)


def request_of(name):
	frappe.db.rollback()
	return json.loads(frappe.db.get_value(DOCTYPE, name, "request"))


def is_redacted(name):
	request = request_of(name)
	return "destination" not in request["customer"] and "customerCode" not in request["customer"]


def redacted(names):
	return {title for title, name in names.items() if is_redacted(name)}


@pytest.fixture
def documents(complete_shop, new_merchant):
	other = new_merchant()
	other.install()
	return {
		"by order id": booked(complete_shop, "#1", order_id="820982911946154508"),
		"by number": booked(complete_shop, "1002"),
		"another's": booked(complete_shop, "#3", "4712", order_id="3"),
		"another shop's": booked(other, "#1", order_id="820982911946154508"),
	}


def redact(caller, shop, **content):
	return message(send(caller, {"shop_domain": shop.domain, **content}, "customers/redact"))


def test_a_customers_orders_lose_addresses_and_codes_and_keep_figures(complete_shop, documents, anonymous):
	customer = {"id": 191167, "email": "john@example.com"}
	answer = redact(anonymous, complete_shop, customer=customer, orders_to_redact=[820982911946154508, 1002])
	assert answer["topic"] == "customers/redact"
	assert redacted(documents) == {"by order id", "by number"}
	left = request_of(documents["by order id"])
	assert STREET not in json.dumps(left) and "4711" not in json.dumps(left)
	assert left == json.loads(without_persons(json.dumps(REQUEST)))
	assert left["lineItems"][0]["extendedPrice"] == 57.0
	row = frappe.get_doc(DOCTYPE, documents["by order id"])
	assert (row.redaction, row.customer_code) == ("Done", None)


def test_without_a_matching_order_the_customers_code_decides(complete_shop, documents, anonymous):
	redact(anonymous, complete_shop, customer={"id": 4711}, orders_to_redact=[])
	assert redacted(documents) == {"by order id", "by number"}


def test_a_code_in_another_spelling_is_another_customer(complete_shop, anonymous):
	names = {code: booked(complete_shop, code, code) for code in ("john@example.com", "John@example.com")}
	redact(anonymous, complete_shop, customer={"email": "john@example.com"}, orders_to_redact=[])
	assert redacted(names) == {"john@example.com"}


def test_the_customer_of_an_invoice_is_found(complete_shop, vertex, anonymous):
	number = f"#{secrets.token_hex(4)}"
	values = {"saleMessageType": "INVOICE", "documentNumber": number, "customer": {"code": "C-99"}}
	sale = complete_shop.sale(**values)
	first = message(complete_shop.call("shopify_tax_calculate", **sale))
	name = frappe.db.get_value(DOCTYPE, {"document_number": number})
	redact(anonymous, complete_shop, customer={"id": None, "email": "C-99"}, orders_to_redact=[])
	assert is_redacted(name)
	# The same invoice again is the same, and another one is another.
	again = message(complete_shop.call("shopify_tax_calculate", **sale))
	assert again == {**first, "alreadyCommitted": True}
	other = {**sale, "lineItems": [{"id": "1", "extendedPrice": 1.0}]}
	assert (
		"other content already" in issue(complete_shop.call("shopify_tax_calculate", **other), 400)["detail"]
	)
	write_values(DOCTYPE, name, "answer", None)
	assert message(complete_shop.call("shopify_tax_calculate", **sale)) == again
	assert is_redacted(name)


def test_what_vertex_refused_is_sent_again_by_the_shop_only(complete_shop, vertex, anonymous, manager):
	number = f"#{secrets.token_hex(4)}"
	values = {"saleMessageType": "INVOICE", "documentNumber": number, "orderId": "77"}
	sale = complete_shop.sale(**values)
	vertex.fault("status", path=SUPPLIES, status=400)
	issue(complete_shop.call("shopify_tax_calculate", **sale), 400)
	name = frappe.db.get_value(DOCTYPE, {"document_number": number})
	redact(anonymous, complete_shop, orders_to_redact=[77])
	assert is_redacted(name)
	body = issue(manager.post("medgrid.vertex.retry_document", doctype=DOCTYPE, name=name), 400)
	assert "Only the shop can send this invoice again" in body["detail"]
	assert message(complete_shop.call("shopify_tax_calculate", **sale))["totalTax"] == 5.84
	assert len(vertex.journal(document_number=number)) == 1


@pytest.mark.parametrize("status", ["Pending", "Sending", "In Doubt"])
def test_what_is_still_to_be_booked_keeps_its_buyer_until_then(complete_shop, anonymous, status):
	name = booked(complete_shop, "#5", status=status, order_id="5")
	redact(anonymous, complete_shop, orders_to_redact=[5])
	redaction.redact_requested()
	assert not is_redacted(name)
	assert frappe.db.get_value(DOCTYPE, name, "redaction") == "Requested"
	write_values(DOCTYPE, name, "status", "Committed")
	redaction.redact_requested()
	assert is_redacted(name)


def test_many_are_left_to_a_job(complete_shop, anonymous, monkeypatch):
	names = [booked(complete_shop, f"#{number}") for number in range(redaction.AT_ONCE + 7)]
	redact(anonymous, complete_shop, customer={"id": 4711}, orders_to_redact=[])
	wait_until_equal(lambda: sum(map(is_redacted, names)), len(names))
	assert not frappe.db.count(DOCTYPE, {"name": ("in", names), "redaction": "Requested"})


def test_a_lost_job_is_made_up_for_in_chunks(complete_shop, monkeypatch):
	names = [booked(complete_shop, f"#{number}") for number in range(7)]
	monkeypatch.setattr(redaction, "CHUNK", 2)
	redaction._mark(names)
	frappe.db.commit()
	redaction.redact_requested()
	assert all(map(is_redacted, names))


def test_a_shops_redaction_needs_the_app_to_be_gone(complete_shop, documents, anonymous):
	content = {"shop_id": 954889, "shop_domain": complete_shop.domain}
	message(send(anonymous, content, "shop/redact"))
	assert redacted(documents) == set()
	message(complete_shop.call("app_uninstall", shop=complete_shop.domain))
	message(send(anonymous, content, "shop/redact"))
	assert redacted(documents) == {"by order id", "by number", "another's"}
	document = complete_shop.document()
	assert (document.shop, document.status) == (complete_shop.domain, "Uninstalled")
	assert document.installed_at and not document.origin


def test_a_large_shops_redaction_is_left_to_a_job(complete_shop, anonymous, monkeypatch):
	names = [booked(complete_shop, f"#{number}", f"C{number}") for number in range(redaction.AT_ONCE + 5)]
	message(complete_shop.call("app_uninstall", shop=complete_shop.domain))
	message(send(anonymous, {"shop_domain": complete_shop.domain}, "shop/redact"))
	wait_until_equal(lambda: sum(map(is_redacted, names)), len(names))
	wait_until_equal(lambda: complete_shop.document().must_redact, 0)


@pytest.mark.parametrize(
	("field", "index"),
	[
		("customer_code", "medgrid_customer"),
		("document_number", "medgrid_number"),
		("redaction", "redaction"),
	],
)
def test_the_rows_are_found_along_an_index(site, field, index):
	rows = site.db.sql(f"SHOW INDEX FROM `tab{DOCTYPE}` WHERE Key_name LIKE %s", f"{index}%", as_dict=True)
	assert field in [row.Column_name for row in rows]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"destination": 1}'])
def test_a_request_that_cannot_be_read_has_no_persons_left(text):
	assert "destination" not in without_persons(text)


def test_digits_stay_as_they_are():
	text = '{"customer":{},"lineItems":[{"extendedPrice":0.10,"unitPrice":12345678901.123456}]}'
	assert "12345678901.123456" in without_persons(text)


def test_a_request_for_data_is_an_issue_for_the_administrator(site, complete_shop, anonymous):
	content = {
		"shop_domain": complete_shop.domain,
		"customer": {"id": 191167},
		"orders_requested": [299938, 280263],
	}
	message(send(anonymous, content, "customers/data_request"))
	site.db.rollback()
	found = site.get_all(
		"Integration Issue",
		{
			"integration": "vertex",
			"issue_type": "customers/data_request",
			"related_to": ("like", f"{complete_shop.domain}%"),
		},
		["who_acts", "detail", "what_to_do"],
	)
	assert len(found) == 1
	assert found[0].who_acts == "Administrator"
	assert "299938, 280263" in found[0].detail
	assert "until 20" in found[0].what_to_do


def test_webhooks_are_recorded_without_their_body(site, complete_shop, anonymous):
	redact(anonymous, complete_shop, customer={"id": 99, "email": "canary@example.com"})
	site.db.rollback()
	event = site.get_all("Integration Event", {"source": "vertex", "shop": complete_shop.domain}, ["*"])
	assert [row.topic for row in event if row.topic == "customers/redact"]
	assert "canary" not in str(event)

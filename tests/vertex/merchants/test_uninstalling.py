"""Uninstalled by RPC and by Shopify's webhook."""

import frappe
import pytest

from tests.support.connector import APP_ID, issue, set_up_settings, signed, with_basic
from tests.support.http import message
from tests.support.waiting import wait_for_jobs
from tests.vertex.webhooks import WEBHOOK, send, tax_document

SECRETS = ("client_secret", "trusted_id", "vertex_token", "shopify_token", "shopify_refresh_token")


def secrets_of(name):
	auth = frappe.qb.Table("__Auth")
	query = frappe.qb.from_(auth).select(auth.fieldname).where(auth.doctype == "Vertex Merchant")
	return query.where(auth.name == name).run(pluck=True)


def status_of(name):
	frappe.db.rollback()
	return frappe.db.get_value("Vertex Tax Document", name, "status")


def is_uninstalled(shop):
	document = shop.document()
	return document.status == "Uninstalled" and not secrets_of(document.name)


def test_everything_secret_goes_and_the_users_credentials_open_nothing(environment, complete_shop):
	username, password = complete_shop.basic()
	name, user = complete_shop.document().name, complete_shop.document().user
	assert {"client_secret", "vertex_token", "shopify_token"} <= set(secrets_of(name))
	message(complete_shop.call("app_uninstall", shop=complete_shop.domain))
	document = complete_shop.document()
	assert document.status == "Uninstalled"
	assert not any(document.get(field) for field in (*SECRETS, "client_id", "company_code", "api_username"))
	assert secrets_of(name) == []
	row = frappe.db.get_value("User", user, ["enabled", "api_key", "api_secret"], as_dict=True)
	assert (row.enabled, row.api_key, row.api_secret) == (0, None, None)
	issue(with_basic(environment, username, password).get("medgrid.vertex.issues"), 401)


def test_a_merchant_may_uninstall_itself(complete_shop):
	merchant = complete_shop.merchant()
	assert message(merchant.post("medgrid.vertex.app_uninstall"))["onboarding"] == "uninstalled"


def test_contract_bs_hmac_object_is_verified_if_it_comes(complete_shop):
	query, hmac = signed(shop=complete_shop.domain, timestamp="1678960003")
	values = {"shop": complete_shop.domain, "requestData": query, "hmac": hmac}
	issue(complete_shop.call("app_uninstall", **{**values, "hmac": "0" * 64}), 403)
	issue(complete_shop.call("app_uninstall", shop=complete_shop.domain, hmac=hmac), 400)
	assert complete_shop.document().status == "Complete"
	assert message(complete_shop.call("app_uninstall", **values))["onboarding"] == "uninstalled"


def test_pending_bookings_become_void_and_one_issue_names_all(complete_shop):
	numbers = {"A-1": "Pending", "A-2": "Pending", "B-1": "Sending", "B-2": "In Doubt", "C-1": "Committed"}
	names = {number: tax_document(complete_shop, number, status) for number, status in numbers.items()}
	message(complete_shop.call("app_uninstall", shop=complete_shop.domain))
	after = {number: status_of(name) for number, name in names.items()}
	assert after == {**numbers, "A-1": "Void", "A-2": "Void"}
	listed = message(complete_shop.connector.get("medgrid.vertex.issues", shop=complete_shop.domain))
	assert len(listed) == 1
	assert all(number in listed[0]["detail"] for number in ("A-1", "A-2", "B-1", "B-2"))
	assert "C-1" not in listed[0]["detail"]


# The webhook


def test_an_uninstall_at_shopify_is_believed_after_shopify_was_asked(complete_shop):
	complete_shop.shopify.uninstall(complete_shop.domain, APP_ID)
	complete_shop.shopify.wait_for_webhooks()
	wait_for_jobs()
	assert is_uninstalled(complete_shop)
	complete_shop.install()
	assert complete_shop.document().status == "Incomplete"


def test_an_old_webhook_is_answered_and_changes_nothing(complete_shop, anonymous):
	answer = send(anonymous, {"id": 1, "myshopify_domain": complete_shop.domain})
	assert message(answer) == {"status": "ok", "topic": "app/uninstalled"}
	wait_for_jobs()
	assert complete_shop.document().status == "Complete"


@pytest.mark.parametrize("header", ["", "AAAA"])
def test_a_wrong_signature_is_401_with_the_issue(complete_shop, anonymous, header):
	content = {"id": 1, "myshopify_domain": complete_shop.domain}
	answer = send(anonymous, content, **{"X-Shopify-Hmac-Sha256": header})
	body = issue(answer, 401)
	assert (body["type"], body["title"]) == ("app/uninstall", "Unauthorized")
	issue(send(anonymous, content, secret="another"), 401)
	set_up_settings(shopify_client_secret=None)
	issue(send(anonymous, content, secret=""), 401)
	wait_for_jobs()
	assert complete_shop.document().status == "Complete"


def test_what_is_signed_is_acknowledged(complete_shop, anonymous):
	for content, topic in (
		(b"{", "app/uninstalled"),
		(b"[]", "app/uninstalled"),
		({"id": 1}, "app/uninstalled"),
		({"id": 1, "myshopify_domain": "unknown.myshopify.com"}, "app/uninstalled"),
		({"id": 1}, "orders/create"),
		({"id": 1}, "shop/redact"),
	):
		assert message(send(anonymous, content, topic))["status"] == "ok", (content, topic)
	assert complete_shop.document().status == "Complete"


def test_a_get_is_501(anonymous, vertex_app):
	answer = anonymous.request("GET", WEBHOOK)
	assert issue(answer, 501)["type"] == "app/uninstall"
	assert answer.headers["Allow"] == "POST"

"""A merchant uninstalls MedGrid's app. Contract: "Webhook Error Response", "Status Values"."""

import json

import frappe
import pytest

from medgrid.clients.shopify.signatures import sign_body
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.connections import records
from medgrid.integrations.shopify import uninstall
from medgrid.integrations.shopify.client import vendor_client
from tests.support.records import write_values
from tests.support.shops import CLIENT_ID, CLIENT_SECRET
from tests.support.waiting import wait_for_jobs

METHOD = "/api/method/medgrid.integrations.shopify_webhook"


def send(caller, body: bytes, secret: str = CLIENT_SECRET, **headers):
	headers = {
		"Content-Type": "application/json",
		"X-Shopify-Hmac-Sha256": sign_body(body, secret),
		"X-Shopify-Topic": "app/uninstalled",
		"X-Shopify-Shop-Domain": "other.myshopify.com",
		"X-Shopify-Webhook-Id": "1",
		**headers,
	}
	return caller.request("POST", METHOD, data=body, headers=headers)


def shop_body(shop) -> bytes:
	return json.dumps({"id": 1, "myshopify_domain": shop.domain}).encode()


def test_connecting_subscribes_to_the_uninstall(connected_shop):
	subscriptions = connected_shop.control.subscriptions(connected_shop.domain)
	remembered = connected_shop.connection().webhook_subscription
	assert [(entry["topic"], entry["client_id"]) for entry in subscriptions] == [
		("app/uninstalled", CLIENT_ID)
	]
	assert subscriptions[0]["uri"].endswith(METHOD)
	assert remembered.endswith(f"/{subscriptions[0]['id']}")


def test_reconnecting_subscribes_no_second_time(connected_shop):
	connected_shop.connect()
	assert len(connected_shop.control.subscriptions(connected_shop.domain)) == 1
	assert connected_shop.connection().webhook_subscription


def test_a_subscription_that_failed_is_made_by_the_next_sync(shop):
	shop.control.fault("status", status=403, operation="webhook_subscription*", times=None)
	assert shop.connect()["ok"] is True
	assert shop.control.subscriptions(shop.domain) == []
	shop.control.clear_faults()
	assert shop.sync()["ok"] is True
	assert len(shop.control.subscriptions(shop.domain)) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_subscribing_leaves_no_connection_to_shopify_open(connected_shop, monkeypatch, fails):
	connection = records.get(connected_shop.connection().name)
	write_values("Vendor Connection", connection.name, "webhook_subscription", None)
	if fails:
		connected_shop.control.fault("status", status=403, operation="webhook_subscription*", times=None)
	clients = []

	def remembered(*arguments, **options):
		clients.append(vendor_client(*arguments, **options))
		return clients[-1]

	monkeypatch.setattr(uninstall, "vendor_client", remembered)
	uninstall.try_to_subscribe(connection)
	assert [client.transport.is_closed for client in clients] == [True]


def test_an_issue_is_open_while_the_shop_cannot_be_subscribed_to(connected_shop):
	connection = connected_shop.connection().name
	write_values("Vendor Connection", connection, "webhook_subscription", None)
	connected_shop.control.fault("status", status=403, operation="webhook_subscription*", times=None)

	def open_issues():
		frappe.db.rollback()
		filters = {"issue_type": "shopify/subscribe", "reference_name": connection, "open_key": ("is", "set")}
		return frappe.get_all("Integration Issue", filters=filters, fields=["who_acts", "detail", "attempts"])

	for attempts in (1, 2):
		assert connected_shop.sync()["ok"] is True
		[issue] = open_issues()
		assert (issue.who_acts, issue.attempts) == ("Administrator", attempts)
		assert connected_shop.domain in issue.detail
	connected_shop.control.clear_faults()
	assert connected_shop.sync()["ok"] is True
	assert open_issues() == []


@pytest.mark.parametrize("meanwhile", ["subscribed", "disconnected"])
def test_of_two_who_subscribe_at_once_the_one_that_fails_opens_no_issue(
	connected_shop, monkeypatch, meanwhile
):
	"""Shopify refuses the slower one after the other one has subscribed, or the vendor has disconnected."""
	name = connected_shop.connection().name
	write_values("Vendor Connection", name, "webhook_subscription", None)
	connection, ensure = records.get(name), uninstall.subscriptions.ensure

	def overtaken(*arguments):
		monkeypatch.setattr(uninstall.subscriptions, "ensure", ensure)
		if meanwhile == "subscribed":
			uninstall.subscribe(name)
		else:
			connected_shop.caller.post("medgrid.integrations.disconnect", integration_type="shopify")
		raise RequestRejected("refused")

	monkeypatch.setattr(uninstall.subscriptions, "ensure", overtaken)
	uninstall.try_to_subscribe(connection)
	frappe.db.rollback()
	filters = {"issue_type": "shopify/subscribe", "reference_name": name, "open_key": ("is", "set")}
	assert not frappe.db.exists("Integration Issue", filters)
	is_subscribed = bool(frappe.db.get_value("Vendor Connection", name, "webhook_subscription"))
	assert is_subscribed is (meanwhile == "subscribed")


def test_an_uninstall_disconnects_and_takes_the_token_away(connected_shop):
	connected_shop.control.uninstall(connected_shop.domain, CLIENT_ID)
	connected_shop.control.wait_for_webhooks()
	wait_for_jobs()
	entry = connected_shop.entry()
	assert (entry["status"], entry["has_credentials"]) == ("not_connected", False)
	assert connected_shop.token() is None
	assert connected_shop.token("refresh_token") is None


def test_after_an_uninstall_the_shop_can_be_connected_again(connected_shop):
	connected_shop.control.uninstall(connected_shop.domain, CLIENT_ID)
	connected_shop.control.wait_for_webhooks()
	wait_for_jobs()
	assert connected_shop.connect()["ok"] is True
	assert connected_shop.entry()["status"] == "connected"


@pytest.mark.parametrize("header", [None, "", "AAAA", "ä"])
def test_a_wrong_signature_is_401_with_the_contracts_body(connected_shop, anonymous, header):
	headers = {"X-Shopify-Hmac-Sha256": header.encode() if header else header}
	answer = send(anonymous, shop_body(connected_shop), **headers)
	assert answer.status_code == 401
	assert answer.json() == {
		"status": "error",
		"code": "INVALID_TOKEN",
		"message": "Authentication failed",
	}
	assert connected_shop.entry()["status"] == "connected"


def test_another_secret_is_a_wrong_signature(connected_shop, anonymous):
	assert send(anonymous, shop_body(connected_shop), secret="other").status_code == 401
	assert connected_shop.entry()["status"] == "connected"


def test_without_a_secret_nothing_is_accepted(connected_shop, anonymous):
	from tests.support.shops import set_up_app

	set_up_app(connected_shop.control, client_secret=None)
	assert send(anonymous, shop_body(connected_shop), secret="").status_code == 401


def test_the_signed_body_says_which_shop_and_not_the_header(connected_shop, anonymous):
	body = json.dumps({"myshopify_domain": "other.myshopify.com"}).encode()
	connected_shop.control.revoke_token(connected_shop.domain)
	answer = send(anonymous, body, **{"X-Shopify-Shop-Domain": connected_shop.domain})
	assert answer.status_code == 200
	wait_for_jobs()
	assert connected_shop.entry()["status"] == "connected"
	answer = send(anonymous, shop_body(connected_shop))
	assert answer.json() == {"message": {"status": "ok", "topic": "app/uninstalled"}}
	wait_for_jobs()
	assert connected_shop.entry()["status"] == "not_connected"


def test_another_topic_is_acknowledged_and_changes_nothing(connected_shop, anonymous):
	answer = send(anonymous, shop_body(connected_shop), **{"X-Shopify-Topic": "shop/update"})
	assert answer.json() == {"message": {"status": "ok", "topic": "shop/update"}}
	assert connected_shop.entry()["status"] == "connected"


def test_a_body_of_more_than_two_megabytes_is_refused(anonymous, shopify_app):
	assert send(anonymous, b'{"a": "' + b"x" * 2 * 1024 * 1024 + b'"}').status_code == 413


def test_the_connection_ends_for_all_users_of_the_supplier(connected_shop, colleague, anonymous):
	connected_shop.control.revoke_token(connected_shop.domain)
	send(anonymous, shop_body(connected_shop))
	wait_for_jobs()
	frappe.db.rollback()
	assert connected_shop.entry()["status"] == colleague.entry()["status"] == "not_connected"

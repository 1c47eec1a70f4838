"""RPC: the vendors' self-service hub. Contract: "list_connections" to "disconnect".

Every function works on the caller's own connections; there is no parameter that could name another's.
"""

from typing import Annotated

import frappe
from frappe import _
from pydantic import SecretStr, StringConstraints

from medgrid.api import endpoint
from medgrid.api.limits import count
from medgrid.api.raw import MAX_WEBHOOK_BYTES, answer_unauthenticated, raw_body, redirect, wants_page
from medgrid.exceptions import InvalidInput, MedgridError
from medgrid.integrations import connections, syncing
from medgrid.integrations.errors import IntegrationError
from medgrid.integrations.registry import REGISTRY, SYNCABLE, integration_of
from medgrid.integrations.sendblue.api import sendblue_start_verification, sendblue_verify, sendblue_webhook
from medgrid.integrations.shopify import uninstalling, vendor_install, webhooks
from medgrid.integrations.shopify.domains import ShopName
from medgrid.integrations.shopify.vendor_app import client_secret

__all__ = [
	"connect_shipstation",
	"disconnect",
	"list_connections",
	"sendblue_start_verification",
	"sendblue_verify",
	"sendblue_webhook",
	"shopify_callback",
	"shopify_start_install",
	"shopify_webhook",
	"sync_now",
	"test_connection",
]

IntegrationType = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Credential = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

# Contract, "sync_now": "pushes up to 25 unfulfilled orders".
PUSH_LIMIT = 25
PORTAL_PAGE = "/portal/integrations"
# Of callbacks, and of webhooks with a wrong signature, from one address.
CALLS_PER_MINUTE = 300


@endpoint("GET")
def list_connections() -> dict:
	"""The registry of integrations with the caller's connections; never a credential.

	:returns: `integrations`, a list of the contract's Integration Connection Object, and `user`.
	"""
	user = frappe.session.user
	return {"integrations": connections.listing(user), "user": user}


@endpoint("POST")
def connect_shipstation(api_key: Credential = "", api_secret: Credential = "") -> dict:
	"""Tests ShipStation credentials and stores them if they are good. Contract: "connect_shipstation".

	:returns: `ok`, `integration`, `status`; or `ok` (False), `error`, `status`, and nothing is stored.
	:raises InvalidInput: one of the two is missing (400).
	"""
	if not api_key or not api_secret:
		raise InvalidInput(_("Both API Key and API Secret are required."))
	integration = REGISTRY["shipstation"]
	operations = integration.load_operations()
	credentials = {"api_key": SecretStr(api_key), "api_secret": SecretStr(api_secret)}
	try:
		operations.probe(credentials)
	except IntegrationError as error:
		return {"ok": False, "error": str(error), "status": "error"}
	account = operations.account_of(credentials)
	connections.save_credentials(frappe.session.user, integration, credentials, account)
	return {"ok": True, "integration": integration.id, "status": "connected"}


@endpoint("POST")
def test_connection(integration_type: IntegrationType) -> dict:
	"""Tests the stored credentials and sets the status accordingly. Contract: "test_connection".

	:returns: `ok` and `error`, a sentence or None.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected (417).
	"""
	connection = connections.require(frappe.session.user, integration_of(integration_type, SYNCABLE))
	failure = None
	try:
		connection.integration.load_operations().test(connection)
	except IntegrationError as error:
		failure = str(error)
	connections.record_test(connection, failure)
	return {"ok": failure is None, "error": failure}


@endpoint("POST")
def sync_now(integration_type: IntegrationType) -> dict:
	"""Syncs one integration of the caller. Contract: "sync_now".

	:returns: `ok` and `stats`; with `error` if the whole sync failed.
	:raises InvalidInput: unknown integration (400).
	:raises Conflict: a sync is running (409).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	connection = connections.require(user, integration_of(integration_type, SYNCABLE))
	return syncing.sync_now(user, connection, limit=PUSH_LIMIT)


@endpoint("POST")
def disconnect(integration_type: IntegrationType) -> dict:
	"""Removes the stored credentials; what was exchanged stays on record. Contract: "disconnect".

	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	connections.forget_credentials(frappe.session.user, integration)
	return {"ok": True, "integration": integration.id}


@endpoint("POST")
def shopify_start_install(shop_domain: ShopName) -> dict:
	"""Begins connecting the caller's Shopify store. Contract: "shopify_start_install".

	:param shop_domain: `your-store`, `your-store.myshopify.com` or its URL.
	:returns: `ok`, `authorize_url` for the merchant's browser, and the `state` in it, good for 10 minutes.
	:raises InvalidInput: it is no shop's domain (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	install = vendor_install.start_install(frappe.session.user, shop_domain)
	return {"ok": True, "authorize_url": install.authorize_url, "state": install.state}


@endpoint("GET", allow_guest=True)
def shopify_callback() -> dict | None:
	"""Where Shopify sends the merchant's browser. Contract: "shopify_callback".

	:returns: `ok`, `shop`, `redirect`; or, when Shopify or the merchant refused, `ok` (False), `error`,
		`status`. A browser is redirected to the portal, whatever came of it.
	:raises InvalidInput: a check failed; the message says which (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	try:
		count("shopify_callback", CALLS_PER_MINUTE)
		shop = vendor_install.finish_install(*_redirect_of_this_request()).shop
	except MedgridError as error:
		if wants_page():
			return redirect(f"{PORTAL_PAGE}?shopify=error&reason={vendor_install.reason_of(error)}")
		if not isinstance(error, IntegrationError):
			raise
		return {"ok": False, "error": str(error), "status": "error"}
	if wants_page():
		return redirect(f"{PORTAL_PAGE}?shopify=connected")
	return {"ok": True, "shop": shop, "redirect": f"{PORTAL_PAGE}?shopify=connected"}


def _redirect_of_this_request() -> tuple[str, str | None]:
	"""The raw query string, and who is signed in."""
	user = frappe.session.user
	return frappe.request.query_string.decode("utf-8", "replace"), None if user == "Guest" else user


@endpoint("POST", allow_guest=True)
def shopify_webhook() -> dict | None:
	"""Where Shopify says that a vendor has uninstalled MedGrid's app. Contract: "Webhook Error Response".

	:returns: `status`, `topic`; 401 with the contract's body if the signature is wrong.
	"""
	try:
		webhook = webhooks.read(raw_body(MAX_WEBHOOK_BYTES), frappe.request.headers, [client_secret()])
	except webhooks.SignatureWrong:
		count("shopify_webhook", CALLS_PER_MINUTE)
		return answer_unauthenticated()
	if webhook.topic == "app/uninstalled":
		uninstalling.receive(webhook)
	return {"status": "ok", "topic": webhook.topic}

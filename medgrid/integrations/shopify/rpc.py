"""RPC: a vendor's Shopify store. Contract: "shopify_start_install" to "Webhook Error Response"."""

import frappe

from medgrid.api.endpoint import endpoint
from medgrid.api.parameters import AccountName
from medgrid.api.responses import (
	answer_webhook,
	query_string,
	redirect,
	set_status,
	sign_in_and_come_back,
	visitor,
	wants_page,
)
from medgrid.clients.shopify.domains import ShopName
from medgrid.clients.shopify.oauth.installation import SessionNeeded
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.shopify import installation, uninstall
from medgrid.integrations.shopify.app import CALLBACK
from medgrid.services.callers import count_call
from medgrid.services.failure_texts import failure_text

PORTAL_PAGE = "/portal/integrations"
CALLBACKS_PER_MINUTE = 300


@endpoint("POST", vendors=True)
def shopify_start_install(shop_domain: ShopName, account: AccountName | None = None) -> dict:
	"""Begins connecting the caller's Shopify store. Contract: "shopify_start_install".

	:param shop_domain: `your-store`, `your-store.myshopify.com` or its URL.
	:param account: the name of one of several accounts; a new name makes another connection. None: the first.
	:returns: `ok`, `authorize_url` for the merchant's browser, and the `state` in it, valid for 10 minutes.
	:raises InvalidInput: `shop_domain` is not a shop's domain (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	install = installation.start_install(frappe.session.user, shop_domain, account)
	return {"ok": True, "authorize_url": install.authorize_url, "state": install.state}


@endpoint("GET", allow_guest=True, page=True)
def shopify_callback() -> dict | None:
	"""Finishes connecting a Shopify store: Shopify redirects the merchant's browser here.

	Contract: "shopify_callback".

	:returns: `ok`, `shop`, `redirect`; if Shopify or the merchant refused, `ok` (False), `error`, `status`,
		with HTTP 417. A browser is redirected to the portal in both cases; first to the login page, and back
		here, if nobody is signed in.
	:raises InvalidInput: a check failed, or another user is signed in; the message says which (400).
	:raises RuleViolated: MedGrid's Shopify app is not set up (417).
	"""
	try:
		count_call("shopify_callback", CALLBACKS_PER_MINUTE)
		shop = installation.finish_install(query_string(), visitor()).shop
	except SessionNeeded:
		sign_in_and_come_back(CALLBACK)
		return None
	except MedgridError as error:
		if wants_page():
			redirect(f"{PORTAL_PAGE}?shopify=error&reason={installation.reason_of(error)}")
			return None
		if not isinstance(error, IntegrationError):
			raise
		set_status(417)
		return {"ok": False, "error": failure_text(error), "status": "error"}
	if wants_page():
		redirect(f"{PORTAL_PAGE}?shopify=connected")
		return None
	return {"ok": True, "shop": shop, "redirect": f"{PORTAL_PAGE}?shopify=connected"}


@endpoint("POST", allow_guest=True, max_body_bytes=uninstall.WEBHOOKS.max_bytes, signed_body=True)
def shopify_webhook() -> dict | None:
	"""Receives Shopify's webhook about the uninstallation of MedGrid's app. Contract: "Webhook Error
	Response".

	:returns: `status`, `topic`; 401 with the contract's body if the signature is wrong.
	:raises TooManyRequests: too many wrong signatures from this address (429).
	"""
	return answer_webhook(uninstall.WEBHOOKS)

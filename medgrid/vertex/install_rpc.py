"""The RPCs of an installation of the Shopify app, from its first page to its removal.

What fails becomes the second contract's Issue object (`contract.envelope`). Each checks in this order: its
members (400), the caller (403), whether the shop is known (404), the rest.
"""

from datetime import timedelta

import frappe
from frappe import _
from werkzeug.wrappers import Response

from medgrid.api.html_pages import notice
from medgrid.api.responses import answer_webhook, query_string, wants_page
from medgrid.api.vertex.operation import KB, operation
from medgrid.services.callers import count_call
from medgrid.vertex.access.callers import Kind, current_caller, read_shop, require, shop_for
from medgrid.vertex.contract.parameters import Code, Hmac, Parameter, RequestData, ShopName
from medgrid.vertex.merchants import install, records, uninstall, webhook
from medgrid.vertex.merchants.records import Merchant

PUBLIC_CALLS_PER_MINUTE = 300
COOKIE = "medgrid_vertex_state"
COOKIE_LIFE = timedelta(minutes=10)
NOT_MERCHANTS = (Kind.ADMINISTRATOR, Kind.CONNECTOR, Kind.BEARER)


@operation()
def app_install(hmac: Hmac, requestData: RequestData, shop: ShopName) -> dict:
	"""Begins an installation, for the front end of the Shopify app. See docs/api.md, "Installing".

	:param hmac: the signature in the query string with which Shopify opened the app's page.
	:param requestData: the rest of that query string, raw.
	:returns: `shop`, `authorizeUrl`, `state`, `installed`.
	"""
	domain = _named_shop(shop)
	install.check_names_shop(requestData, domain)
	_caller_for(domain)
	install.check_signature(hmac, requestData)
	begun = install.begin(domain)
	return {
		"shop": begun.shop,
		"authorizeUrl": begun.authorize_url,
		"state": begun.state,
		"installed": begun.is_installed,
	}


@operation()
def app_open() -> Response:
	"""The App URL of the Shopify app: the same for a browser. Redirects to Shopify's page of approval."""
	count_call("vertex_public", PUBLIC_CALLS_PER_MINUTE)
	query = query_string()
	redirect = install.read_callback(query)
	install.check_own_signature(query)
	begun = install.begin(redirect.shop, begun_by=install.BROWSER)
	response = Response(status=302, headers={"Location": begun.authorize_url, "Cache-Control": "no-store"})
	response.set_cookie(
		COOKIE,
		install.state_hash(begun.state),
		max_age=COOKIE_LIFE,
		httponly=True,
		secure=frappe.request.scheme == "https",
		samesite="Lax",
		path="/api/method/",
	)
	return response


def _exchange(
	code: Code,
	hmac: Hmac,
	shop: ShopName,
	host: Parameter | None = None,
	state: Parameter | None = None,
	timestamp: Parameter | None = None,
	requestData: RequestData | None = None,
) -> dict:
	"""Finishes an installation: exchanges the code of Shopify's redirect. See docs/api.md, "Installing".

	:returns: `shop`, `scope`, `onboarding`; never a token.
	"""
	given = {"code": code, "host": host, "shop": shop, "state": state, "timestamp": timestamp}
	members = {name: value for name, value in given.items() if value is not None}
	_named_shop(shop)
	redirect = install.read_redirect(members, requestData)
	_caller_for(redirect.shop)
	signed = install.signed_texts(members) if requestData is None else [requestData]
	install.check_signature(hmac, *signed)
	if redirect.state is not None:
		install.use_state(redirect)
	return _installed(install.finish(redirect))


shopify_token = operation("shopify_token")(_exchange)
# Contract B has both names for it.
tokens = operation("tokens")(_exchange)


@operation()
def app_callback() -> dict | Response:
	"""The redirect URL of the Shopify app: finishes an installation in the merchant's browser."""
	count_call("vertex_public", PUBLIC_CALLS_PER_MINUTE)
	query, is_browser = query_string(), wants_page()
	redirect = install.read_callback(query)
	install.check_own_signature(query)
	install.use_state(redirect, cookie=frappe.request.cookies.get(COOKIE), is_browser=is_browser)
	merchant = install.finish(redirect)
	if is_browser:
		return notice(
			_("The app is installed"),
			_("{0} is connected. Onboarding at Vertex comes next.").format(merchant.shop),
			200,
		)
	return _installed(merchant)


def _installed(merchant: Merchant) -> dict:
	scope = frappe.db.get_value("Vertex Merchant", merchant.name, "scopes") or ""
	return {"shop": merchant.shop, "scope": scope, "onboarding": merchant.status.lower()}


# Uninstalling


@operation()
def app_uninstall(
	shop: ShopName | None = None, hmac: Hmac | None = None, requestData: RequestData | None = None
) -> dict:
	"""Ends an installation. See docs/api.md, `app_uninstall`.

	:param hmac: with `requestData`: both are verified then, as in `app_install`.
	:returns: `shop`, `onboarding` ("uninstalled").
	"""
	named = read_shop(shop)
	is_signed = hmac is not None or requestData is not None
	if is_signed:
		install.check_names_shop(requestData or "", named or "")
	domain = shop_for(current_caller(), named)
	merchant = records.require(domain, installed=False)
	if is_signed:
		install.check_signature(hmac or "", requestData or "")
	uninstall.uninstall(merchant)
	return {"shop": domain, "onboarding": "uninstalled"}


@operation(max_kilobytes=webhook.WEBHOOKS.max_bytes // KB, signed_body=True)
def app_webhook() -> dict | None:
	"""Receives the webhooks of the Shopify app: app/uninstalled and the three that Shopify demands.

	:returns: `status`, `topic`.
	"""
	return answer_webhook(webhook.WEBHOOKS)


def _named_shop(written: str) -> str:
	shop = read_shop(written)
	assert shop
	return shop


def _caller_for(shop: str) -> None:
	caller = current_caller()
	require(caller, *NOT_MERCHANTS)
	shop_for(caller, shop)

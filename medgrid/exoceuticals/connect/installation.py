"""Connecting the Exoceuticals store: from the install URL to a token in System Settings.

A state issued here is of no use for a vendor's shop, nor the other way round: it is bound to its app.
Contract: "oauth_install_url", "oauth_callback".
"""

from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.installation import Approval, Installation
from medgrid.clients.shopify.oauth.states import OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.core.clock import stored_utc_now
from medgrid.core.secrets import MASK, write_secret
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotPermitted
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.connect.uninstall import UNINSTALLED
from medgrid.exoceuticals.settings import CONNECTED_AT, PREFIX, SETTINGS, TOKEN, StoreSettings
from medgrid.issues.records import settle_issue
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.shop_domains import require_shop_domain

PURPOSE = "exoceuticals"
# The contract's six, and no more: orders' shipments come with read_orders, stock and the id of its location
# with read_inventory.
SCOPES = (
	"read_products",
	"write_products",
	"read_orders",
	"write_orders",
	"read_inventory",
	"write_inventory",
)
ADMINISTRATOR = "System Manager"


def start_install(user: str, written_domain: str | None) -> dict[str, str]:
	"""
	:param written_domain: the shop's, in any spelling; None: the one in System Settings.
	:returns: `install_url`, `shop`, `redirect_uri`.
	:raises InvalidInput: it names no shop.
	:raises RuleViolated: a setting is missing; it says which.
	"""
	configured = settings.load()
	configured.require("client_id", "client_secret", *([] if written_domain else ["shop_domain"]))
	shop = require_shop_domain(written_domain or configured.shop_domain)
	installation = _installation(configured)
	started = installation.start(shop, user)
	return {
		"install_url": started.authorize_url,
		"shop": shop,
		"redirect_uri": installation.app.redirect_uri,
	}


def finish_install(query_string: str, signed_in: str | None) -> dict[str, str]:
	"""Checks the callback, exchanges its code and stores the token. Commits: the callback is a GET.

	:param query_string: raw.
	:param signed_in: whose session the browser has, if any.
	:returns: the contract's success body.
	:raises CallbackRejected: a check failed; nothing was changed.
	:raises NotPermitted: whoever began it is no System Manager any more.
	:raises IntegrationError: the merchant refused, or Shopify did; nothing was stored.
	"""
	return _installation(settings.load()).finish(query_string, signed_in)


def _installation(configured: StoreSettings) -> Installation[dict[str, str]]:
	return Installation(
		app=store_app(configured),
		states=OAuthStates(frappe.cache, frappe.local.site),
		base_url=lambda shop: base_url("shopify", shop=shop),
		may_finish=_check_starter,
		store=_store,
		observer=log_exchange,
	)


def store_app(configured: StoreSettings) -> ShopifyApp:
	"""The store's custom app.

	:raises RuleViolated: its id or its secret is not set.
	"""
	configured.require("client_id", "client_secret")
	return ShopifyApp(
		purpose=PURPOSE,
		client_id=configured.client_id,
		client_secret=configured.client_secret,
		scopes=SCOPES,
		redirect_uri=frappe.utils.get_url("/api/method/medgrid.exoceuticals.oauth_callback"),
		# A custom app's token stays until the app is uninstalled.
		expiring=False,
	)


def _check_starter(user: str) -> None:
	if user == "Administrator":
		return
	if not frappe.db.get_value("User", user, "enabled") or ADMINISTRATOR not in frappe.get_roles(user):
		raise NotPermitted(_("Whoever began this installation may not connect the store any more."))


def _granted(pair: TokenPair) -> list[str]:
	"""Shopify leaves out what it takes for granted: to write includes to read."""
	return [*SCOPES, *(scope for scope in pair.scopes if scope not in SCOPES)]


def _store(approval: Approval, pair: TokenPair) -> dict[str, str]:
	"""Stores the token, with the shop that it is for. Commits.

	:returns: the contract's success body.
	"""
	in_transaction(lambda: _write(approval, pair))
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return {
		"status": "success",
		"shop": approval.shop,
		"scope": ",".join(_granted(pair)),
		"message": _("Exoceuticals connected. You can close this tab."),
	}


def _write(approval: Approval, pair: TokenPair) -> None:
	shop, before = approval.shop, settings.load().shop_domain
	values: dict[str, Any] = {PREFIX + "shop_domain": shop, TOKEN: MASK, CONNECTED_AT: stored_utc_now()}
	if before != shop:
		# Of the shop before: with another's location every Item would be out of stock.
		values[PREFIX + "location_id"] = None
	frappe.db.set_single_value(SETTINGS, values)
	write_secret(SETTINGS, SETTINGS, TOKEN, pair.access_token)
	settle_issue(UNINSTALLED)
	_log(shop, before, approval.user)


def note_typed_token(document, event=None) -> None:
	"""`System Settings`' before_validate: a token that somebody types is of this moment."""
	token = document.get(TOKEN)
	if token and not document.is_dummy_password(token):
		document.set(CONNECTED_AT, stored_utc_now())
		settle_issue(UNINSTALLED)


def _log(shop: str, before: str | None, user: str) -> None:
	subject = _("Exoceuticals connected: {0}").format(shop)
	if before and before != shop:
		subject = _("Exoceuticals connected: {0} instead of {1}").format(shop, before)
	entry = {"doctype": "Activity Log", "subject": subject, "user": user, "status": "Success"}
	# The browser is nobody's as far as Frappe knows; the state says who began it.
	frappe.get_doc({**entry, "reference_doctype": SETTINGS, "reference_name": SETTINGS}).insert(
		ignore_permissions=True  # a log entry of the system's own
	)

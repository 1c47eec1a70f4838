"""Connecting the Exoceuticals store: from the install URL to a token in System Settings.

The OAuth state is bound to the store's app: it is not valid for the vendors' app, and vice versa.
Contract: "oauth_install_url", "oauth_callback".
"""

from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.installation import Approval, Installation, Visitor
from medgrid.clients.shopify.oauth.states import OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import hook
from medgrid.core.secrets import MASK, write_secret
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotPermitted
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.connect.uninstall import UNINSTALLED
from medgrid.exoceuticals.settings import CONNECTED_AT, PREFIX, SETTINGS, TOKEN, StoreSettings
from medgrid.exoceuticals.webhooks.secrets import forget_of_store
from medgrid.issues.records import settle_after_commit, settle_issue
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import take_slot
from medgrid.services.shopify.domains import require_shop_domain

PURPOSE = "exoceuticals"
CALLBACK = "/api/method/medgrid.exoceuticals.oauth_callback"
# Exactly the contract's six scopes. read_orders includes the orders' fulfillments; read_inventory includes
# stock and the ids of its locations.
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
	"""Begins an installation.

	:param user: the user who begins it.
	:param written_domain: the shop's domain, in any spelling; None: the one in System Settings.
	:returns: `install_url`, `shop`, `redirect_uri`.
	:raises InvalidInput: it is not a shop's domain.
	:raises RuleViolated: a setting is missing; the message names it.
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


def finish_install(query_string: str, visitor: Visitor) -> dict[str, str]:
	"""Checks the callback, exchanges its code and stores the token. Commits: the callback is a GET.

	:param query_string: the raw query string.
	:returns: the contract's success body.
	:raises CallbackRejected: a check failed; nothing was changed.
	:raises SessionNeeded: a browser must sign in first; nothing was changed.
	:raises NotPermitted: the user who began the installation is no longer a System Manager.
	:raises IntegrationError: the merchant or Shopify refused; nothing was stored.
	"""
	return _installation(settings.load()).finish(query_string, visitor)


def _installation(configured: StoreSettings) -> Installation[dict[str, str]]:
	return Installation(
		app=store_app(configured),
		states=OAuthStates(frappe.cache, frappe.local.site),
		base_url=lambda shop: base_url("shopify", shop=shop),
		may_finish=_check_starter,
		store=_store,
		observer=log_exchange,
		before_exchange=take_slot,
	)


def store_app(configured: StoreSettings) -> ShopifyApp:
	"""Describes the store's custom app.

	:raises RuleViolated: the app's client id or client secret is not set.
	"""
	configured.require("client_id", "client_secret")
	return ShopifyApp(
		purpose=PURPOSE,
		client_id=configured.client_id,
		client_secret=configured.client_secret,
		scopes=SCOPES,
		redirect_uri=frappe.utils.get_url(CALLBACK),
		# A custom app's token is valid until the app is uninstalled.
		expiring=False,
	)


def _check_starter(approval: Approval) -> None:
	user = approval.user
	if user == "Administrator":
		return
	if not frappe.db.get_value("User", user, "enabled") or ADMINISTRATOR not in frappe.get_roles(user):
		raise NotPermitted(
			_(
				"The user who began this installation is no longer permitted to connect the store. "
				"A System Manager must start it again."
			)
		)


def _granted(pair: TokenPair) -> list[str]:
	"""The granted scopes. Shopify omits scopes that others imply: a write scope implies the read scope."""
	return [*SCOPES, *(scope for scope in pair.scopes if scope not in SCOPES)]


def _store(approval: Approval, pair: TokenPair) -> dict[str, str]:
	"""Stores the token and its shop. Commits.

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
		# The location belongs to the previous shop. With it, the sync would set every Item to 0.
		values[PREFIX + "location_id"] = None
	if before and before != shop:
		forget_of_store()
	frappe.db.set_single_value(SETTINGS, values)
	write_secret(SETTINGS, SETTINGS, TOKEN, pair.access_token)
	settle_issue(UNINSTALLED)
	_log(shop, before, approval.user)


@hook
def note_typed_token(document, event=None) -> None:
	"""Records when an administrator enters a token by hand. `System Settings`' hook `before_validate`.

	:param document: the System Settings document.
	"""
	token = document.get(TOKEN)
	if token and not document.is_dummy_password(token):
		document.set(CONNECTED_AT, stored_utc_now())
		settle_after_commit(UNINSTALLED)


def _log(shop: str, before: str | None, user: str) -> None:
	subject = _("Exoceuticals connected: {0}").format(shop)
	if before and before != shop:
		subject = _("Exoceuticals connected: {0} instead of {1}").format(shop, before)
	entry = {"doctype": "Activity Log", "subject": subject, "user": user, "status": "Success"}
	# The browser may have no session, so the user comes from the OAuth state.
	frappe.get_doc({**entry, "reference_doctype": SETTINGS, "reference_name": SETTINGS}).insert(
		ignore_permissions=True  # MedGrid itself writes the log entry
	)

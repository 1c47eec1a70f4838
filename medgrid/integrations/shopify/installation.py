"""Connecting a vendor's shop: from the domain that they typed to a stored, working connection.

Contract: "shopify_start_install", "shopify_callback".
"""

from dataclasses import dataclass
from hashlib import sha256

import frappe
from frappe import _

from medgrid.clients.shopify.errors import NotApproved, ScopeMissing
from medgrid.clients.shopify.oauth.installation import (
	Approval,
	CallbackRejected,
	Installation,
	Started,
)
from medgrid.clients.shopify.oauth.states import OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair, utc_now
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.integrations import connections
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shopify import uninstall
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.token_store import stored_form
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.shop_domains import require_shop_domain


@dataclass(frozen=True)
class Connected:
	"""
	:param connection: the Vendor Connection's name.
	"""

	shop: str
	connection: str


def start_install(user: str, written_domain: str) -> Started:
	"""
	:raises InvalidInput: the domain names no shop.
	:raises RuleViolated: MedGrid's app is not set up.
	"""
	shop = require_shop_domain(written_domain)
	return _installation().start(shop, user)


def finish_install(query_string: str, signed_in: str | None) -> Connected:
	"""Checks the callback, exchanges its code and stores the tokens. Commits: the callback is a GET.

	:param query_string: raw.
	:param signed_in: whose session the browser has, if any.
	:raises CallbackRejected: a check failed; nothing was changed.
	:raises RuleViolated: MedGrid's app is not set up, or whoever began it may not sign in any more.
	:raises IntegrationError: the merchant refused, or Shopify did; nothing was stored.
	"""
	connected = _installation().finish(query_string, signed_in)
	uninstall.try_to_subscribe(connections.get(connected.connection))
	frappe.db.commit()
	return connected


def reason_of(error: MedgridError) -> str:
	"""The short name of a failure, for the page that the browser is sent to."""
	if isinstance(error, CallbackRejected):
		return error.reason
	if isinstance(error, NotApproved):
		return "denied"
	return "scopes" if isinstance(error, ScopeMissing) else "failed"


def _installation() -> Installation[Connected]:
	return Installation(
		app=vendor_app(),
		states=OAuthStates(frappe.cache, frappe.local.site),
		base_url=lambda shop: base_url("shopify", shop=shop),
		may_finish=_check_user,
		store=_store,
		observer=log_exchange,
	)


def _check_user(user: str) -> None:
	if not frappe.db.get_value("User", user, "enabled"):
		raise RuleViolated(_("The user who began this is not active any more."))


def _store(approval: Approval, pair: TokenPair) -> Connected:
	secrets, details = stored_form(pair)
	connection = connections.save_credentials(
		approval.user,
		REGISTRY["shopify"],
		secrets,
		_account(approval.shop, pair),
		shop=approval.shop,
		connected_at=utc_now().replace(tzinfo=None),
		**details,
	)
	frappe.db.commit()
	return Connected(approval.shop, connection)


def _account(shop: str, pair: TokenPair) -> str:
	"""Tells one connecting from the next, even of the same shop."""
	return sha256(f"shopify:{shop}:{pair.access_token.get_secret_value()}".encode()).hexdigest()[:40]

"""Connects a vendor's shop: from the domain that the vendor entered to a stored connection.

Contract: "shopify_start_install", "shopify_callback".
"""

from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.clients.shopify.errors import NotApproved, ScopeMissing
from medgrid.clients.shopify.oauth import states
from medgrid.clients.shopify.oauth.installation import (
	Approval,
	CallbackRejected,
	Installation,
	Started,
	Visitor,
)
from medgrid.clients.shopify.oauth.states import OAuthStates
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.core import rate_limits
from medgrid.core.clock import utc_now
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.integrations.connections.credentials import account_fingerprint, save_credentials
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shopify import uninstall
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.shop_owner import ShopTaken, check_owner, notify_administrators
from medgrid.integrations.shopify.token_store import stored_form
from medgrid.integrations.suppliers import supplier_of
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import take_slot
from medgrid.services.shopify.domains import require_shop_domain

# Redis keeps the state of each for as long.
STARTS = Limit("shopify installations, one user", times=300, seconds=states.SECONDS)


@dataclass(frozen=True)
class Connected:
	"""A finished installation.

	:param connection: the name of the Vendor Connection.
	"""

	shop: str
	connection: str


def start_install(user: str, written_domain: str, account_name: str | None = None) -> Started:
	"""Begins an installation.

	:param written_domain: the shop's domain as a person entered it.
	:param account_name: as which account the shop is connected; None: as the first.
	:raises InvalidInput: it is not a shop's domain.
	:raises RuleViolated: MedGrid's app is not set up, the user belongs to no Supplier, or the shop belongs to
		another one.
	:raises TooManyRequests: the user has begun too many within ten minutes.
	"""
	shop = require_shop_domain(written_domain)
	_check_owner(shop, supplier_of(user), account_name)
	installation = _installation()
	rate_limits.take((STARTS, user))
	return installation.start(shop, user, account_name)


def finish_install(query_string: str, visitor: Visitor) -> Connected:
	"""Checks the callback, exchanges its code and stores the tokens. Commits: the callback is a GET.

	:param query_string: the raw query string.
	:raises CallbackRejected: a check failed; nothing was changed.
	:raises SessionNeeded: a browser must sign in first; nothing was changed.
	:raises RuleViolated: MedGrid's app is not set up, the user who began the installation is disabled or
		belongs to no Supplier, or the shop belongs to another Supplier.
	:raises IntegrationError: the merchant or Shopify refused; nothing was stored.
	"""
	connected = _installation().finish(query_string, visitor)
	name = connected.connection
	enqueue(uninstall.subscribe, queue=SHORT, job_id=f"medgrid-subscribe-{name}", connection=name)
	return connected


def reason_of(error: MedgridError) -> str:
	"""The short name of a failure, for the page to which the browser is redirected."""
	if isinstance(error, CallbackRejected):
		return error.reason
	if isinstance(error, NotApproved):
		return "denied"
	if isinstance(error, ShopTaken):
		return "taken"
	return "scopes" if isinstance(error, ScopeMissing) else "failed"


def _installation() -> Installation[Connected]:
	return Installation(
		app=vendor_app(),
		states=OAuthStates(frappe.cache, frappe.local.site),
		base_url=lambda shop: base_url("shopify", shop=shop),
		may_finish=_check,
		store=_store,
		observer=log_exchange,
		before_exchange=take_slot,
	)


def _check(approval: Approval) -> None:
	if not frappe.db.get_value("User", approval.user, "enabled"):
		raise RuleViolated(
			_("The user who began this installation is disabled. An active user must start it again.")
		)
	_check_owner(approval.shop, supplier_of(approval.user), approval.account)


def _check_owner(shop: str, supplier: str, account_name: str | None) -> None:
	try:
		check_owner(shop, supplier, account_name)
	except ShopTaken as error:
		notify_administrators(error, supplier)
		raise


def _store(approval: Approval, pair: TokenPair) -> Connected:
	"""Commits: Shopify accepts a code only once, so the tokens are stored before anything else can fail."""
	secrets, details = stored_form(pair)
	connected_at = utc_now().replace(tzinfo=None)

	def save() -> str:
		name = save_credentials(
			approval.user,
			REGISTRY["shopify"],
			secrets,
			_account(approval.shop, pair),
			approval.account,
			shop=approval.shop,
			connected_at=connected_at,
			**details,
		)
		# Another Supplier may have connected the shop since the last check.
		check_owner(approval.shop, supplier_of(approval.user), approval.account, for_update=True)
		return name

	try:
		return Connected(approval.shop, in_transaction(save))
	except ShopTaken as error:
		notify_administrators(error, supplier_of(approval.user))
		raise


def _account(shop: str, pair: TokenPair) -> str:
	"""A fingerprint of one installation; it differs even between two installations of the same shop."""
	return account_fingerprint("shopify", f"{shop}:{pair.access_token.get_secret_value()}")

"""Installs the connector's app in a shop: from Shopify's signed page request to the stored tokens.

Merchants have no session here: Shopify's signature, the state and the shop bind an installation together, and
in a browser also a cookie. See docs/api.md, "Installing".
"""

import hmac as constant_time
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urlencode

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.domains import shop_domain
from medgrid.clients.shopify.errors import NotApproved
from medgrid.clients.shopify.oauth.installation import (
	MAX_QUERY_LENGTH,
	Authorization,
	CallbackRejected,
	single_values,
)
from medgrid.clients.shopify.oauth.states import Issued, OAuthStates
from medgrid.clients.shopify.responses import SERVICE
from medgrid.clients.shopify.signatures import is_signed_query, query_signatures
from medgrid.exceptions import InvalidInput
from medgrid.http_client.errors import IntegrationError
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import take_room
from medgrid.vertex.merchants import records, subscription
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.settings import connector_app

# Who began: the front end of the app, or a browser at `app_open`, which got a cookie.
PROGRAM, BROWSER = "program", "browser"
SECONDS = 20


@dataclass(frozen=True)
class Begun:
	"""An installation that was begun.

	:param is_installed: whether the shop has a working token already.
	"""

	shop: str
	authorize_url: str
	state: str
	is_installed: bool


@dataclass(frozen=True)
class Redirect:
	"""What Shopify's redirect brought.

	:param state: None: the caller's own credentials prove that the request is no forgery.
	"""

	shop: str
	code: SecretStr
	state: str | None


# Begin


def check_names_shop(query: str, shop: str) -> None:
	"""Checks that a query string names a shop exactly once.

	:param shop: its domain.
	:raises InvalidInput: it does not.
	"""
	named = _values(query).get("shop", [])
	if len(named) != 1 or shop_domain(named[0]) != shop:
		raise InvalidInput(_("requestData must name the same shop as shop, exactly once."))


def begin(shop: str, *, begun_by: str = PROGRAM) -> Begun:
	"""Begins an installation, after the signature was checked. Nothing but a nonce is stored.

	:raises RuleViolated: the connector's app is not set up.
	"""
	started = _authorization().start(shop, begun_by)
	merchant = records.find(shop)
	is_installed = bool(merchant and merchant.is_installed)
	return Begun(shop, started.authorize_url, started.state, is_installed)


def check_signature(hmac: str, *queries: str) -> None:
	"""Checks Shopify's signature of a query string.

	:param hmac: the signature.
	:param queries: raw, in any order, with or without `hmac` in it; of several, all of which say the same,
		one is signed.
	:raises CallbackRejected: it is wrong.
	"""
	secret = connector_app().client_secret.get_secret_value()
	signatures = [each for query in queries for each in query_signatures(query.removeprefix("?"), secret)]
	fits = [constant_time.compare_digest(hmac.encode(), signature.encode()) for signature in signatures]
	if not any(fits):
		raise CallbackRejected("hmac")


def check_own_signature(query: str) -> None:
	"""Checks the signature that a query string has itself.

	:param query: raw, as received.
	:raises CallbackRejected: it has none, several, or a wrong one.
	"""
	if not is_signed_query(query, connector_app().client_secret.get_secret_value()):
		raise CallbackRejected("hmac")


# Finish


def read_redirect(members: Mapping[str, str], query: str | None) -> Redirect:
	"""Reads what the front end hands over of Shopify's redirect.

	:param members: `code`, `shop` and, as far as they are given, `host`, `state` and `timestamp`.
	:param query: the raw query string instead; `code` and `shop` must equal those in it.
	:raises InvalidInput: they do not, or the shop is none.
	"""
	shop = shop_domain(members["shop"])
	if not shop:
		raise CallbackRejected("shop")
	if query is None:
		return Redirect(shop, SecretStr(members["code"]), members.get("state"))
	values = _values(query)
	check_names_shop(query, shop)
	if values.get("code") != [members["code"]]:
		raise InvalidInput(_("requestData must have the same code as code, exactly once."))
	states = values.get("state", [])
	if len(states) > 1:
		raise InvalidInput(_("requestData must have state once."))
	return Redirect(shop, SecretStr(members["code"]), states[0] if states else None)


def read_callback(query: str) -> Redirect:
	"""Reads the query string of a browser's callback.

	:returns: with an empty code if the merchant has not approved.
	:raises CallbackRejected: it names no shop, or several.
	"""
	values = single_values(query)
	shop = values.get("shop", "").lower()
	if not shop or shop_domain(shop) != shop:
		raise CallbackRejected("shop")
	return Redirect(shop, SecretStr(values.get("code", "")), values.get("state", ""))


def signed_texts(members: Mapping[str, str]) -> list[str]:
	"""The query strings that Shopify may have signed, put together from its parameters: Shopify writes the
	shop's domain, and the front end may write its name.

	:param members: with a shop that `read_redirect` has accepted.
	"""
	written = {**members, "shop": shop_domain(members["shop"]) or ""}
	return [urlencode(members), urlencode(written)]


def use_state(redirect: Redirect, *, cookie: str | None = None, is_browser: bool = False) -> None:
	"""Uses up the state of a redirect whose signature is right.

	:param cookie: the hash of the state that a browser has got at `app_open`.
	:param is_browser: whether a browser brings the redirect: it may have been led here by somebody else.
	:raises CallbackRejected: the state is unknown, expired, used, or another shop's or browser's.
	:raises Busy: see `outgoing.take_room`; the state is not used up.
	"""
	state = redirect.state or ""

	def is_this_browsers(issued: Issued) -> bool:
		if not is_browser or issued.user != BROWSER:
			return True
		return constant_time.compare_digest((cookie or "").encode(), state_hash(state).encode())

	_authorization().use_state(state, redirect.shop, is_this_browsers)


def finish(redirect: Redirect) -> Merchant:
	"""Exchanges the code at Shopify, once, stores the tokens and subscribes to the app's removal. Commits.

	:raises IntegrationError: Shopify or the merchant refused, or the exchange failed; nothing was stored.
	:raises Busy: see `outgoing.take_room`; nothing was exchanged.
	"""
	if not redirect.code.get_secret_value():
		raise NotApproved(service=SERVICE)
	take_room()
	deadline = time.monotonic() + SECONDS
	pair = _authorization().exchange(redirect.shop, redirect.code)
	merchant = records.save_installation(redirect.shop, pair)
	try:
		subscription.subscribe(merchant, deadline=deadline)
	except IntegrationError as error:
		# The app is installed all the same. The daily job subscribes later.
		frappe.logger("medgrid").warning(f"Not subscribed to app/uninstalled yet: {error}")
	return records.get(merchant.name)


def state_hash(state: str) -> str:
	"""What a browser's cookie holds of a state."""
	return sha256(state.encode()).hexdigest()


def _values(query: str) -> dict[str, list[str]]:
	if len(query) > MAX_QUERY_LENGTH:
		return {}
	try:
		return parse_qs(query.removeprefix("?"), keep_blank_values=True, max_num_fields=100)
	except ValueError:
		return {}


def _authorization() -> Authorization:
	return Authorization(
		app=connector_app(),
		states=OAuthStates(frappe.cache, frappe.local.site),
		base_url=lambda shop: base_url("shopify", shop=shop),
		observer=log_exchange,
		# `finish` needs it: without room, the same redirect is good once more.
		before_exchange=take_room,
	)

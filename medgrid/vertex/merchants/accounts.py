"""A merchant's account at Vertex, and clients for it. See docs/adr/0033-vertex-tokens-are-few.md."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.vertex.access_tokens import AccessTokens, Credentials, TokenStore, UnsharedToken
from medgrid.clients.vertex.client import QUOTATION_SECONDS, VertexClient
from medgrid.clients.vertex.deployments import Deployment, endpoints_of
from medgrid.clients.vertex.token_limit import (
	LIMIT,
	LIMIT_OF_CALCULATIONS,
	SharedTokenLimit,
	TokenLimit,
	Unlimited,
)
from medgrid.clients.vertex.wire import Location
from medgrid.core.clock import from_stored_utc, stored_utc, utc_now
from medgrid.core.secrets import read_secret
from medgrid.exceptions import NotFound, NotPermitted, RuleViolated
from medgrid.http_client.exchanges import Exchange, Observer
from medgrid.http_client.json_reader import JsonRefused, read_json
from medgrid.services.base_urls import configured_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import options_with_room
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.members import read_members
from medgrid.vertex.merchants.fields import COMPLETE, DOCTYPE, UNINSTALLED
from medgrid.vertex.merchants.vertex_tokens import MerchantTokens

# A merchant's last success is written at most once in this time.
SUCCESS_PAUSE = timedelta(minutes=1)
_FIELDS = (
	"name",
	"shop",
	"status",
	"enabled",
	"company_code",
	"division",
	"department",
	"deployment",
	"host",
	"client_id",
	"origin",
	"last_success_at",
	"last_error",
)


@dataclass(frozen=True)
class Account:
	"""What MedGrid needs to call Vertex for a merchant, stored or not.

	:param merchant: the name of the Vertex Merchant.
	:param host: only of On-Demand.
	:param origin: from where the merchant ships by default.
	"""

	merchant: str
	company_code: str
	deployment: Deployment
	client_id: str
	client_secret: SecretStr
	host: str | None = None
	division: str | None = None
	department: str | None = None
	origin: Location | None = None
	shop: str | None = None
	# Whether a success was noted within the last minute, and no failure since.
	success_is_noted: bool = False


def account_of_shop(shop: str) -> Account:
	"""Reads the account of a shop's merchant.

	:param shop: the shop's domain.
	:raises NotFound: the shop is unknown or uninstalled.
	:raises NotPermitted: the merchant is disabled.
	:raises RuleViolated: its onboarding is not complete.
	"""
	row = frappe.db.get_value(DOCTYPE, {"shop": shop}, _FIELDS, as_dict=True)
	if not row or row.status == UNINSTALLED:
		raise NotFound(_("There is no shop {0}.").format(shop))
	return _account(row)


def account_of(merchant: str) -> Account:
	"""Reads the account of a merchant, by the name of the Vertex Merchant; see `account_of_shop`."""
	row = frappe.db.get_value(DOCTYPE, merchant, _FIELDS, as_dict=True)
	if not row or row.status == UNINSTALLED:
		raise NotFound(_("The Vertex Merchant {0} does not exist or is uninstalled.").format(merchant))
	return _account(row)


def _account(row) -> Account:
	if not row.enabled:
		raise NotPermitted(_("The merchant is disabled. An administrator must enable the Vertex Merchant."))
	secret = read_secret(DOCTYPE, row.name, "client_secret") if row.status == COMPLETE else None
	if not (secret and row.client_id and row.company_code and row.deployment):
		raise RuleViolated(_("Unable to get an access token: onboarding is incomplete."))
	return Account(
		merchant=row.name,
		company_code=row.company_code,
		deployment=Deployment(row.deployment),
		client_id=row.client_id,
		client_secret=secret,
		host=row.host or None,
		division=row.division or None,
		department=row.department or None,
		origin=_origin(row.origin),
		shop=row.shop or None,
		success_is_noted=_is_noted(row),
	)


def _origin(text: str | None) -> Location | None:
	if not text:
		return None
	try:
		return read_members(Address, read_json(text.encode())).location()
	except JsonRefused:
		return None


def vertex_client(
	account: Account,
	*,
	seconds: float,
	exchange_seconds: float = QUOTATION_SECONDS,
	observer: Observer = log_exchange,
	heartbeat: Callable[[], None] = lambda: None,
) -> VertexClient:
	"""Creates a client with a merchant's stored credentials. It uses the token that all workers share.

	:param account: from `account_of` or `account_of_shop`.
	:param seconds: the time limit for all calls of the client together.
	:param exchange_seconds: the time limit of one exchange.
	:param observer: receives one record for each exchange.
	:raises Busy: see `outgoing.options_with_room`.
	"""
	store = MerchantTokens(account.merchant, (account.client_id, account.deployment.value, account.host))
	return _client(account, store, LIMIT_OF_CALCULATIONS, seconds, exchange_seconds, observer, heartbeat)


def testing_client(
	account: Account, store: UnsharedToken, *, seconds: float, observer: Observer = log_exchange
) -> VertexClient:
	"""Creates a client that tests credentials. It requests a token of its own, also the last one that the
	provider issues in its window.

	:param account: need not be stored.
	:param store: has the token afterwards, for `vertex_tokens.store_token`.
	:param seconds: the time limit for all calls of the client together.
	:raises Busy: see `outgoing.options_with_room`.
	"""
	return _client(account, store, LIMIT, seconds, QUOTATION_SECONDS, observer, lambda: None)


def _client(
	account: Account,
	store: TokenStore,
	limit: int,
	seconds: float,
	exchange_seconds: float,
	observer: Observer,
	heartbeat: Callable[[], None],
) -> VertexClient:
	options = options_with_room(time.monotonic() + seconds, heartbeat, observer)
	endpoints = endpoints_of(account.deployment, account.host, _replacement())
	counted: TokenLimit = Unlimited()
	if endpoints.limits_tokens:
		counted = SharedTokenLimit(frappe.cache, account.client_id, limit=limit)
	tokens = AccessTokens(
		endpoints,
		Credentials(account.client_id, account.client_secret),
		store,
		counted,
		deadline=options["deadline"],
		patience=options["patience"],
		observer=observer,
	)
	return VertexClient(tokens, exchange_seconds=exchange_seconds, merchant=account.merchant, **options)


def _replacement() -> str | None:
	url = configured_url("vertex")
	return url.rstrip("/") if url else None


class Stopwatch:
	"""An observer that writes the log, and adds up the time that Vertex took.

	:ivar seconds: of all exchanges so far; None: there was none.
	"""

	def __init__(self) -> None:
		self.seconds: float | None = None

	def __call__(self, exchange: Exchange) -> None:
		self.seconds = (self.seconds or 0) + exchange.milliseconds / 1000
		log_exchange(exchange)


def note_success(merchant: str) -> None:
	"""Notes that Vertex answered a merchant's request, at most once a minute. The caller commits."""
	row = frappe.db.get_value(DOCTYPE, merchant, ["last_success_at", "last_error"], as_dict=True)
	if row and not _is_noted(row):
		values = {"last_success_at": stored_utc(utc_now()), "last_error": None}
		frappe.db.set_value(DOCTYPE, merchant, values, update_modified=False)


def _is_noted(row) -> bool:
	until = row.last_success_at and from_stored_utc(row.last_success_at) + SUCCESS_PAUSE
	return bool(until and until > utc_now() and not row.last_error)


def note_failure(merchant: str, sentence: str) -> None:
	"""Notes a failure that concerns the merchant's account. The caller commits."""
	frappe.db.set_value(DOCTYPE, merchant, "last_error", sentence, update_modified=False)

"""Creates the client for a vendor's shop."""

from collections.abc import Callable
from functools import partial

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens, TokenPair
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.token_store import VendorTokenStore
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import client_options


def vendor_client(
	connection: Connection, *, deadline: float, heartbeat: Callable[[], None] = lambda: None
) -> ShopifyClient:
	"""Creates a client with a connection's tokens.

	:param deadline: the value of `time.monotonic()` after which the client does not wait any more; in a web
		request it may be earlier.
	:param heartbeat: is called before each request and each wait.
	:raises RuleViolated: MedGrid's app is no longer set up.
	:raises TooManyRequests: see `outgoing.take_turn`.
	:raises Busy: see `outgoing.take_turn`.
	"""
	app, url = vendor_app(), base_url("shopify", shop=connection.shop)
	options = client_options(deadline, heartbeat)
	tokens = RefreshingTokens(
		VendorTokenStore(connection),
		partial(_refresh, app, url, options["deadline"]),
		frappe.cache,
		f"{frappe.conf.db_name}:{connection.name}",
		options["deadline"],
		options["patience"],
	)
	bucket = CostBucket(frappe.cache, app.client_id, connection.shop)
	return ShopifyClient(url, tokens, bucket, **options)


def _refresh(app: ShopifyApp, url: str, deadline: float, refresh_token: SecretStr) -> TokenPair:
	return token_endpoint.refresh(app, url, refresh_token, log_exchange, deadline=deadline)

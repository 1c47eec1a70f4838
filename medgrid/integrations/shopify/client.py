"""Creates the client for a vendor's shop."""

import time
from collections.abc import Callable

import frappe

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens
from medgrid.integrations.connections import Connection
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.token_store import VendorTokenStore
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange


def vendor_client(
	connection: Connection, *, deadline: float, heartbeat: Callable[[], None] = lambda: None
) -> ShopifyClient:
	"""Creates a client with a connection's tokens.

	:param deadline: the value of `time.monotonic()` after which the client does not wait any more.
	:param heartbeat: is called before each request and each wait.
	:raises RuleViolated: MedGrid's app is no longer set up.
	"""
	app, url = vendor_app(), base_url("shopify", shop=connection.shop)
	tokens = RefreshingTokens(
		VendorTokenStore(connection),
		lambda refresh_token: token_endpoint.refresh(app, url, refresh_token, log_exchange),
		frappe.cache,
		f"{frappe.conf.db_name}:{connection.name}",
		deadline,
	)
	bucket = CostBucket(frappe.cache, app.client_id, connection.shop)
	return ShopifyClient(url, tokens, bucket, deadline=deadline, heartbeat=heartbeat, observer=log_exchange)


def deadline_in(seconds: float) -> float:
	"""The value of `time.monotonic()` in some seconds."""
	return time.monotonic() + seconds

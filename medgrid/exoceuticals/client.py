"""Creates clients for the Exoceuticals store."""

from collections.abc import Callable

import frappe

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth.tokens import FixedToken
from medgrid.core.waiting.request_time import deadline_in
from medgrid.exoceuticals.settings import StoreSettings
from medgrid.services.base_urls import base_url
from medgrid.services.failure_texts import EXOCEUTICALS as SERVICE
from medgrid.services.outgoing import client_options

# The app id for a token that an administrator entered in the settings without the id of its app.
NO_APP = "exoceuticals"


def store_client(
	settings: StoreSettings, *, seconds: float, heartbeat: Callable[[], None] = lambda: None
) -> ShopifyClient:
	"""Creates a client for the store.

	:param settings: the settings of the store.
	:param seconds: the time limit for all calls of the client together; a web request may have less.
	:param heartbeat: called before each request and each wait; it may raise.
	:raises RuleViolated: the store's domain or token is not set (417).
	:raises TooManyRequests: see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	store = settings.connected()
	return ShopifyClient(
		base_url("shopify", shop=store.shop_domain),
		FixedToken(store.api_token),
		CostBucket(frappe.cache, store.client_id or NO_APP, store.shop_domain),
		api_version=store.api_version,
		service=SERVICE,
		**client_options(deadline_in(seconds), heartbeat),
	)

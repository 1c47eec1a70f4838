"""Creates the client of a shop whose tokens expire: a vendor's or a merchant's."""

from functools import partial

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens, TokenPair
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import ClientOptions
from medgrid.services.shopify.tokens import ShopTokens


def shop_client(app: ShopifyApp, shop: str, tokens: ShopTokens, options: ClientOptions) -> ShopifyClient:
	"""Creates a client that refreshes its tokens when they expire.

	:param app: the app that is installed in the shop.
	:param tokens: where the shop's tokens are stored.
	:param options: bound the refreshing, too.
	"""
	url, deadline = base_url("shopify", shop=shop), options["deadline"]
	refreshing = RefreshingTokens(
		tokens,
		partial(_refresh, app, url, deadline),
		frappe.cache,
		f"{frappe.conf.db_name}:{tokens.name}",
		deadline,
		options["patience"],
	)
	return ShopifyClient(url, refreshing, CostBucket(frappe.cache, app.client_id, shop), **options)


def _refresh(app: ShopifyApp, url: str, deadline: float, refresh_token: SecretStr) -> TokenPair:
	return token_endpoint.refresh(app, url, refresh_token, log_exchange, deadline=deadline)

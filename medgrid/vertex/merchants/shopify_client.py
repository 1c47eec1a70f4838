"""The client of a merchant's Shopify store, with the tokens that the installation has stored."""

import frappe

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens, TokenPair
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.outgoing import take_room
from medgrid.services.shopify.tokens import ShopTokens, TokenFields
from medgrid.vertex.merchants import records
from medgrid.vertex.merchants.fields import DOCTYPE
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.settings import connector_app


class MerchantTokenStore(ShopTokens):
	"""The tokens of one installation: once the app is uninstalled or installed again, they are gone."""

	fields = TokenFields(
		DOCTYPE, "installation", "shopify_token", "shopify_refresh_token", "shopify_token_expires_at"
	)
	ended = "the app was uninstalled or installed again"

	def __init__(self, merchant: Merchant):
		super().__init__(merchant.name, merchant.installation)

	def write(self, pair: TokenPair, scopes: str) -> None:
		records.save_tokens(self.name, pair, scopes)


def merchant_client(merchant: Merchant, *, deadline: float) -> ShopifyClient:
	"""Creates a client with a merchant's tokens.

	:param deadline: the value of `time.monotonic()` after which the client does not wait any more.
	:raises RuleViolated: the connector's app is no longer set up.
	:raises Busy: see `outgoing.take_room`.
	"""
	take_room()
	app, url = connector_app(), base_url("shopify", shop=merchant.shop or "")
	tokens = RefreshingTokens(
		MerchantTokenStore(merchant),
		lambda refresh_token: token_endpoint.refresh(app, url, refresh_token, log_exchange),
		frappe.cache,
		f"{frappe.conf.db_name}:{merchant.name}",
		deadline,
	)
	bucket = CostBucket(frappe.cache, app.client_id, merchant.shop or "")
	return ShopifyClient(url, tokens, bucket, deadline=deadline, observer=log_exchange)

"""The client of a merchant's Shopify store, with the tokens that the installation has stored."""

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.tokens import RefreshingTokens, TokenPair
from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.clock import from_stored_utc
from medgrid.core.secrets import read_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import CredentialsRejected
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.vertex.merchants import records
from medgrid.vertex.merchants.fields import DOCTYPE
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.settings import connector_app

FIELDS = ("installation", "scopes", "shopify_token", "shopify_refresh_token", "shopify_token_expires_at")


class MerchantTokenStore:
	"""The tokens of one installation: once the app is uninstalled or installed again, they are gone.

	Both methods end the transaction, so that they see tokens which another worker stored meanwhile, and so
	that no row stays locked during a request to Shopify.
	"""

	def __init__(self, merchant: Merchant):
		self.merchant = merchant

	def load(self) -> TokenPair:
		"""Reads the current tokens.

		:raises CredentialsRejected: the app was uninstalled or installed again.
		"""
		return in_transaction(self._load)

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""Stores new tokens, unless another worker has replaced the same tokens already.

		:param replacing: the tokens that were refreshed.
		:returns: the stored tokens: `pair`, or the other worker's.
		:raises CredentialsRejected: the app was uninstalled or installed again.
		"""
		return in_transaction(lambda: self._save(pair, replacing))

	def _load(self) -> TokenPair:
		row = frappe.db.get_value(DOCTYPE, self.merchant.name, FIELDS, as_dict=True)
		self._check(row)
		return TokenPair(
			access_token=self._secret("shopify_token"),
			scopes=tuple((row.scopes or "").split(",")),
			refresh_token=self._secret("shopify_refresh_token") if row.shopify_refresh_token else None,
			expires_at=from_stored_utc(row.shopify_token_expires_at)
			if row.shopify_token_expires_at
			else None,
		)

	def _save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		row = locked_row(DOCTYPE, self.merchant.name, FIELDS)
		self._check(row)
		if self._secret("shopify_refresh_token") != replacing.refresh_token:
			return self._load()
		records.save_tokens(self.merchant.name, pair, ",".join(pair.scopes) or row.scopes)
		return pair

	def _check(self, row) -> None:
		if not row or not row.shopify_token or row.installation != self.merchant.installation:
			raise CredentialsRejected("the app was uninstalled or installed again", service=SERVICE)

	def _secret(self, field: str) -> SecretStr:
		secret = read_secret(DOCTYPE, self.merchant.name, field)
		if secret is None:
			raise CredentialsRejected("the merchant no longer has a token", service=SERVICE)
		return secret


def merchant_client(merchant: Merchant, *, deadline: float) -> ShopifyClient:
	"""Creates a client with a merchant's tokens.

	:param deadline: the value of `time.monotonic()` after which the client does not wait any more.
	:raises RuleViolated: the connector's app is no longer set up.
	"""
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

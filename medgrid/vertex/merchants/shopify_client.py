"""The client of a merchant's Shopify store, with the tokens that the installation has stored."""

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.oauth.tokens import TokenPair
from medgrid.services.outgoing import options_with_room
from medgrid.services.shopify.clients import shop_client
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
	:raises Busy: see `outgoing.options_with_room`.
	"""
	app = connector_app()
	return shop_client(app, merchant.shop or "", MerchantTokenStore(merchant), options_with_room(deadline))

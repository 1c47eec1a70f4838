"""Creates the client for a vendor's shop."""

from collections.abc import Callable

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shopify.app import vendor_app
from medgrid.integrations.shopify.token_store import VendorTokenStore
from medgrid.services.outgoing import client_options
from medgrid.services.shopify.clients import shop_client


def vendor_client(
	connection: Connection, *, deadline: float, heartbeat: Callable[[], None] = lambda: None
) -> ShopifyClient:
	"""Creates a client with a connection's tokens.

	:param deadline: the value of `time.monotonic()` after which the client does not wait any more; in a web
		request it may be earlier.
	:param heartbeat: is called before each request and each wait.
	:raises RuleViolated: MedGrid's app is no longer set up.
	:raises TooManyRequests: see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	app = vendor_app()
	options = client_options(deadline, heartbeat)
	return shop_client(app, connection.shop or "", VendorTokenStore(connection), options)

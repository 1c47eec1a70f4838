"""The webhook of an uninstalled app. When a merchant uninstalls an app, Shopify revokes the app's token for
the shop and sends app/uninstalled."""

from collections.abc import Mapping
from typing import Any

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import SHOP
from medgrid.clients.shopify.webhooks.payloads import WebhookShop
from medgrid.http_client.errors import CredentialsRejected

TOPIC = "app/uninstalled"


def uninstalled_shop(content: Mapping[str, Any]) -> str:
	"""The domain of the shop whose merchant uninstalled the app, in lower case.

	The body names it: headers are not signed. Nothing that is signed says when the app was uninstalled, so
	only Shopify can say whether it still is.

	:param content: the body of a webhook with this topic.
	:raises ValidationError: pydantic's; the body is not a shop.
	"""
	return WebhookShop.model_validate(content).myshopify_domain.strip().lower()


def is_uninstalled(client: ShopifyClient) -> bool:
	"""Asks Shopify whether it refuses the token of the client's shop, which an uninstallation revokes.

	:raises IntegrationError: Shopify did not say.
	"""
	try:
		client.query(SHOP)
	except CredentialsRejected:
		return True
	return False

"""An app's webhook subscriptions in a shop."""

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import WEBHOOK_SUBSCRIPTION_CREATE, WEBHOOK_SUBSCRIPTIONS
from medgrid.clients.shopify.errors import UserErrors
from medgrid.clients.shopify.models import WebhookSubscription

PAGE = 50


def existing(client: ShopifyClient) -> list[WebhookSubscription]:
	"""The app's own subscriptions; those made in Shopify's Admin are not among them.

	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	pages = client.pages(WEBHOOK_SUBSCRIPTIONS, {"first": PAGE})
	return [subscription for page in pages for subscription in page.nodes]


def create(client: ShopifyClient, topic: str, uri: str) -> WebhookSubscription:
	"""Shopify refuses a second one of the same topic and address, so repeating it is safe; when the answer to
	the first attempt was lost, the refusal of the second says that it is there.

	:param topic: e.g. `APP_UNINSTALLED`.
	:raises UserErrors: Shopify does not take the address.
	"""
	try:
		return client.mutate(WEBHOOK_SUBSCRIPTION_CREATE, {"topic": topic, "uri": uri}, repeatable=True)
	except UserErrors:
		made = [found for found in existing(client) if (found.topic, found.uri) == (topic, uri)]
		if not made:
			raise
		return made[0]


def ensure(client: ShopifyClient, topics: list[str], uri: str) -> tuple[list[WebhookSubscription], list[str]]:
	"""Subscribes to what is not subscribed yet.

	:returns: all of these topics' subscriptions to this address, and the topics that are new among them.
	"""
	wanted = [found for found in existing(client) if found.uri == uri and found.topic in topics]
	missing = [topic for topic in topics if topic not in {found.topic for found in wanted}]
	return [*wanted, *(create(client, topic, uri) for topic in missing)], missing

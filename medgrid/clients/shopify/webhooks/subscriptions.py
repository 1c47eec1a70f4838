"""Lists and creates an app's webhook subscriptions in a shop."""

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import WEBHOOK_SUBSCRIPTION_CREATE, WEBHOOK_SUBSCRIPTIONS
from medgrid.clients.shopify.errors import UserErrors
from medgrid.clients.shopify.models import WebhookSubscription

PAGE = 50


def existing(client: ShopifyClient) -> list[WebhookSubscription]:
	"""The app's own subscriptions, without those created in Shopify Admin.

	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	pages = client.pages(WEBHOOK_SUBSCRIPTIONS, {"first": PAGE})
	return [subscription for page in pages for subscription in page.nodes]


def create(client: ShopifyClient, topic: str, uri: str) -> WebhookSubscription:
	"""Creates a subscription, or returns the existing one.

	Repeating the request is safe, because Shopify rejects a second subscription of the same topic and
	address. After that rejection the function looks for the existing subscription, e.g. if the response to
	the first attempt was lost.

	:param topic: e.g. `APP_UNINSTALLED`.
	:param uri: the address that receives the webhooks.
	:raises UserErrors: Shopify rejects the subscription, and it does not exist yet.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	try:
		return client.mutate(WEBHOOK_SUBSCRIPTION_CREATE, {"topic": topic, "uri": uri}, repeatable=True)
	except UserErrors:
		made = [found for found in existing(client) if (found.topic, found.uri) == (topic, uri)]
		if not made:
			raise
		return made[0]


def ensure(client: ShopifyClient, topics: list[str], uri: str) -> tuple[list[WebhookSubscription], list[str]]:
	"""Creates the subscriptions that do not exist yet.

	:param topics: e.g. `APP_UNINSTALLED`.
	:param uri: the address that receives the webhooks.
	:returns: the subscriptions of all these topics to this address, and the topics that were added.
	:raises IntegrationError: see `create`.
	"""
	wanted = [found for found in existing(client) if found.uri == uri and found.topic in topics]
	missing = [topic for topic in topics if topic not in {found.topic for found in wanted}]
	return [*wanted, *(create(client, topic, uri) for topic in missing)], missing

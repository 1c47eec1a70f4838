"""An app's webhook subscriptions in a shop."""

from medgrid.clients.shopify.client import ShopifyClient, parsed
from medgrid.clients.shopify.errors import UserErrors
from medgrid.clients.shopify.models import WebhookSubscription, WebhookSubscriptionPage

PAGE = 50
# A connection of 50, and the mutation.
LIST_COST, CREATE_COST = 60, 10


def existing(client: ShopifyClient) -> list[WebhookSubscription]:
	"""The app's own subscriptions; those made in Shopify's Admin are not among them.

	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	pages = client.pages(
		"webhook_subscriptions",
		{"first": PAGE},
		WebhookSubscriptionPage,
		cost=LIST_COST,
		field="webhookSubscriptions",
	)
	return [subscription for page in pages for subscription in page.nodes]


def create(client: ShopifyClient, topic: str, uri: str) -> WebhookSubscription:
	"""Shopify refuses a second one of the same topic and address, so repeating it is safe; when the answer to
	the first attempt was lost, the refusal of the second says that it is there.

	:param topic: e.g. `APP_UNINSTALLED`.
	:raises UserErrors: Shopify does not take the address.
	"""
	try:
		result = client.mutate(
			"webhook_subscription_create", {"topic": topic, "uri": uri}, cost=CREATE_COST, repeatable=True
		)
	except UserErrors:
		made = [found for found in existing(client) if (found.topic, found.uri) == (topic, uri)]
		if not made:
			raise
		return made[0]
	return parsed(WebhookSubscription, result.get("webhookSubscription"))


def ensure(client: ShopifyClient, topics: list[str], uri: str) -> tuple[list[WebhookSubscription], list[str]]:
	"""Subscribes to what is not subscribed yet.

	:returns: all of these topics' subscriptions to this address, and the topics that are new among them.
	"""
	wanted = [found for found in existing(client) if found.uri == uri and found.topic in topics]
	missing = [topic for topic in topics if topic not in {found.topic for found in wanted}]
	return [*wanted, *(create(client, topic, uri) for topic in missing)], missing

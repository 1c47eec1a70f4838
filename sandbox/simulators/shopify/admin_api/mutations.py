"""What changes something: orders and webhook subscriptions."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.admin_api.access import needs, require
from sandbox.simulators.shopify.shop import order_create

TOPIC_SCOPES = {"ORDERS": "read_orders", "PRODUCTS": "read_products", "INVENTORY": "read_inventory"}


@needs("write_orders")
def _order_create(_root, info, order: dict, options: dict | None = None) -> dict:
	created, errors = order_create.create(info.context.shop, order, options or {})
	if created:
		info.context.tell_order("ORDERS_CREATE", created)
	return {"order": created, "userErrors": errors}


def _webhook_create(_root, info, topic: str, webhookSubscription: dict) -> dict:
	uri = webhookSubscription.get("uri")
	if scope := TOPIC_SCOPES.get(topic.partition("_")[0]):
		require(info, scope)
	if problem := _problem(info, topic, uri):
		field = ["webhookSubscription", "callbackUrl"]
		return {"webhookSubscription": None, "userErrors": [{"field": field, "message": problem}]}
	grant, shop = info.context.grant, info.context.shop
	subscription = shop.subscriptions.add(
		topic, uri, grant.client_id, info.context.client_secret, webhookSubscription.get("name")
	)
	return {"webhookSubscription": subscription, "userErrors": []}


def _problem(info, topic: str, uri: str | None) -> str | None:
	"""Shopify wants https as well; on loopback there is none."""
	if not uri or urlsplit(uri).scheme not in ("http", "https") or not urlsplit(uri).hostname:
		return "Address is invalid"
	for subscription in info.context.shop.subscriptions.of_app(info.context.grant.client_id):
		if (subscription.topic, subscription.uri) == (topic, uri):
			return "Address for this topic has already been taken"
	return None


def _webhook_delete(_root, info, id: str) -> dict[str, Any]:
	number = gid.read(id, "WebhookSubscription")[1]
	subscriptions = info.context.shop.subscriptions
	for subscription in subscriptions.of_app(info.context.grant.client_id):
		if subscription.number == number:
			subscriptions.remove(subscription)
			return {"deletedWebhookSubscriptionId": id, "userErrors": []}
	error = {"field": ["id"], "message": "Webhook subscription does not exist"}
	return {"deletedWebhookSubscriptionId": None, "userErrors": [error]}


FIELDS: dict[str, Callable[..., Any]] = {
	"orderCreate": _order_create,
	"webhookSubscriptionCreate": _webhook_create,
	"webhookSubscriptionDelete": _webhook_delete,
}

"""The webhooks that MedGrid itself registers. Contract: "exoceuticals webhook" ("Supported Topics")."""

import frappe

from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client

TOPICS = ["ORDERS_UPDATED", "ORDERS_FULFILLED", "ORDERS_CANCELLED", "APP_UNINSTALLED"]
SECONDS = 20


def register() -> list[dict[str, str | bool]]:
	"""Subscribes this site to the topics that it is not subscribed to yet.

	:returns: for each topic's subscription `topic`, `uri`, `id` (GID) and `created` (whether it is new).
	:raises RuleViolated: a setting is missing. The client secret is required, too: without it MedGrid could
		not verify the webhooks.
	:raises IntegrationError: the request to Shopify failed.
	"""
	store = settings.load()
	store.require("shop_domain", "api_token", "client_secret")
	with store_client(store, seconds=SECONDS) as client:
		found, new = subscriptions.ensure(client, TOPICS, webhook_url())
	found.sort(key=lambda subscription: TOPICS.index(subscription.topic))
	return [
		{"topic": each.topic, "uri": each.uri, "id": each.id, "created": each.topic in new} for each in found
	]


def webhook_url() -> str:
	"""Returns the URL of this site to which Shopify sends the webhooks."""
	return frappe.utils.get_url("/api/method/medgrid.exoceuticals.webhook")

"""The webhooks that MedGrid subscribes to itself. Contract: "exoceuticals webhook" ("Supported Topics")."""

import frappe

from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client

TOPICS = ["ORDERS_UPDATED", "ORDERS_FULFILLED", "ORDERS_CANCELLED", "APP_UNINSTALLED"]
SECONDS = 60


def register() -> list[dict[str, str | bool]]:
	"""Subscribes to what is not subscribed yet.

	:returns: of each topic's subscription to this site `topic`, `uri`, `id` (GID) and whether it is new:
		`created`.
	:raises RuleViolated: a setting is missing. The client secret is one: what Shopify signs with it could not
		be verified.
	:raises IntegrationError: Shopify did not do it.
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
	return frappe.utils.get_url("/api/method/medgrid.exoceuticals.webhook")

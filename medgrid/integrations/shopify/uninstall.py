"""When a merchant uninstalls MedGrid's app, Shopify ends the token and says so by webhook.

Contract: "disconnect" (what becomes of the connection); the topic is `app/uninstalled`.
"""

from datetime import datetime, timedelta, timezone

import frappe

from medgrid.clients.shopify import webhook_subscriptions
from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.webhooks import Webhook
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations import connections
from medgrid.integrations.connections import DOCTYPE, Connection
from medgrid.integrations.shopify.app import webhook_url
from medgrid.integrations.shopify.client import deadline_in, vendor_client

TOPIC = "APP_UNINSTALLED"
SUBSCRIBE_SECONDS = 20
DAY_SECONDS = 24 * 3600
# Shopify's clock and ours may differ by so much.
CLOCKS_DIFFER = timedelta(seconds=5)


def try_to_subscribe(connection: Connection, client: ShopifyClient | None = None) -> None:
	"""Subscribes unless that is done, and remembers it. A failure is logged once a day and tried again by
	the next sync: nothing else depends on it.

	:param client: of this connection's shop; None: a new one.
	"""
	if frappe.db.get_value(DOCTYPE, connection.name, "webhook_subscription"):
		return
	asking = client or vendor_client(connection, deadline=deadline_in(SUBSCRIBE_SECONDS))
	try:
		_subscribe(connection, asking)
	except IntegrationError as error:
		frappe.db.rollback()
		if frappe.cache.set(f"medgrid:shopify:unsubscribed:{connection.name}", 1, nx=True, ex=DAY_SECONDS):
			frappe.log_error("Shopify: not subscribed to app/uninstalled yet", f"{connection.shop}: {error}")
	finally:
		if not client:
			asking.close()


def _subscribe(connection: Connection, client: ShopifyClient) -> None:
	found, _new = webhook_subscriptions.ensure(client, [TOPIC], webhook_url())
	filters = {"name": connection.name, "account": connection.account}
	frappe.db.set_value(DOCTYPE, filters, "webhook_subscription", found[0].id)


def receive(webhook: Webhook) -> int:
	"""Disconnects every connection to the shop that uninstalled the app.

	:param webhook: its signature is right. The shop is the one in its body: headers are not signed.
	:returns: how many; 0 for a shop that nobody has connected, and for old news of an earlier connection.
	"""
	shop = str(webhook.content.get("myshopify_domain") or "").lower()
	if not shop:
		return 0
	filters = {"integration": "shopify", "shop": shop}
	rows = frappe.get_all(DOCTYPE, filters=filters, fields=["name", "account", "connected_at"])
	current = [row for row in rows if not _is_older(webhook.triggered_at, row.connected_at)]
	return sum(connections.forget(row.name, row.account) for row in current)


def _is_older(news: datetime | None, connected_at: datetime | None) -> bool:
	"""Whether a webhook is of a time before this connecting; both in UTC, the latter without saying so."""
	if not news or not connected_at:
		return False
	return news + CLOCKS_DIFFER < connected_at.replace(tzinfo=timezone.utc)

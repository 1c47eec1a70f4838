"""What the Exoceuticals store tells by webhook. Contract: "exoceuticals webhook".

The signature covers the body alone, so the body alone decides what happens to which order. The headers choose
the topic's parser and label the record; whoever changes them on an order's webhook that he has seen gains
nothing. That the app was uninstalled is believed only of what is signed with the app's own secret: the bodies
of other topics about the shop, which others may receive, are signed with the shop's.
"""

import hashlib

import frappe
from pydantic import ValidationError

from medgrid.clients.shopify.webhook_payloads import WebhookOrder, WebhookShop
from medgrid.clients.shopify.webhooks import Webhook
from medgrid.exoceuticals.connect import uninstall
from medgrid.exoceuticals.fulfillment import refresh, updates
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_webhook
from medgrid.exoceuticals.webhooks import events
from medgrid.exoceuticals.webhooks.events import AlreadyRecorded, Event

ORDER_TOPICS = ("orders/updated", "orders/fulfilled", "orders/cancelled")
UNINSTALLED = "app/uninstalled"
# Shopify waits for five seconds. Who waits longer for a lock fails, and Shopify sends it again.
LOCK_SECONDS = 2


def receive(webhook: Webhook, body: bytes, our_shop: str | None, *, is_to_app: bool) -> Event:
	"""Does what a webhook asks for, once. The caller commits.

	:param webhook: its signature is right.
	:param body: its raw body, which stands for it where Shopify gave it no id.
	:param our_shop: the store's domain, in small letters; None if it is not set.
	:param is_to_app: whether the app's own secret signed it.
	:returns: what is on record about it; of one that was received before, what was recorded then.
	"""
	event_id = webhook.webhook_id or _digest(webhook.topic, body)
	if webhook.topic == UNINSTALLED and (known := events.find(event_id)):
		return known
	event = _handle(webhook, event_id, our_shop, is_to_app)
	try:
		events.record(event, LOCK_SECONDS)
	except AlreadyRecorded:
		# Received before, or at this moment: whatever was done here was done there. That it shows only now is
		# what duplicates cost, and they are rare; to look first would cost every webhook.
		frappe.db.rollback()
		return events.find(event_id)
	return event


def _handle(webhook: Webhook, event_id: str, our_shop: str | None, is_to_app: bool) -> Event:
	about = {"id": event_id, "topic": webhook.topic, "shop": webhook.shop}
	if webhook.topic not in (*ORDER_TOPICS, UNINSTALLED):
		return Event(**about, outcome="Ignored", error="not a topic of MedGrid's")
	if our_shop and webhook.shop not in ("", our_shop):
		# The header is a hint, and may be missing: it keeps another shop of the same app apart, no attacker.
		return Event(**about, outcome="Ignored", error="not the shop in System Settings")
	if webhook.topic == UNINSTALLED and not is_to_app:
		return Event(**about, outcome="Ignored", error="not signed with the app's secret")
	try:
		if webhook.topic == UNINSTALLED:
			return Event(**about, outcome=_uninstalled(webhook, our_shop))
		return Event(**about, **_order_updated(WebhookOrder.model_validate(webhook.content)))
	except ValidationError as error:
		return Event(**about, outcome="Failed", error=_without_values(error))


def _order_updated(order: WebhookOrder) -> dict[str, str | None]:
	snapshot = snapshot_from_webhook(order)
	result = updates.apply(snapshot, note_check=False, lock_seconds=LOCK_SECONDS)
	if result.needs_refresh:
		refresh.schedule_refresh()
	return {
		"outcome": result.outcome.value,
		"order_id": snapshot.order_id,
		"sales_order": result.sales_order,
	}


def _uninstalled(webhook: Webhook, our_shop: str | None) -> str:
	_bound_waiting()
	shop = WebhookShop.model_validate(webhook.content).myshopify_domain.strip().lower()
	is_ours = bool(our_shop) and shop == our_shop
	return "Disconnected" if is_ours and uninstall.receive(shop, webhook.triggered_at) else "Ignored"


def _bound_waiting() -> None:
	"""For the rest of this request's connection; of rows, and of a whole table that somebody changes."""
	if frappe.db.db_type == "mariadb":
		# No query builder has it.
		frappe.db.sql(
			"SET SESSION innodb_lock_wait_timeout = %s, lock_wait_timeout = %s", (LOCK_SECONDS, LOCK_SECONDS)
		)


def _without_values(error: ValidationError) -> str:
	"""Where a payload made no sense, without repeating it: it is full of customers' data."""
	problems = error.errors(include_url=False, include_context=False, include_input=False)
	return "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['type']}" for problem in problems[:5])


def _digest(topic: str, body: bytes) -> str:
	return hashlib.sha256(topic.encode() + b"\n" + body).hexdigest()

"""Who is to be told what: subscriptions of apps, and those that people made in Shopify's Admin."""

import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sandbox.simulators.shopify import clock, gid
from sandbox.simulators.shopify.signing import body_signature

if TYPE_CHECKING:
	from sandbox.simulators.shopify.shops import Shop

# The topics that the simulator sends; others can be subscribed and stay silent.
TOPICS = {
	"ORDERS_UPDATED": "orders/updated",
	"ORDERS_FULFILLED": "orders/fulfilled",
	"ORDERS_CANCELLED": "orders/cancelled",
	"ORDERS_CREATE": "orders/create",
	"APP_UNINSTALLED": "app/uninstalled",
}


@dataclass
class Subscription:
	"""
	:param topic: as in the schema, ORDERS_UPDATED.
	:param client_id: the app's; None for one that was made in the Admin.
	:param secret: what signs its webhooks.
	"""

	typename: ClassVar = "WebhookSubscription"
	number: int
	topic: str
	uri: str
	client_id: str | None
	secret: str = field(repr=False)
	name: str | None = None
	format: str = "JSON"
	created_at: datetime = field(default_factory=clock.now)

	@property
	def updated_at(self) -> datetime:
		return self.created_at


class Subscriptions:
	"""Of one shop. `all` is replaced and never changed: the threads that deliver remove from it as well."""

	def __init__(self):
		self.all: list[Subscription] = []
		self._lock = threading.Lock()

	def add(self, topic: str, uri: str, client_id: str | None, secret: str, name=None) -> Subscription:
		number = gid.next_number("WebhookSubscription")
		subscription = Subscription(number, topic, uri, client_id, secret, name)
		with self._lock:
			self.all = [*self.all, subscription]
		return subscription

	def of_app(self, client_id: str) -> list[Subscription]:
		return [subscription for subscription in self.all if subscription.client_id == client_id]

	def remove(self, subscription: Subscription) -> None:
		with self._lock:
			self.all = [other for other in self.all if other is not subscription]

	def remove_app(self, client_id: str) -> None:
		with self._lock:
			self.all = [subscription for subscription in self.all if subscription.client_id != client_id]


@dataclass
class Message:
	"""One webhook for one subscription; the id stays the same however often it is sent."""

	shop: "Shop" = field(repr=False)
	subscription: Subscription
	body: bytes
	event_id: str
	api_version: str
	webhook_id: str = field(default_factory=lambda: str(uuid.uuid4()))
	triggered_at: str = field(default_factory=clock.precisely_now)

	@property
	def topic(self) -> str:
		return TOPICS[self.subscription.topic]

	def headers(self, secret: str | None = None) -> dict[str, str]:
		"""
		:param secret: signs instead of the right one.
		"""
		return {
			"Content-Type": "application/json",
			"User-Agent": "Shopify-Captain-Hook",
			"X-Shopify-Topic": self.topic,
			"X-Shopify-Hmac-Sha256": body_signature(self.body, secret or self.subscription.secret),
			"X-Shopify-Shop-Domain": self.shop.domain,
			"X-Shopify-API-Version": self.api_version,
			"X-Shopify-Webhook-Id": self.webhook_id,
			"X-Shopify-Event-Id": self.event_id,
			"X-Shopify-Triggered-At": self.triggered_at,
		}


def messages(shop: "Shop", topic: str, payload: Any, client_id: str | None = None) -> list[Message]:
	"""A message for everybody who subscribed to this topic.

	:param client_id: tells only this app, as when it is uninstalled.
	"""
	event_id = str(uuid.uuid4())
	body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
	return [
		Message(shop, subscription, body, event_id, "2026-04")
		for subscription in shop.subscriptions.all
		if subscription.topic == topic and client_id in (None, subscription.client_id)
	]

"""Who is to be told what: subscriptions of apps, and those that people made in Shopify's Admin."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sandbox.simulators.shopify import clock, gid

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

	def __init__(self) -> None:
		self.all: list[Subscription] = []
		self._lock = threading.Lock()

	def __getstate__(self) -> list[Subscription]:
		return self.all

	def __setstate__(self, subscriptions: list[Subscription]) -> None:
		self.__init__()  # type: ignore[misc]
		self.all = subscriptions

	def add(
		self, topic: str, uri: str, client_id: str | None, secret: str, name: str | None = None
	) -> Subscription:
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

"""Control calls about webhooks: who is told, how badly, and what came of it."""

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify.control.lookup import Lookup
from sandbox.simulators.shopify.shop.subscriptions import TOPICS, Subscription


class WebhookCommands(Lookup):
	def add_admin_webhook(self, domain: str, topic: str, uri: str) -> dict:
		"""Topic as in the header, orders/updated."""
		names = {header: name for name, header in TOPICS.items()}
		if topic not in names:
			raise ControlRefused(f"Unknown topic {topic!r}: one of {', '.join(names)}.")
		shop = self._shop(domain)
		return _shown(shop.subscriptions.add(names[topic], uri, None, shop.settings.admin_secret))

	def subscriptions(self, domain: str) -> list[dict]:
		return [_shown(subscription) for subscription in self._shop(domain).subscriptions.all]

	def rotate_secret(self, client_id: str, client_secret: str, sign_with_old: bool = False) -> None:
		"""A new secret; Shopify may go on signing with the old one for an hour."""
		app = self._simulator.app(client_id)
		if not sign_with_old:
			for subscription in self._subscriptions_of(client_id):
				subscription.secret = client_secret
		app.client_secret = client_secret

	def misdeliver(self, mode: str, times: int = 1) -> None:
		self._simulator.dispatcher.spoil(mode, times)

	def release_webhooks(self) -> None:
		self._simulator.dispatcher.release()

	def pause_webhooks(self, paused: bool = True) -> None:
		self._simulator.dispatcher.pause(paused)

	def set_retries(self, seconds: list[float]) -> None:
		self._simulator.dispatcher.retries = tuple(seconds)

	def send_webhook(self, domain: str, topic: str, payload: dict) -> None:
		"""Anything, to all who subscribed to the topic (orders/updated)."""
		names = {header: name for name, header in TOPICS.items()}
		if topic not in names:
			raise ControlRefused(f"Unknown topic {topic!r}: one of {', '.join(names)}.")
		self._tell(self._shop(domain), names[topic], payload)

	def deliveries(self) -> list[dict]:
		return self._simulator.dispatcher.log()

	def pending_webhooks(self) -> int:
		return self._simulator.dispatcher.pending()

	def _subscriptions_of(self, client_id: str) -> list[Subscription]:
		shops = self._simulator.shops.all()
		return [entry for shop in shops for entry in shop.subscriptions.of_app(client_id)]


def _shown(subscription: Subscription) -> dict:
	return {
		"id": subscription.number,
		"topic": TOPICS.get(subscription.topic, subscription.topic),
		"uri": subscription.uri,
		"client_id": subscription.client_id,
	}

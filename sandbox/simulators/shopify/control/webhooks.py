"""Control calls about webhooks: who is told, how badly, and what came of it."""

from collections.abc import Iterable

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify.control.lookup import Lookup
from sandbox.simulators.shopify.shop.subscriptions import TOPICS, Subscription


class WebhookCommands(Lookup):
	def add_admin_webhook(self, domain: str, topic: str, uri: str) -> dict:
		"""As made in Shopify's Admin: signed with the shop's admin_secret, and no app sees it.

		:param topic: orders/updated, orders/fulfilled, orders/cancelled, orders/create, app/uninstalled.
		"""
		shop = self._shop(domain)
		return _shown(shop.subscriptions.add(_name_of(topic), uri, None, shop.settings.admin_secret))

	def remove_subscriptions(self, domain: str, topic: str) -> None:
		"""Deletes all of the shop's subscriptions to a topic (orders/updated)."""
		subscriptions, name = self._shop(domain).subscriptions, _name_of(topic)
		for subscription in [each for each in subscriptions.all if each.topic == name]:
			subscriptions.remove(subscription)

	def subscriptions(self, domain: str) -> list[dict]:
		"""id, topic, uri, and client_id, which is None for those made in the Admin."""
		return [_shown(subscription) for subscription in self._shop(domain).subscriptions.all]

	def rotate_secret(self, client_id: str, client_secret: str, sign_with_old: bool = False) -> None:
		"""Gives an app a new secret.

		:param sign_with_old: webhooks are still signed with the old one, as Shopify may do for an hour.
		"""
		app = self._simulator.app(client_id)
		if not sign_with_old:
			for subscription in self._subscriptions_of(client_id):
				subscription.secret = client_secret
		app.client_secret = client_secret

	def misdeliver(self, mode: str, times: int = 1) -> None:
		"""Spoils the next `times` webhooks.

		:param mode: duplicate (twice, same id), out_of_order (after the next good one, or release_webhooks),
			wrong_signature, lost.
		"""
		self._simulator.dispatcher.spoil(mode, times)

	def release_webhooks(self) -> None:
		"""Sends those that still wait to be overtaken."""
		self._simulator.dispatcher.release()

	def pause_webhooks(self, paused: bool = True) -> None:
		self._simulator.dispatcher.pause(paused)

	def set_retries(self, seconds: Iterable[float]) -> None:
		"""The pauses before each retry; as many retries as there are pauses. 0.2 s, doubling, 8 times."""
		self._simulator.dispatcher.retries = tuple(seconds)

	def send_webhook(self, domain: str, topic: str, payload: dict) -> None:
		"""Signs and sends anything to those who subscribed to the topic (orders/updated)."""
		self._tell(self._shop(domain), _name_of(topic), payload)

	def deliveries(self) -> list[dict]:
		"""Each attempt, oldest first: see `deliveries.Delivery`."""
		return self._simulator.dispatcher.log()

	def pending_webhooks(self) -> int:
		"""How many are on their way."""
		return self._simulator.dispatcher.pending()

	def _subscriptions_of(self, client_id: str) -> list[Subscription]:
		shops = self._simulator.shops.all()
		return [entry for shop in shops for entry in shop.subscriptions.of_app(client_id)]


def _name_of(topic: str) -> str:
	"""GraphQL's name of a topic.

	:param topic: as the header of a webhook has it.
	"""
	names = {header: name for name, header in TOPICS.items()}
	if topic not in names:
		raise ControlRefused(f"Unknown topic {topic!r}: one of {', '.join(names)}.")
	return names[topic]


def _shown(subscription: Subscription) -> dict:
	return {
		"id": subscription.number,
		"topic": TOPICS.get(subscription.topic, subscription.topic),
		"uri": subscription.uri,
		"client_id": subscription.client_id,
	}

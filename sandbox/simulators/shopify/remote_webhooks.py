"""Control calls about webhooks, from Python."""

import time
from collections.abc import Iterable


class RemoteWebhooks:
	def add_admin_webhook(self, domain: str, topic: str, uri: str) -> dict:
		"""As made in Shopify's Admin: signed with the shop's admin_secret, and no app sees it.

		:param topic: orders/updated, orders/fulfilled, orders/cancelled, orders/create, app/uninstalled.
		"""
		return self._call("add_admin_webhook", domain=domain, topic=topic, uri=uri)

	def subscriptions(self, domain: str) -> list[dict]:
		"""id, topic, uri, and client_id, which is None for those made in the Admin."""
		return self._call("subscriptions", domain=domain)

	def rotate_secret(self, client_id: str, client_secret: str, sign_with_old: bool = False) -> None:
		"""Gives an app a new secret.

		:param sign_with_old: webhooks are still signed with the old one.
		"""
		self._call(
			"rotate_secret", client_id=client_id, client_secret=client_secret, sign_with_old=sign_with_old
		)

	def misdeliver(self, mode: str, times: int = 1) -> None:
		"""Spoils the next `times` webhooks.

		:param mode: duplicate (twice, same id), out_of_order (after the next good one, or release_webhooks),
			wrong_signature, lost.
		"""
		self._call("misdeliver", mode=mode, times=times)

	def release_webhooks(self) -> None:
		"""Sends those that still wait to be overtaken."""
		self._call("release_webhooks")

	def pause_webhooks(self, paused: bool = True) -> None:
		self._call("pause_webhooks", paused=paused)

	def set_retries(self, seconds: Iterable[float]) -> None:
		"""The pauses before each retry; as many retries as there are pauses. 0.2 s, doubling, 8 times."""
		self._call("set_retries", seconds=list(seconds))

	def send_webhook(self, domain: str, topic: str, payload: dict) -> None:
		"""Signs and sends anything to those who subscribed to the topic."""
		self._call("send_webhook", domain=domain, topic=topic, payload=payload)

	def deliveries(self) -> list[dict]:
		"""Each attempt, oldest first: see `deliveries.Delivery`."""
		return self._call("deliveries")

	def wait_for_webhooks(self, seconds: float = 10) -> list[dict]:
		"""The deliveries, once nothing is on its way any more. Raises TimeoutError."""
		until = time.monotonic() + seconds
		while self._call("pending_webhooks"):
			if time.monotonic() > until:
				raise TimeoutError(f"Webhooks are still on their way after {seconds} s.")
			time.sleep(0.02)
		return self.deliveries()

"""Webhooks before they are sent: what one says, in its headers and in its body."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from sandbox.simulators.shopify import clock
from sandbox.simulators.shopify.shop.shops import Shop
from sandbox.simulators.shopify.shop.subscriptions import TOPICS, Subscription
from sandbox.simulators.shopify.signing import body_signature


@dataclass
class Message:
	"""One webhook for one subscription; the id stays the same however often it is sent."""

	shop: Shop = field(repr=False)
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


def messages(shop: Shop, topic: str, payload: Any, client_id: str | None = None) -> list[Message]:
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

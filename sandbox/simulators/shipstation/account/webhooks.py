"""Subscriptions to SHIP_NOTIFY: their addresses get a message for each label, unsigned, as at ShipStation.

A receiver that answers anything but 2xx gets the message again, three times in all.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.simulators.shipstation.account.ids import next_id
from sandbox.simulators.shipstation.errors import InvalidRequest, NotFound

SHIP_NOTIFY = "SHIP_NOTIFY"
EVENTS = ("ORDER_NOTIFY", "ITEM_ORDER_NOTIFY", SHIP_NOTIFY, "ITEM_SHIP_NOTIFY", "FULFILLMENT_SHIPPED")
ANSWER_SECONDS = 10
PAUSES = (0.5, 2.0)


@dataclass(frozen=True)
class Subscription:
	webhook_id: int
	event: str
	url: str
	name: str
	store_id: int | None

	def as_json(self) -> dict[str, Any]:
		return {
			"IsLabelAPIHook": False,
			"WebHookID": self.webhook_id,
			"SellerID": 600_000,
			"StoreID": self.store_id,
			"HookType": self.event,
			"MessageFormat": "Json",
			"Url": self.url,
			"Name": self.name,
			"Active": True,
		}


@dataclass
class Subscriptions:
	"""
	:param sent: what was sent, oldest first: `url`, `body`, `status` of each attempt; no answer: None.
	"""

	_by_id: dict[int, Subscription] = field(default_factory=dict)
	sent: list[dict[str, Any]] = field(default_factory=list)

	def all(self) -> list[Subscription]:
		return list(self._by_id.values())

	def add(self, content: Any) -> Subscription:
		"""
		:raises InvalidRequest: an address or an event is missing.
		"""
		content = content if isinstance(content, dict) else {}
		url, event = content.get("target_url"), content.get("event")
		if not isinstance(url, str) or not url.startswith(("http://", "https://")):
			raise InvalidRequest({"webhook.target_url": ["The target_url field is required."]})
		if event not in EVENTS:
			raise InvalidRequest({"webhook.event": [f"The value '{event}' is not valid."]})
		name, store = content.get("friendly_name") or "", content.get("store_id")
		subscription = Subscription(next_id("webhook"), event, url, name, store)
		self._by_id[subscription.webhook_id] = subscription
		return subscription

	def remove(self, webhook_id: int) -> None:
		if webhook_id not in self._by_id:
			raise NotFound(f"Webhook {webhook_id} was not found.")
		del self._by_id[webhook_id]

	def notify(self, resource_url: str) -> None:
		"""Tells the subscribers of SHIP_NOTIFY of new labels, in the background."""
		body = {"resource_url": resource_url, "resource_type": SHIP_NOTIFY}
		for subscription in self.all():
			if subscription.event == SHIP_NOTIFY:
				threading.Thread(target=self._send, args=(subscription.url, body), daemon=True).start()

	def _send(self, url: str, body: dict[str, Any]) -> None:
		with requests.Session() as session:
			session.trust_env = False
			for pause in (*PAUSES, 0):
				try:
					answer = session.post(url, json=body, timeout=ANSWER_SECONDS, allow_redirects=False)
					status: int | None = answer.status_code
				except requests.RequestException:
					status = None
				self.sent.append({"url": url, "body": body, "status": status})
				if status and 200 <= status < 300:
					return
				time.sleep(pause)

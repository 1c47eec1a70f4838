"""A sender of webhooks as the tests of the receiver see it: the same for every source."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe
import requests

from sandbox.simulators.shopify.signing import body_signature
from tests.support import limits, shops, store_webhooks
from tests.support import sendblue as phones
from tests.support.waiting import wait_for_jobs

UNINSTALLED = "app/uninstalled"


@dataclass(frozen=True)
class Sender:
	"""
	:param name: Integration Event's `source`.
	:param limit: the name of the limit of wrong signatures.
	:param body: asks for something that can be done once the sender is prepared.
	:param unreadable: a body that can be signed and not be read.
	:param headers: of a body, signed; takes another secret.
	:param answer: to `body`, when it was carried out.
	:param undo: as if what `body` asks for were not done.
	"""

	name: str
	path: str
	limit: str
	max_bytes: int
	body: bytes
	unreadable: bytes
	headers: Callable[..., dict[str, str]]
	answer: dict[str, Any]
	prepare: Callable[[], Any]
	is_done: Callable[[], bool]
	undo: Callable[[], Any]
	url: str
	host_headers: dict[str, str]

	def send(self, body: bytes | None = None, **headers: str) -> requests.Response:
		"""A webhook, rightly signed.

		:param headers: instead of the right ones, with underscores.
		"""
		body = self.body if body is None else body
		changed = {name.replace("_", "-"): value for name, value in headers.items()}
		return self._post(body, {**self.headers(body), **changed})

	def forge(self, body: bytes | None = None, **headers: str) -> requests.Response:
		"""A webhook, signed with a secret that the site does not know.

		:param headers: as with `send`.
		"""
		body = self.body if body is None else body
		changed = {name.replace("_", "-"): value for name, value in headers.items()}
		return self._post(body, {**self.headers(body, "another secret"), **changed})

	def events(self) -> list[Any]:
		"""What is on record of this sender, oldest first."""
		frappe.db.rollback()
		filters = {"source": self.name}
		return frappe.get_all("Integration Event", filters=filters, fields=["*"], order_by="creation, name")

	def outcomes(self) -> list[str]:
		return [event.outcome for event in self.events()]

	def _post(self, body: bytes, headers: dict[str, str]) -> requests.Response:
		# Without a session: its connections are not for several threads.
		sent = {"Content-Type": "text/plain", **self.host_headers, **headers}
		return requests.post(f"{self.url}{self.path}", data=body, headers=sent, timeout=60)


def shopify_headers(body: bytes, secret: str, topic: str) -> dict[str, str]:
	return {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": body_signature(body, secret)}


@contextmanager
def store_sender(shopify, anonymous) -> Iterator[Sender]:
	"""Shopify on behalf of the store, with an order that the site does not know until it is prepared."""
	with store_webhooks.linked_store(shopify, anonymous) as store:
		order = store.order()
		order.set(order_id=None)
		yield Sender(
			name="exoceuticals",
			path=store_webhooks.PATH,
			limit="exoceuticals_webhook",
			max_bytes=2 * 1024 * 1024,
			body=json.dumps(order.example()).encode(),
			unreadable=b"\xff",
			headers=lambda body, secret=store_webhooks.WEBHOOK_SECRET: shopify_headers(
				body, secret, "orders/fulfilled"
			),
			answer={"status": "ok", "topic": "orders/fulfilled", "sales_order": order.sales_order},
			prepare=lambda: order.set(order_id=order.id),
			is_done=lambda: order.row().status == "Fulfilled",
			undo=lambda: order.set(status="Marked"),
			url=anonymous.url,
			host_headers=dict(anonymous.session.headers),
		)


@contextmanager
def vendors_sender(shop, anonymous) -> Iterator[Sender]:
	"""Shopify on behalf of the vendors' app, and a vendor's shop that is connected, and whose merchant has
	uninstalled the app, when it is prepared."""
	limits.lift()
	store_webhooks.forget_events()

	def connect_and_uninstall() -> None:
		shop.connect()
		shop.control.revoke_token(shop.domain)

	def is_disconnected() -> bool:
		wait_for_jobs()
		return shop.entry()["status"] == "not_connected"

	yield Sender(
		name="shopify",
		path="/api/method/medgrid.integrations.shopify_webhook",
		limit="shopify_webhook",
		max_bytes=2 * 1024 * 1024,
		body=json.dumps({"id": 1, "myshopify_domain": shop.domain}).encode(),
		unreadable=b"[1]",
		headers=lambda body, secret=shops.CLIENT_SECRET: shopify_headers(body, secret, UNINSTALLED),
		answer={"status": "ok", "topic": UNINSTALLED},
		prepare=connect_and_uninstall,
		is_done=is_disconnected,
		undo=connect_and_uninstall,
		url=anonymous.url,
		host_headers=dict(anonymous.session.headers),
	)
	limits.lift()


@contextmanager
def sendblue_sender(vendor, sendblue, anonymous) -> Iterator[Sender]:
	"""Sendblue, and a phone that is a vendor's when it is prepared."""
	store_webhooks.forget_events()

	# Other tests' vendors may have the number that they all use.
	phone = f"+1312555{random.randrange(1000, 10000)}"

	def forget_messages() -> None:
		sendblue.reset()
		phones.set_up(sendblue)

	message = {"message_handle": frappe.generate_hash(), "from_number": phone, "content": "HELP"}
	yield Sender(
		name="sendblue",
		path="/api/method/medgrid.integrations.sendblue_webhook",
		limit="sendblue webhook, one address",
		max_bytes=20_000,
		body=json.dumps(message).encode(),
		unreadable=json.dumps({**message, "message_handle": "x", "from_number": {"a": 1}}).encode(),
		headers=lambda body, secret=phones.WEBHOOK_SECRET: {"sb-signing-secret": secret},
		answer={"status": "ok"},
		prepare=lambda: phones.connect(vendor, sendblue, phone),
		is_done=lambda: bool(phones.alerts(sendblue, phone)),
		undo=forget_messages,
		url=anonymous.url,
		host_headers=dict(anonymous.session.headers),
	)

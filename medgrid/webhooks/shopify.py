"""What the webhooks of MedGrid's Shopify apps have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from medgrid.clients.shopify.signatures import signing_secret
from medgrid.clients.shopify.webhooks.headers import SIGNATURE, read_headers
from medgrid.clients.shopify.webhooks.uninstallation import uninstalled_shop
from medgrid.core.rate_limits import MINUTE, Limit
from medgrid.webhooks.events import Event
from medgrid.webhooks.rotation import RotatedSecrets
from medgrid.webhooks.source import (
	Delivery,
	Handler,
	HandlerResult,
	Signer,
	Source,
	WebhookOutcome,
	json_object,
)

# Shopify's largest orders are far smaller.
MAX_BYTES = 2 * 1024 * 1024
WRONG_SIGNATURES_PER_MINUTE = 300


def shopify_source(
	name: str,
	secrets: RotatedSecrets,
	handlers: Mapping[str, Handler],
	*,
	limit: str,
	respond: Callable[[Event], dict[str, Any]] | None = None,
	shop_field: str | None = None,
) -> Source:
	"""Builds the source of one Shopify app.

	:param name: see `Source.name`.
	:param secrets: the secrets that sign this source's webhooks.
	:param handlers: by topic.
	:param limit: the name of the rate limit for wrong signatures.
	:param respond: see `Source.respond`; None: the answer says that all is well, and the topic.
	:param shop_field: the field of the settings that names the shop; None: the settings name no shop.
	"""

	def verify(body: bytes, headers: Mapping[str, str]) -> Signer | None:
		good = secrets.good_now(*([shop_field] if shop_field else []))
		signed_with = signing_secret(body, headers.get(SIGNATURE), good.secrets)
		if not signed_with:
			return None
		shop = good.values.get(shop_field or "", "").strip().lower()
		return Signer(signed_with, shop or None)

	return Source(
		name=name,
		max_bytes=MAX_BYTES,
		verify=verify,
		read=_read,
		handlers=handlers,
		respond=respond or _acknowledge,
		wrong_signatures=Limit(limit, WRONG_SIGNATURES_PER_MINUTE, MINUTE),
	)


def uninstall_handler(queue_check: Callable[[str], bool]) -> Handler:
	"""Handles the removal of an app that several shops install: queues the job that asks Shopify.

	:param queue_check: gets the shop's domain; whether the app is installed there.
	"""

	def handle(delivery: Delivery) -> HandlerResult:
		shop = uninstalled_shop(delivery.content)
		if not queue_check(shop):
			return HandlerResult(WebhookOutcome.IGNORED, error="nothing to disconnect")
		return HandlerResult(WebhookOutcome.TO_BE_VERIFIED, shop=shop)

	return Handler(handle, always=True)


def _acknowledge(event: Event) -> dict[str, Any]:
	return {"status": "ok", "topic": event.topic}


def _read(body: bytes, headers: Mapping[str, str], signer: Signer) -> Delivery:
	unsigned = read_headers(headers)
	return Delivery(
		signer=signer,
		topic=unsigned.topic,
		content=json_object(body),
		identity=body,
		shop=unsigned.shop,
	)

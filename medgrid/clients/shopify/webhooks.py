"""A webhook from Shopify as it arrives. Pure.

The HMAC covers the body and nothing else: what a header says is a hint, and never decides whose data change.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from medgrid.clients.shopify.signatures import is_signed_body
from medgrid.exceptions import NotSignedIn

SIGNATURE = "X-Shopify-Hmac-Sha256"
MAX_HEADER = 140


class SignatureWrong(NotSignedIn):
	"""The webhook is not Shopify's."""


@dataclass(frozen=True)
class Webhook:
	"""
	:param topic: e.g. "orders/fulfilled".
	:param webhook_id: the same for every time that Shopify sends it again.
	:param triggered_at: aware; None if it does not say.
	:param content: the body; empty if it is no JSON object.
	"""

	topic: str
	shop: str
	webhook_id: str
	event_id: str
	triggered_at: datetime | None
	content: dict[str, Any]


def read(body: bytes, headers: Mapping[str, str], secrets: Iterable[str]) -> Webhook:
	"""Checks the signature, then reads.

	:param secrets: any one of them may have signed it.
	:raises SignatureWrong: none of them did.
	"""
	if not is_signed_body(body, headers.get(SIGNATURE), secrets):
		raise SignatureWrong
	return Webhook(
		topic=_header(headers, "X-Shopify-Topic").lower(),
		shop=_header(headers, "X-Shopify-Shop-Domain").lower(),
		webhook_id=_header(headers, "X-Shopify-Webhook-Id"),
		event_id=_header(headers, "X-Shopify-Event-Id"),
		triggered_at=_moment(_header(headers, "X-Shopify-Triggered-At")),
		content=_object(body),
	)


def _header(headers: Mapping[str, str], name: str) -> str:
	return (headers.get(name) or "").strip()[:MAX_HEADER]


def _object(body: bytes) -> dict[str, Any]:
	try:
		content = json.loads(body)
	except (ValueError, RecursionError):
		return {}
	return content if isinstance(content, dict) else {}


def _moment(text: str) -> datetime | None:
	"""Shopify's time: UTC, with nine digits after the second."""
	second, _dot, fraction = text.removesuffix("Z").partition(".")
	try:
		moment = datetime.fromisoformat(second).replace(tzinfo=timezone.utc)
	except ValueError:
		return None
	return moment + timedelta(microseconds=int(fraction[:6].ljust(6, "0"))) if fraction.isdigit() else moment

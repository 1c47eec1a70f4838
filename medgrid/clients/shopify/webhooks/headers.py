"""The headers of Shopify's webhooks. Pure.

The HMAC covers the body and nothing else: what a header says is a hint, and never decides whose data change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SIGNATURE = "X-Shopify-Hmac-Sha256"
MAX_HEADER = 140


@dataclass(frozen=True)
class WebhookHeaders:
	"""
	:param topic: e.g. "orders/fulfilled".
	:param shop: the domain of the shop that sent it.
	:param triggered_at: when it happened, aware; None if it does not say.
	"""

	topic: str
	shop: str
	triggered_at: datetime | None


def read_headers(headers: Mapping[str, str]) -> WebhookHeaders:
	"""
	:param headers: of the request, names in any spelling.
	"""
	return WebhookHeaders(
		topic=_header(headers, "X-Shopify-Topic").lower(),
		shop=_header(headers, "X-Shopify-Shop-Domain").lower(),
		triggered_at=_moment(_header(headers, "X-Shopify-Triggered-At")),
	)


def _header(headers: Mapping[str, str], name: str) -> str:
	return (headers.get(name) or "").strip()[:MAX_HEADER]


def _moment(text: str) -> datetime | None:
	"""Shopify's time: UTC, with nine digits after the second."""
	second, _dot, fraction = text.removesuffix("Z").partition(".")
	try:
		moment = datetime.fromisoformat(second).replace(tzinfo=timezone.utc)
	except ValueError:
		return None
	return moment + timedelta(microseconds=int(fraction[:6].ljust(6, "0"))) if fraction.isdigit() else moment

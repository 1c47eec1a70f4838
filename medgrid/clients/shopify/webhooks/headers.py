"""The headers of Shopify's webhooks. Pure.

The HMAC covers only the body. A header is therefore only a hint, and never decides whose data change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from medgrid.core.foreign_types import in_years

SIGNATURE = "X-Shopify-Hmac-Sha256"
MAX_HEADER = 140


@dataclass(frozen=True)
class WebhookHeaders:
	"""The headers that MedGrid reads; none of them is signed.

	:param topic: e.g. "orders/fulfilled", in lower case.
	:param shop: the domain of the sending shop, in lower case.
	:param triggered_at: when the event happened, aware; None if the header is missing or not a time.
	"""

	topic: str
	shop: str
	triggered_at: datetime | None


def read_headers(headers: Mapping[str, str]) -> WebhookHeaders:
	"""Reads the headers of a webhook.

	:param headers: the request headers; lookup by name must ignore case.
	"""
	return WebhookHeaders(
		topic=_header(headers, "X-Shopify-Topic").lower(),
		shop=_header(headers, "X-Shopify-Shop-Domain").lower(),
		triggered_at=_moment(_header(headers, "X-Shopify-Triggered-At")),
	)


def _header(headers: Mapping[str, str], name: str) -> str:
	return (headers.get(name) or "").strip()[:MAX_HEADER]


def _moment(text: str) -> datetime | None:
	"""A time of Shopify: UTC, with nine decimal places of a second."""
	second, _dot, fraction = text.removesuffix("Z").partition(".")
	try:
		moment = in_years(datetime.fromisoformat(second)).replace(tzinfo=timezone.utc)
	except ValueError:
		return None
	has_fraction = fraction.isascii() and fraction.isdigit()
	return moment + timedelta(microseconds=int(fraction[:6].ljust(6, "0"))) if has_fraction else moment

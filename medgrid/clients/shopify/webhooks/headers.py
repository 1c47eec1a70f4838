"""The headers of Shopify's webhooks. Pure.

The HMAC covers only the body. A header is therefore only a hint, and never decides whose data change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SIGNATURE = "X-Shopify-Hmac-Sha256"
MAX_HEADER = 140


@dataclass(frozen=True)
class WebhookHeaders:
	"""The headers that MedGrid reads; none of them is signed.

	:param topic: e.g. "orders/fulfilled", in lower case.
	:param shop: the domain of the sending shop, in lower case.
	"""

	topic: str
	shop: str


def read_headers(headers: Mapping[str, str]) -> WebhookHeaders:
	"""Reads the headers of a webhook.

	:param headers: the request headers; lookup by name must ignore case.
	"""
	return WebhookHeaders(
		topic=_header(headers, "X-Shopify-Topic").lower(),
		shop=_header(headers, "X-Shopify-Shop-Domain").lower(),
	)


def _header(headers: Mapping[str, str], name: str) -> str:
	return (headers.get(name) or "").strip()[:MAX_HEADER]

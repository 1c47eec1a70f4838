"""Shopify's global ids: `gid://shopify/ProductVariant/123`."""

import re


def number_of(gid: str) -> int:
	"""The number at an id's end.

	:raises ValueError: it is no id of Shopify's.
	"""
	head, _slash, number = gid.partition("?")[0].rpartition("/")
	if not head.startswith("gid://shopify/"):
		raise ValueError(f"no Shopify id: {gid!r}")
	return int(number)


def gid(kind: str, number: int) -> str:
	"""
	:param kind: e.g. "Order".
	"""
	return f"gid://shopify/{kind}/{number}"


def is_gid(kind: str, text: str | None) -> bool:
	"""Whether a text is an id of this kind; Shopify refuses a whole request for one that is none.

	:param kind: e.g. "Order".
	"""
	return bool(re.fullmatch(rf"gid://shopify/{kind}/[0-9]{{1,18}}", text or ""))

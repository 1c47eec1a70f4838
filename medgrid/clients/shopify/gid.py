"""Shopify's global IDs (GIDs): `gid://shopify/ProductVariant/123`."""

import re


def number_of(gid: str) -> int:
	"""The number at the end of a GID.

	:raises ValueError: the text is not a GID of Shopify.
	"""
	head, _slash, number = gid.partition("?")[0].rpartition("/")
	if not head.startswith("gid://shopify/"):
		raise ValueError(f"not a Shopify GID: {gid!r}")
	return int(number)


def gid(kind: str, number: int) -> str:
	"""Builds a GID.

	:param kind: the object type, e.g. "Order".
	"""
	return f"gid://shopify/{kind}/{number}"


def is_gid(kind: str, text: str | None) -> bool:
	"""Whether a text is a GID of this type. Shopify rejects a whole request if one of its GIDs is invalid.

	:param kind: the object type, e.g. "Order".
	"""
	return bool(re.fullmatch(rf"gid://shopify/{kind}/[0-9]{{1,18}}", text or ""))

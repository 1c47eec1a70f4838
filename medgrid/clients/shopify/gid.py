"""Shopify's global IDs (GIDs): `gid://shopify/ProductVariant/123`. Pure."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator

from medgrid.core.foreign_types import BOUNDED, MAX_ID

_GID = re.compile(r"gid://shopify/(?P<kind>[A-Za-z]{1,60})/(?P<number>[1-9][0-9]{0,18})", re.ASCII)


def number_of(gid: str) -> int:
	"""The number at the end of a GID.

	:raises ValueError: the text is not a GID of Shopify.
	"""
	match = _match(gid.partition("?")[0])
	if not match:
		# The text is another system's and may be long.
		raise ValueError(f"not a Shopify GID: {gid[:100]!r}")
	return int(match["number"])


def gid(kind: str, number: int) -> str:
	"""Builds a GID.

	:param kind: the object type, e.g. "Order".
	"""
	return f"gid://shopify/{kind}/{number}"


def is_gid(kind: str, text: str | None) -> bool:
	"""Whether a text is a GID of this type. Shopify rejects a whole request if one of its GIDs is invalid.

	:param kind: the object type, e.g. "Order".
	"""
	match = _match(text)
	return bool(match and match["kind"] == kind)


def is_any_gid(value: Any) -> bool:
	"""Whether a value of any type is a GID."""
	return _match(value) is not None


def _match(value: Any) -> re.Match[str] | None:
	match = _GID.fullmatch(value) if isinstance(value, str) else None
	return match if match and int(match["number"]) <= MAX_ID else None


def _of(kind: str | None = None) -> AfterValidator:
	def check(value: str) -> str:
		if not (is_gid(kind, value) if kind else is_any_gid(value)):
			raise ValueError(f"not a GID of {kind or 'Shopify'}")
		return value

	return AfterValidator(check)


Gid = Annotated[str, BOUNDED, _of()]
FulfillmentGid = Annotated[str, BOUNDED, _of("Fulfillment")]
InventoryItemGid = Annotated[str, BOUNDED, _of("InventoryItem")]
OrderGid = Annotated[str, BOUNDED, _of("Order")]
ProductGid = Annotated[str, BOUNDED, _of("Product")]
VariantGid = Annotated[str, BOUNDED, _of("ProductVariant")]

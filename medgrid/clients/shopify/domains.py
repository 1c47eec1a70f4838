"""Reads shop domains (`….myshopify.com`), which people write in several ways. Pure."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from medgrid.core.foreign_types import BOUNDED

SUFFIX = ".myshopify.com"
# A shop as a person types it; `shop_domain` converts it to the domain.
ShopName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# Used with `fullmatch`, so that "x.myshopify.com.evil.example" does not match.
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com", re.ASCII)
_WRITTEN = re.compile(
	r"https://(?P<url>[a-z0-9-]+)\.myshopify\.com/?|(?P<domain>[a-z0-9-]+)\.myshopify\.com|(?P<handle>[a-z0-9-]+)",
	re.ASCII | re.IGNORECASE,
)


def shop_domain(written: str) -> str | None:
	"""The domain of a shop that a person typed: `your-store`, `YOUR-STORE.myshopify.com ` and
	`https://your-store.myshopify.com/` all become `your-store.myshopify.com`.

	:returns: the domain, in lower case; None if the text is not a shop.
	"""
	match = _WRITTEN.fullmatch(written.strip())
	name = f"{match['url'] or match['domain'] or match['handle']}{SUFFIX}".lower() if match else ""
	return name if is_shop_domain(name) else None


def is_shop_domain(name: str) -> bool:
	"""Whether a text is exactly a shop's domain, in lower case."""
	return bool(_DOMAIN.fullmatch(name))


def _checked(name: str) -> str:
	if not is_shop_domain(name):
		raise ValueError("not a shop's domain")
	return name


# A domain as Shopify sends it.
ShopDomain = Annotated[
	str,
	BOUNDED,
	BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value),
	AfterValidator(_checked),
]

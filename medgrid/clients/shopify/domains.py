"""Shops are known by their `.myshopify.com` domain; people write it in many ways. Pure."""

import re
from typing import Annotated

from pydantic import StringConstraints

SUFFIX = ".myshopify.com"
# What people type; `shop_domain` says what it means.
ShopName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# Anchored at both ends, so that "x.myshopify.com.evil.example" is none.
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com", re.ASCII)
_WRITTEN = re.compile(
	r"https://(?P<url>[a-z0-9-]+)\.myshopify\.com/?|(?P<domain>[a-z0-9-]+)\.myshopify\.com|(?P<handle>[a-z0-9-]+)",
	re.ASCII | re.IGNORECASE,
)


def shop_domain(written: str) -> str | None:
	"""The domain that somebody means: `your-store`, `YOUR-STORE.myshopify.com ` and
	`https://your-store.myshopify.com/` are all `your-store.myshopify.com`.

	:returns: None if it names no shop.
	"""
	match = _WRITTEN.fullmatch(written.strip())
	name = f"{match['url'] or match['domain'] or match['handle']}{SUFFIX}".lower() if match else ""
	return name if is_shop_domain(name) else None


def is_shop_domain(name: str) -> bool:
	"""Whether a text is exactly a shop's domain, in lower case."""
	return bool(_DOMAIN.fullmatch(name))

"""A Shopify app as MedGrid uses it: vendors' shops through one, the Exoceuticals store through another."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class ShopifyApp:
	"""
	:param purpose: "vendor" or "exoceuticals"; what is begun for one cannot be ended for the other.
	:param scopes: what is asked of the merchant, no more than is needed.
	:param redirect_uri: where Shopify sends the merchant's browser afterwards.
	:param expiring: whether it asks for tokens that expire, as Shopify wants of public apps.
	"""

	purpose: str
	client_id: str
	client_secret: SecretStr
	scopes: tuple[str, ...]
	redirect_uri: str
	expiring: bool

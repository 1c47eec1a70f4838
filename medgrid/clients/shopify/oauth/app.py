"""The settings of a Shopify app. MedGrid uses one app for vendors' shops and another for the Exoceuticals
store. Pure."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class ShopifyApp:
	"""The settings of one app.

	:param purpose: "vendor" or "exoceuticals". An installation begun for one cannot be finished for the
		other.
	:param client_id: from Shopify's dashboard.
	:param client_secret: from Shopify's dashboard.
	:param scopes: the access scopes that the app requests; only those that it needs.
	:param redirect_uri: where Shopify redirects the merchant's browser after the approval.
	:param expiring: whether the app requests tokens that expire, as Shopify requires for public apps.
	"""

	purpose: str
	client_id: str
	client_secret: SecretStr
	scopes: tuple[str, ...]
	redirect_uri: str
	expiring: bool

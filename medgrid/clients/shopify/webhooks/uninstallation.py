"""A merchant has uninstalled an app: Shopify ends the app's token for the shop and says so by webhook.
Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from medgrid.clients.shopify.webhooks.payloads import WebhookShop

TOPIC = "app/uninstalled"
# Shopify's clock and ours may differ by so much.
CLOCKS_DIFFER = timedelta(seconds=5)
# A delivery older than this is a repetition; Shopify begins to repeat after some minutes.
LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Uninstallation:
	"""
	:param shop: its domain, in small letters, from the body: headers are not signed.
	:param triggered_at: when it happened, aware; None: the delivery does not say.
	"""

	shop: str
	triggered_at: datetime | None

	def is_stale(self, connected_at: datetime | None, now: datetime) -> bool:
		"""Whether a shop was connected only after this. Shopify repeats for four hours what nobody
		acknowledged; by then the app may be installed again, and a late delivery must not end the new token.

		:param connected_at: aware; None: nobody knows, since the token was not stored by an installation.
			Then whatever is late is stale: if the token was revoked all the same, the next call fails with
			401.
		:param now: aware.
		"""
		if not self.triggered_at:
			return False
		if connected_at:
			return self.triggered_at + CLOCKS_DIFFER < connected_at
		return self.triggered_at < now - LATE


def uninstallation(content: Mapping[str, Any], triggered_at: datetime | None) -> Uninstallation:
	"""
	:param content: the body of a webhook with this topic.
	:raises ValidationError: pydantic's; it is no shop.
	"""
	shop = WebhookShop.model_validate(content)
	return Uninstallation(shop.myshopify_domain.strip().lower(), triggered_at)

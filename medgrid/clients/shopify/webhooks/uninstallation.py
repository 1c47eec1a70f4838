"""The webhook of an uninstalled app. When a merchant uninstalls an app, Shopify revokes the app's token for
the shop and sends app/uninstalled. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from medgrid.clients.shopify.webhooks.payloads import WebhookShop

TOPIC = "app/uninstalled"
# The largest expected difference between Shopify's clock and the site's.
CLOCKS_DIFFER = timedelta(seconds=5)
# A delivery older than this counts as a repetition.
LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Uninstallation:
	"""One uninstallation of the app.

	:param shop: the shop's domain, in lower case, from the body, because headers are not signed.
	:param triggered_at: when it happened, aware; None if the delivery does not state it.
	"""

	shop: str
	triggered_at: datetime | None

	def is_stale(self, connected_at: datetime | None, now: datetime) -> bool:
		"""Whether the shop was connected after the uninstallation.

		Shopify repeats a delivery for four hours if nobody acknowledged it. The app may be installed again by
		then, and a late delivery must not remove the new token.

		:param connected_at: when the shop was connected, aware; None if it is unknown, because the token was
			not stored by an installation. Then every late delivery is stale; if the token really was revoked,
			the next call fails with 401.
		:param now: the current time, aware.
		"""
		if not self.triggered_at:
			return False
		if connected_at:
			return self.triggered_at + CLOCKS_DIFFER < connected_at
		return self.triggered_at < now - LATE


def uninstallation(content: Mapping[str, Any], triggered_at: datetime | None) -> Uninstallation:
	"""Reads the body of a webhook with the topic app/uninstalled.

	:param content: the parsed body.
	:param triggered_at: from the headers, aware; None if they do not state it.
	:raises ValidationError: pydantic's; the body is not a shop.
	"""
	shop = WebhookShop.model_validate(content)
	return Uninstallation(shop.myshopify_domain.strip().lower(), triggered_at)

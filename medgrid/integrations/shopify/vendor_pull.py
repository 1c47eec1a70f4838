"""The catalog pull of a vendor's shop: stretch by stretch, each written before the next is asked for.

Where a pull is, is kept on the connection: what does not fit into one job goes on in the next, and a killed
worker costs no more than one page. Memory stays flat: there is never more than one page.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from medgrid.integrations.connections import DOCTYPE
from medgrid.integrations.errors import Refused
from medgrid.integrations.shopify.catalog import Stretch, stretches
from medgrid.integrations.shopify.client import ShopifyClient
from medgrid.integrations.shopify.tokens import utc_now
from medgrid.integrations.shopify.vendor_products import VendorProducts

# A pull that stopped longer ago begins anew: what it saw first is out of date.
RESUME_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Progress:
	"""Up to where a pull has come; `at` in UTC."""

	cursor: str
	above: int
	at: datetime


def pull(client: ShopifyClient, connection: str, products: VendorProducts) -> None:
	"""Pulls a shop's catalog, or the rest of it.

	:param connection: the Vendor Connection's name; its `progress` is emptied at the end.
	:raises OutOfTime: the rest is for later.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	progress = _load(connection)
	try:
		_pull_from(progress, client, connection, products)
	except Refused:
		if not progress:
			raise
		# A cursor that Shopify does not know any more.
		_save(connection, None)
		_pull_from(None, client, connection, products)


def _pull_from(
	progress: Progress | None, client: ShopifyClient, connection: str, products: VendorProducts
) -> None:
	start = (progress.cursor, progress.above) if progress else (None, 0)
	for stretch in stretches(client, *start):
		products.apply(stretch)
		_save(connection, stretch)


def _load(connection: str) -> Progress | None:
	stored: dict[str, Any] = json.loads(frappe.db.get_value(DOCTYPE, connection, "progress") or "{}")
	if not stored or utc_now() - datetime.fromisoformat(stored["at"]) > RESUME_WITHIN:
		return None
	return Progress(stored["cursor"], stored["above"], datetime.fromisoformat(stored["at"]))


def _save(connection: str, stretch: Stretch | None) -> None:
	progress = None
	if stretch and stretch.cursor:
		progress = json.dumps(
			{"cursor": stretch.cursor, "above": stretch.through, "at": utc_now().isoformat()}
		)
	frappe.db.set_value(DOCTYPE, connection, "progress", progress)
	frappe.db.commit()

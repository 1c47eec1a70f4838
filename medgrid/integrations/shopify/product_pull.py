"""The catalog pull of a vendor's shop: stretch by stretch, each written before the next is asked for.

Where a pull is, is kept on the connection: what does not fit into one job goes on in the next, and what a
killed worker has read is not read again soon. A pull that failed begins anew. Memory stays flat: there is
never more than one page.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.oauth.tokens import utc_now
from medgrid.clients.shopify.variants import VariantRange, variant_ranges
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, RequestRejected
from medgrid.integrations.connections import DOCTYPE, Connection
from medgrid.integrations.shopify.products import VendorProducts

# A pull whose last page is older begins anew: what it saw first is out of date. A job may wait in the queue.
RESUME_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True)
class Progress:
	"""Up to where a pull has come; `at` in UTC."""

	cursor: str
	after_id: int
	at: datetime


def pull(client: ShopifyClient, connection: Connection, products: VendorProducts) -> None:
	"""Pulls a shop's catalog, or the rest of it.

	:param connection: its `progress` is emptied at the end, whether good or bad, unless the rest is deferred.
	:raises DeadlineExceeded: the rest is for later.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	progress = load_progress(connection)
	try:
		_pull_from(progress, client, connection, products)
	except DeadlineExceeded:
		raise
	except IntegrationError as failure:
		save_progress(connection, None)
		if not (progress and isinstance(failure, RequestRejected)):
			raise
		# A cursor that Shopify does not know any more.
		_pull_from(None, client, connection, products)


def _pull_from(
	progress: Progress | None, client: ShopifyClient, connection: Connection, products: VendorProducts
) -> None:
	start = (progress.cursor, progress.after_id) if progress else (None, 0)
	for variant_range in variant_ranges(client, *start):
		# Whose sync is it still? A page of a shop that was disconnected meanwhile is not written.
		client.heartbeat()
		products.apply(variant_range)
		save_progress(connection, variant_range)


def load_progress(connection: Connection) -> Progress | None:
	"""Where the last pull stopped, if that is worth going on from."""
	stored: dict[str, Any] = json.loads(frappe.db.get_value(DOCTYPE, connection.name, "progress") or "{}")
	if not stored or utc_now() - datetime.fromisoformat(stored["at"]) > RESUME_WITHIN:
		return None
	return Progress(stored["cursor"], stored["above"], datetime.fromisoformat(stored["at"]))


def save_progress(connection: Connection, variant_range: VariantRange | None) -> None:
	"""Commits. Writes nothing if the vendor has connected another shop meanwhile."""
	progress = None
	if variant_range and variant_range.cursor:
		progress = json.dumps(
			{"cursor": variant_range.cursor, "above": variant_range.last_id, "at": utc_now().isoformat()}
		)
	fence = {"name": connection.name, "account": connection.account}
	frappe.db.set_value(DOCTYPE, fence, "progress", progress)
	frappe.db.commit()

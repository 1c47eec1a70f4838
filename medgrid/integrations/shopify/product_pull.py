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
from medgrid.clients.shopify.variants import Stretch, stretches
from medgrid.http_client.errors import IntegrationError, OutOfTime, Refused
from medgrid.integrations.connections import DOCTYPE, Connection
from medgrid.integrations.shopify.products import VendorProducts

# A pull whose last page is older begins anew: what it saw first is out of date. A job may wait in the queue.
RESUME_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True)
class Progress:
	"""Up to where a pull has come; `at` in UTC."""

	cursor: str
	above: int
	at: datetime


def pull(client: ShopifyClient, connection: Connection, products: VendorProducts) -> None:
	"""Pulls a shop's catalog, or the rest of it.

	:param connection: its `progress` is emptied at the end, whether good or bad, unless the rest is deferred.
	:raises OutOfTime: the rest is for later.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	progress = load_progress(connection)
	try:
		_pull_from(progress, client, connection, products)
	except OutOfTime:
		raise
	except IntegrationError as failure:
		save_progress(connection, None)
		if not (progress and isinstance(failure, Refused)):
			raise
		# A cursor that Shopify does not know any more.
		_pull_from(None, client, connection, products)


def _pull_from(
	progress: Progress | None, client: ShopifyClient, connection: Connection, products: VendorProducts
) -> None:
	start = (progress.cursor, progress.above) if progress else (None, 0)
	for stretch in stretches(client, *start):
		# Whose sync is it still? A page of a shop that was disconnected meanwhile is not written.
		client.before_waiting()
		products.apply(stretch)
		save_progress(connection, stretch)


def load_progress(connection: Connection) -> Progress | None:
	"""Where the last pull stopped, if that is worth going on from."""
	stored: dict[str, Any] = json.loads(frappe.db.get_value(DOCTYPE, connection.name, "progress") or "{}")
	if not stored or utc_now() - datetime.fromisoformat(stored["at"]) > RESUME_WITHIN:
		return None
	return Progress(stored["cursor"], stored["above"], datetime.fromisoformat(stored["at"]))


def save_progress(connection: Connection, stretch: Stretch | None) -> None:
	"""Commits. Writes nothing if the vendor has connected another shop meanwhile."""
	progress = None
	if stretch and stretch.cursor:
		progress = json.dumps(
			{"cursor": stretch.cursor, "above": stretch.through, "at": utc_now().isoformat()}
		)
	fence = {"name": connection.name, "account": connection.account}
	frappe.db.set_value(DOCTYPE, fence, "progress", progress)
	frappe.db.commit()

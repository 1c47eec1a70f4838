"""Pulls the catalog of a vendor's shop, one range of variants at a time; each range is written before the
next one is requested.

The run stores the progress of the pull: the next job continues a pull that does not fit into one job, and a
pull soon after a worker died continues where that worker stopped. A pull that failed begins from the start.
Memory holds one page at a time.
"""

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.variants import variant_ranges
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shopify.products import VendorProducts
from medgrid.sync.catalog_size import CatalogSize, count_page
from medgrid.sync.runs import Run

# What a vendor's shop may have at most. A page has up to 250 variants.
VENDOR_CATALOG = CatalogSize(variants=100_000, pages=500)


def pull(client: ShopifyClient, run: Run, connection: Connection, products: VendorProducts) -> None:
	"""Pulls a shop's catalog, or the rest of it.

	:raises DeadlineExceeded: the next worker does the rest; `run.progress` says where it continues.
	:raises CatalogTooLarge: the shop has more than a vendor's catalog may have, or always another page.
	:raises IntegrationError: see `ShopifyClient.execute`.
	:raises RunLost: the connection was disconnected, or another worker took over.
	"""
	# The progress of a shop that was connected before does not apply to this one.
	if run.progress.get("account") != connection.account:
		run.progress.clear()
	resumes = bool(run.progress)
	try:
		_pull(client, run, connection, products)
	except RequestRejected:
		if not resumes:
			raise
		# Shopify no longer accepts the stored cursor: begin from the start.
		run.progress.clear()
		_pull(client, run, connection, products)


def _pull(client: ShopifyClient, run: Run, connection: Connection, products: VendorProducts) -> None:
	start = run.progress.get("cursor"), run.progress.get("after_id", 0)
	start_unreadable = run.progress.get("unreadable", 0)
	for variant_range in variant_ranges(client, *start):
		totals = count_page(run, len(variant_range.variants) + variant_range.unreadable, VENDOR_CATALOG)
		# Do not write a page of a shop that was disconnected meanwhile.
		run.check()
		products.apply(variant_range)
		run.save(
			account=connection.account,
			cursor=variant_range.cursor,
			after_id=variant_range.last_id,
			unreadable=start_unreadable + products.unreadable,
			**totals,
		)

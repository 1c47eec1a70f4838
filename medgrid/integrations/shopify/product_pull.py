"""The catalog pull of a vendor's shop: range by range, each written before the next is requested.

How far a pull has come is kept on its run: what does not fit into one job goes on in the next, and what a
killed worker has read is not read again soon. A pull that failed begins from the start. Memory stays flat:
there is never more than one page.
"""

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.variants import variant_ranges
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.connections import Connection
from medgrid.integrations.shopify.products import VendorProducts
from medgrid.sync.runs import Run


def pull(client: ShopifyClient, run: Run, connection: Connection, products: VendorProducts) -> None:
	"""Pulls a shop's catalog, or the rest of it.

	:raises DeadlineExceeded: the rest is for the next worker; `run.progress` says where to go on.
	:raises IntegrationError: see `ShopifyClient.execute`.
	:raises RunLost: the connection was disconnected, or another worker took over.
	"""
	# What was read of another shop, connected before, is of no use here.
	if run.progress.get("account") != connection.account:
		run.progress.clear()
	resumes = bool(run.progress)
	try:
		_pull(client, run, connection, products)
	except RequestRejected:
		if not resumes:
			raise
		# A cursor that Shopify does not know any more.
		run.progress.clear()
		_pull(client, run, connection, products)


def _pull(client: ShopifyClient, run: Run, connection: Connection, products: VendorProducts) -> None:
	start = run.progress.get("cursor"), run.progress.get("after_id", 0)
	for variant_range in variant_ranges(client, *start):
		# A page of a shop that was disconnected meanwhile is not written.
		run.check()
		products.apply(variant_range)
		run.save(account=connection.account, cursor=variant_range.cursor, after_id=variant_range.last_id)

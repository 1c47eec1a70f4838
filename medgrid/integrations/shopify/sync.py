"""What the hub asks of an integration, for vendors' Shopify stores.

Contract: "test_connection", "sync_now".
"""

import frappe

from medgrid.clients.shopify.client import ShopifyClient, parsed
from medgrid.clients.shopify.models import Shop
from medgrid.core.text import sanitize_text
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.integrations.connections import DOCTYPE, Connection
from medgrid.integrations.engine import SyncResult, SyncRun
from medgrid.integrations.shopify import uninstall
from medgrid.integrations.shopify.client import deadline_in, vendor_client
from medgrid.integrations.shopify.product_pull import pull
from medgrid.integrations.shopify.products import VendorProducts
from medgrid.integrations.suppliers import supplier_of
from medgrid.services.failure_texts import failure_text

TEST_SECONDS = 70
SHOP_COST = 1
SAMPLE = 5


def check_user(user: str) -> None:
	"""
	:raises RuleViolated: the user belongs to no Supplier.
	"""
	supplier_of(user)


def test(connection: Connection) -> None:
	"""Asks for the shop's name, within TEST_SECONDS.

	:raises IntegrationError: the token is not good any more, or Shopify cannot say.
	"""
	client = vendor_client(connection, deadline=deadline_in(TEST_SECONDS))
	try:
		_shop(client, connection)
	finally:
		client.close()


def sync(run: SyncRun) -> SyncResult:
	"""Pulls the catalog. A failure ends it; what was written until then stays.

	:raises RuleViolated: the user belongs to no Supplier any more, or MedGrid's app is not set up.
	:raises LeaseLost: somebody else syncs now.
	"""
	connection, supplier = run.connection, supplier_of(run.connection.user)
	client = vendor_client(connection, deadline=run.deadline, heartbeat=run.lease.renew)
	products, deferred, error = None, 0, None
	try:
		shop = _shop(client, connection)
		uninstall.try_to_subscribe(connection, client)
		products = VendorProducts(connection.name, supplier, connection.shop, shop.currencyCode)
		pull(client, connection, products)
	except DeadlineExceeded:
		deferred = 1
	except IntegrationError as failure:
		frappe.db.rollback()
		error = failure_text(failure)
	finally:
		client.close()
	stats = _stats(products, round_trip_ok=not error)
	shown = {"products_pulled": stats["products_pulled"]} if products and products.applied else {}
	return SyncResult(stats=stats, shown=shown, error=error, deferred=deferred)


def empty_stats() -> dict:
	"""The stats of a sync that did not come to anything."""
	return _stats(None, round_trip_ok=False)


def _stats(products: VendorProducts | None, *, round_trip_ok: bool) -> dict:
	pulled = products if products and products.applied else None
	return {
		"products_pulled": pulled.count_products() if pulled else 0,
		"round_trip_ok": round_trip_ok,
		"sample_titles": pulled.sample_titles(SAMPLE) if pulled else [],
	}


def _shop(client: ShopifyClient, connection: Connection) -> Shop:
	shop = parsed(Shop, client.execute("shop", cost=SHOP_COST).get("shop"))
	name = sanitize_text(shop.name)
	if name != frappe.db.get_value(DOCTYPE, connection.name, "shop_name"):
		filters = {"name": connection.name, "account": connection.account}
		frappe.db.set_value(DOCTYPE, filters, "shop_name", name)
	return shop

"""The operations of the hub for vendors' Shopify stores: test and sync.

Contract: "test_connection", "sync_now".
"""

from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import SHOP
from medgrid.clients.shopify.models import Shop
from medgrid.core.transactions import in_transaction
from medgrid.core.waiting.request_time import deadline_in
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.connections.sync import ConnectionSync
from medgrid.integrations.shopify import uninstall
from medgrid.integrations.shopify.client import vendor_client
from medgrid.integrations.shopify.product_pull import pull
from medgrid.integrations.shopify.products import VendorProducts
from medgrid.integrations.suppliers import enabled
from medgrid.issues.records import VENDOR, Subject, open_issue, settle_issue
from medgrid.sync.runs import Run

TEST_SECONDS = 15
SAMPLE = 5


def test(connection: Connection) -> None:
	"""Tests the access token by requesting the shop's name, within TEST_SECONDS.

	:raises IntegrationError: Shopify no longer accepts the token, or the test failed.
	"""
	with vendor_client(connection, deadline=deadline_in(TEST_SECONDS)) as client:
		_shop(client, connection)


def sync_of(connection: Connection, limit: int | None = None, *, by_person: bool = False) -> "ShopifySync":
	"""Returns the sync of a connection; see `Operations.sync_of`."""
	return ShopifySync(connection, limit, by_person=by_person)


class ShopifySync(ConnectionSync):
	"""Pulls the catalog. A failure ends the sync; what was written before it stays."""

	is_resumable = True
	products: VendorProducts | None = None
	round_trip_ok = False

	def carry_out(self, run: Run) -> None:
		"""Carries out the sync; see `Sync.carry_out`.

		:raises RuleViolated: the Supplier is disabled, or MedGrid's app is not set up.
		"""
		connection, supplier = self.connection, enabled(self.connection.supplier)
		try:
			with vendor_client(connection, deadline=run.deadline, heartbeat=run.heartbeat) as client:
				shop = _shop(client, connection)
				uninstall.try_to_subscribe(connection, client)
				self.products = VendorProducts(connection.name, supplier, connection.shop, shop.currencyCode)
				pull(client, run, connection, self.products)
		except DeadlineExceeded:
			self.round_trip_ok = True
			raise
		self.round_trip_ok = True

	def stats(self) -> dict[str, Any]:
		return _stats(self.products, round_trip_ok=self.round_trip_ok)

	def replaced_stats(self) -> dict[str, Any]:
		if not (self.products and self.products.applied):
			return {}
		return {"products_pulled": self.products.count_products()}

	def ended(self, run: Run, error: str | None) -> None:
		super().ended(run, error)
		if error:
			return
		subject = Subject("shopify", "unreadable_variants", related_to=self.connection.name)
		if count := run.progress.get("unreadable", 0):
			open_issue(
				subject,
				title=_("Shopify: variants of a vendor's shop cannot be read"),
				detail=_("MedGrid cannot read {0} variants of {1}, and skipped them.").format(
					count, self.connection.shop
				),
				who_acts=VENDOR,
				what_to_do=_(
					"The vendor checks in Shopify the titles, SKUs and prices that were changed last."
				),
			)
		else:
			settle_issue(subject)


def empty_stats() -> dict:
	"""The stats of a sync that did nothing."""
	return _stats(None, round_trip_ok=False)


def _stats(products: VendorProducts | None, *, round_trip_ok: bool) -> dict:
	pulled = products if products and products.applied else None
	return {
		"products_pulled": pulled.count_products() if pulled else 0,
		"round_trip_ok": round_trip_ok,
		"sample_titles": pulled.sample_titles(SAMPLE) if pulled else [],
	}


def _shop(client: ShopifyClient, connection: Connection) -> Shop:
	shop = client.query(SHOP)
	if shop.name != frappe.db.get_value(DOCTYPE, connection.name, "shop_name"):
		filters = {"name": connection.name, "account": connection.account}
		in_transaction(lambda: frappe.db.set_value(DOCTYPE, filters, "shop_name", shop.name))
	return shop

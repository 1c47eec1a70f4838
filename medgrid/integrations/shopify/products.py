"""Compares the variants of a pull with the stored Vendor Products, and writes the changes."""

from typing import Any

import frappe

from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.sync.variant_mirror import VariantMirror, storable_price, storable_quantity

DOCTYPE = "Vendor Product"
GONE = "Gone"
STATUSES = {"ACTIVE": "Active", "ARCHIVED": "Archived", "DRAFT": "Draft", "UNLISTED": "Unlisted"}


class VendorProducts:
	"""The Vendor Products of one connection.

	:param supplier: the vendor's Supplier.
	:param currency: the shop's currency code; None: it is unknown.
	"""

	def __init__(self, connection: str, supplier: str, shop: str, currency: str | None):
		self.connection, self.supplier, self.shop = connection, supplier, shop
		self.mirror = VariantMirror(DOCTYPE, {"connection": connection})
		self.applied = 0
		# Variants that are not valid, or could not be written.
		self.unreadable = 0
		# All products that are not Gone were last seen at this time.
		self.last_sync_at = frappe.db.get_value("Vendor Connection", connection, "last_sync_at")
		self.currency = currency if currency and frappe.db.exists("Currency", currency) else None

	def apply(self, variant_range: VariantRange) -> None:
		"""Updates the records of a range to what the shop has. Commits after each 100 records."""
		items = self._items_of(variant_range.variants)
		failed = self.mirror.write(
			{variant.id: self._content(variant, items) for variant in variant_range.variants}
		)
		self.unreadable += variant_range.unreadable + len(failed)
		gone = {"status": GONE, "item": None, "available_qty": 0}
		if self.last_sync_at:
			gone["last_seen"] = self.last_sync_at
		self.mirror.mark_missing(variant_range, gone)
		self.applied += 1

	def count_products(self) -> int:
		"""Counts the products that are not Gone."""
		product = frappe.qb.DocType(DOCTYPE)
		count = frappe.query_builder.functions.Count(product.product_id).distinct()
		return self._present(product).select(count).run()[0][0]

	def sample_titles(self, count: int) -> list[str]:
		"""Lists the first titles of the products that are not Gone, in alphabetical order, each title
		once."""
		product = frappe.qb.DocType(DOCTYPE)
		titles = self._present(product).select(product.product_title).distinct()
		return titles.orderby(product.product_title).limit(count).run(pluck=True)

	def _present(self, product):
		is_mine = (product.connection == self.connection) & (product.status != GONE)
		return frappe.qb.from_(product).where(is_mine)

	def _items_of(self, variants: list[Variant]) -> set[str]:
		"""The Items with one of these SKUs as their code and this vendor as default supplier.

		The database ignores case, Shopify does not; `_content` therefore compares the codes exactly.
		"""
		skus = list({variant.sku for variant in variants if variant.sku})
		if not skus:
			return set()
		item, default = frappe.qb.DocType("Item"), frappe.qb.DocType("Item Default")
		query = frappe.qb.from_(item).join(default).on(default.parent == item.name).select(item.name)
		is_of_vendor = (default.parenttype == "Item") & (default.default_supplier == self.supplier)
		return set(query.where(item.name.isin(skus) & is_of_vendor).run(pluck=True))

	def _content(self, variant: Variant, items: set[str]) -> dict[str, Any]:
		return {
			"product_title": variant.product.title,
			"variant_title": variant.title,
			"sku": variant.sku or "",
			"price": storable_price(variant.price),
			"currency": self.currency,
			"available_qty": storable_quantity(variant.inventoryQuantity or 0),
			"status": STATUSES.get(variant.product.status, "Other"),
			"item": variant.sku if variant.sku in items else None,
			"supplier": self.supplier,
			"shop": self.shop,
			"product_id": variant.product.id,
		}

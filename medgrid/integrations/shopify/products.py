"""Vendor Product records: what a pull saw, compared with what is stored, and written where it differs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import frappe

from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.text import sanitize_text

DOCTYPE = "Vendor Product"
GONE = "Gone"
STATUSES = {"ACTIVE": "Active", "ARCHIVED": "Archived", "DRAFT": "Draft", "UNLISTED": "Unlisted"}
CHUNK = 100
MAX_INT = 2**31 - 1
# Of a Currency field, which is a decimal(21,9). Shopify takes prices that are a million times as high.
MAX_PRICE = Decimal("999999999999.99")
# What of a record comes from the shop, and is compared.
CONTENT = (
	"product_title",
	"variant_title",
	"sku",
	"price",
	"currency",
	"available_qty",
	"status",
	"item",
	"supplier",
	"shop",
	"product_id",
)


class VendorProducts:
	"""The records of one connection.

	:param supplier: whose vendor it is.
	:param currency: the shop's.
	"""

	def __init__(self, connection: str, supplier: str, shop: str, currency: str):
		self.connection, self.supplier, self.shop = connection, supplier, shop
		self.applied = 0
		# In the site's time zone: when all that is not gone was last seen.
		self.last_sync_at = frappe.db.get_value("Vendor Connection", connection, "last_sync_at")
		self.currency = currency if frappe.db.exists("Currency", currency) else None

	def apply(self, variant_range: VariantRange) -> None:
		"""Makes the records of a stretch what the shop has. Commits after each 100 written."""
		items = self._items_of(variant_range.variants)
		wanted = {variant.id: self._content(variant, items) for variant in variant_range.variants}
		stored = self._stored(list(wanted))
		new = [gid for gid in wanted if gid not in stored]
		changed = {
			stored[gid]["name"]: content
			for gid, content in wanted.items()
			if gid in stored and not _is_same(stored[gid], content)
		}
		for chunk in _chunks(new):
			self._insert([(gid, wanted[gid]) for gid in chunk])
			frappe.db.commit()
		for chunk in _chunks(list(changed)):
			now = frappe.utils.now()
			values = {name: {**changed[name], "last_seen": now} for name in chunk}
			frappe.db.bulk_update(DOCTYPE, values, chunk_size=CHUNK)
			frappe.db.commit()
		self._mark_gone(variant_range)
		self.applied += 1

	def count_products(self) -> int:
		"""How many products there are that are not gone."""
		product = frappe.qb.DocType(DOCTYPE)
		count = frappe.query_builder.functions.Count(product.product_id).distinct()
		return self._present(product).select(count).run()[0][0]

	def sample_titles(self, count: int) -> list[str]:
		"""The first titles of them, no title twice."""
		product = frappe.qb.DocType(DOCTYPE)
		titles = self._present(product).select(product.product_title).distinct()
		return titles.orderby(product.product_title).limit(count).run(pluck=True)

	def _present(self, product):
		is_mine = (product.connection == self.connection) & (product.status != GONE)
		return frappe.qb.from_(product).where(is_mine)

	def _items_of(self, variants: list[Variant]) -> set[str]:
		"""The Items with one of these SKUs as their code and this vendor as default supplier.

		The database ignores case, Shopify does not: what comes back is compared exactly by `_content`.
		"""
		skus = list({variant.sku for variant in variants if variant.sku})
		if not skus:
			return set()
		item, default = frappe.qb.DocType("Item"), frappe.qb.DocType("Item Default")
		query = frappe.qb.from_(item).join(default).on(default.parent == item.name).select(item.name)
		is_of_vendor = (default.parenttype == "Item") & (default.default_supplier == self.supplier)
		return set(query.where(item.name.isin(skus) & is_of_vendor).run(pluck=True))

	def _content(self, variant: Variant, items: set[str]) -> dict[str, Any]:
		quantity = variant.inventoryQuantity or 0
		return {
			"product_title": sanitize_text(variant.product.title),
			"variant_title": sanitize_text(variant.title),
			"sku": sanitize_text(variant.sku),
			"price": max(-MAX_PRICE, min(MAX_PRICE, variant.price)),
			"currency": self.currency,
			"available_qty": max(-MAX_INT, min(MAX_INT, quantity)),
			"status": STATUSES.get(variant.product.status, "Other"),
			"item": variant.sku if variant.sku in items else None,
			"supplier": self.supplier,
			"shop": self.shop,
			"product_id": variant.product.id,
		}

	def _stored(self, gids: list[str]) -> dict[str, dict[str, Any]]:
		if not gids:
			return {}
		rows = frappe.get_all(
			DOCTYPE,
			filters={"connection": self.connection, "variant_id": ("in", gids)},
			fields=["name", "variant_id", *CONTENT],
		)
		return {row.variant_id: row for row in rows}

	def _insert(self, variants: list[tuple[str, dict[str, Any]]]) -> None:
		now, user = frappe.utils.now(), frappe.session.user
		common = {"creation": now, "modified": now, "owner": user, "modified_by": user, "last_seen": now}
		fields = ["name", "connection", "variant_id", "variant_number", *common, *CONTENT]
		rows = [
			[
				frappe.generate_hash(length=20),
				self.connection,
				gid,
				number_of(gid),
				*common.values(),
				*(content[field] for field in CONTENT),
			]
			for gid, content in variants
		]
		frappe.db.bulk_insert(DOCTYPE, fields, rows, chunk_size=CHUNK)

	def _mark_gone(self, variant_range: VariantRange) -> None:
		product = frappe.qb.DocType(DOCTYPE)
		is_missing = (product.variant_number > variant_range.after_id) & (product.status != GONE)
		if variant_range.last_id is not None:
			is_missing &= product.variant_number <= variant_range.last_id
		if variant_range.variants:
			is_missing &= product.variant_id.notin([variant.id for variant in variant_range.variants])
		names = (
			frappe.qb.from_(product)
			.select(product.name)
			.where((product.connection == self.connection) & is_missing)
			.run(pluck=True)
		)
		for chunk in _chunks(names):
			values = {"status": GONE, "item": None, "available_qty": 0}
			if self.last_sync_at:
				values["last_seen"] = self.last_sync_at
			frappe.db.bulk_update(DOCTYPE, dict.fromkeys(chunk, values), chunk_size=CHUNK)
			frappe.db.commit()


def _is_same(stored: dict[str, Any], content: dict[str, Any]) -> bool:
	return all(_comparable(stored[field]) == _comparable(content[field]) for field in CONTENT)


def _comparable(value: Any) -> Any:
	"""Money as an exact number; what is empty in one way or another as None."""
	if isinstance(value, float):
		return Decimal(str(value))
	return None if value == "" else value


def _chunks(values: Sequence) -> Iterator[Sequence]:
	return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))

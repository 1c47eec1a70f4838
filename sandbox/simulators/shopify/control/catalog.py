"""Control calls about what a shop sells and what is in stock."""

from collections.abc import Iterable
from typing import Any

from sandbox.simulators.shopify.control import seeding
from sandbox.simulators.shopify.control.lookup import Lookup


class CatalogCommands(Lookup):
	def seed_products(self, domain: str, rows: Iterable[dict]) -> list[dict]:
		"""Returns the products with the ids of everything.

		:param rows: title, status (ACTIVE, ARCHIVED, DRAFT, UNLISTED), and either `variants`, or the fields
			of the only variant: sku, price, quantity, variant_title, policy (DENY, CONTINUE).
		"""
		with seeding.without_collections():
			return [seeding.product(self._shop(domain).catalog.add_product(row)) for row in rows]

	def make_products(self, domain: str, count: int, variants_each: int = 1, prefix: str = "BULK") -> dict:
		"""Many products at once, SKUs BULK-000001 and on. Returns how many products and variants."""
		with seeding.without_collections():
			seeding.make(self._shop(domain).catalog, count, variants_each, prefix)
		return {"products": count, "variants": count * variants_each}

	def products(self, domain: str) -> list[dict]:
		return [seeding.product(product) for product in self._shop(domain).catalog.products]

	def add_variant(self, domain: str, product_id: str, **content: Any) -> dict:
		"""
		:param content: sku, price, quantity, variant_title, policy.
		"""
		product = self._product(domain, product_id)
		return seeding.variant(self._shop(domain).catalog.add_variant(product, content))

	def change_product(self, domain: str, product_id: str, **changes: Any) -> dict:
		"""
		:param changes: title, status.
		"""
		return seeding.product(seeding.change_product(self._product(domain, product_id), changes))

	def change_variant(self, domain: str, variant_id: str, **changes: Any) -> dict:
		"""
		:param changes: sku, title, price, inventory_policy.
		"""
		return seeding.variant(seeding.change_variant(self._variant(domain, variant_id), changes))

	def change_sku(self, domain: str, variant_id: str, sku: str | None) -> dict:
		return self.change_variant(domain, variant_id, sku=sku)

	def remove_product(self, domain: str, product_id: str) -> None:
		self._shop(domain).catalog.remove_product(self._product(domain, product_id))

	def remove_variant(self, domain: str, variant_id: str) -> None:
		self._shop(domain).catalog.remove_variant(self._variant(domain, variant_id))

	def add_location(self, domain: str, name: str) -> dict:
		"""Returns id and name; it stocks nothing yet."""
		return seeding.location(self._shop(domain).catalog.add_location(name))

	def locations(self, domain: str) -> list[dict]:
		return [seeding.location(location) for location in self._shop(domain).catalog.locations]

	def set_inventory(
		self, domain: str, variant_id: str, quantity: int | None, location_id: str | None = None
	) -> dict:
		"""
		:param quantity: None: the location does not stock it, its inventoryLevel is null.
		:param location_id: by default the shop's first.
		"""
		variant, location = self._variant(domain, variant_id), self._location(domain, location_id)
		return seeding.variant(seeding.stock(variant, location, quantity))

"""What a shop sells and where it is stocked: products, variants, locations."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify import clock, gid

STATUSES = ("ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED")
POLICIES = ("CONTINUE", "DENY")


@dataclass(slots=True)
class Location:
	typename: ClassVar = "Location"
	number: int
	name: str
	is_active: bool = True


@dataclass(slots=True)
class Product:
	typename: ClassVar = "Product"
	number: int
	title: str
	status: str
	created_at: datetime
	updated_at: datetime
	variants: list["Variant"] = field(default_factory=list)


@dataclass(slots=True)
class Variant:
	"""
	:param item_number: of the inventory item, which carries the SKU and the stock.
	:param available: location number -> quantity; a location that is not in it does not stock the variant.
	"""

	typename: ClassVar = "ProductVariant"
	number: int
	item_number: int
	product: Product
	title: str
	sku: str | None
	price: str
	inventory_policy: str
	created_at: datetime
	updated_at: datetime
	available: dict[int, int]

	@property
	def inventory_quantity(self) -> int:
		return sum(self.available.values())

	def take(self, quantity: int) -> None:
		"""From the first location that stocks it; below zero if there is not enough."""
		location = next(iter(self.available), None)
		if location is not None:
			self.available[location] -= quantity
			self.updated_at = clock.now()


class Catalog:
	"""Products and variants, oldest first."""

	def __init__(self):
		self.products: list[Product] = []
		self.variants: list[Variant] = []
		self.locations: list[Location] = []
		self._products: dict[int, Product] = {}
		self._variants: dict[int, Variant] = {}
		self._items: dict[int, Variant] = {}
		self.add_location("Main warehouse")

	def add_location(self, name: str) -> Location:
		self.locations.append(Location(gid.next_number("Location"), name))
		return self.locations[-1]

	def add_product(self, row: dict[str, Any]) -> Product:
		"""A row is title, status, and either variants or the fields of the only one: see `seed_products`."""
		moment = clock.now()
		status = _one_of(row.get("status", "ACTIVE"), STATUSES)
		product = Product(gid.next_number("Product"), row.get("title") or "Untitled", status, moment, moment)
		self.products.append(product)
		self._products[product.number] = product
		for content in row.get("variants") or [row]:
			self.add_variant(product, content)
		return product

	def add_variant(self, product: Product, content: dict[str, Any]) -> Variant:
		moment = clock.now()
		variant = Variant(
			number=gid.next_number("ProductVariant"),
			item_number=gid.next_number("InventoryItem"),
			product=product,
			title=content.get("variant_title") or "Default Title",
			sku=content.get("sku"),
			price=f"{float(content.get('price', 0)):.2f}",
			inventory_policy=_one_of(content.get("policy", "DENY"), POLICIES),
			created_at=moment,
			updated_at=moment,
			available={self.locations[0].number: int(content.get("quantity", 0))},
		)
		product.variants.append(variant)
		self.variants.append(variant)
		self._variants[variant.number] = self._items[variant.item_number] = variant
		return variant

	def remove_product(self, product: Product) -> None:
		for variant in list(product.variants):
			self.remove_variant(variant)
		_remove(self.products, product)
		del self._products[product.number]

	def remove_variant(self, variant: Variant) -> None:
		variant.product.variants.remove(variant)
		_remove(self.variants, variant)
		del self._variants[variant.number], self._items[variant.item_number]

	def product(self, number: int) -> Product | None:
		return self._products.get(number)

	def variant(self, number: int) -> Variant | None:
		return self._variants.get(number)

	def variant_of_item(self, number: int) -> Variant | None:
		return self._items.get(number)

	def location(self, number: int) -> Location | None:
		return next((location for location in self.locations if location.number == number), None)


def _remove(rows: list, row: Any) -> None:
	"""Rows are sorted by number."""
	del rows[bisect_left(rows, row.number, key=lambda other: other.number)]


def _one_of(value: str, choices: tuple[str, ...]) -> str:
	if value not in choices:
		raise ControlRefused(f"Unknown value {value!r}: one of {', '.join(choices)}.")
	return value

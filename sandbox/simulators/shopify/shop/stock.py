"""A variant seen from the warehouse: its inventory item, and how much of it lies where."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.shop.catalog import Catalog, Location, Variant

# The states of stock that the simulator knows; nothing is ever reserved or on its way in it.
NAMES = ("available", "on_hand", "committed", "incoming", "reserved")


@dataclass(frozen=True)
class InventoryItem:
	typename: ClassVar = "InventoryItem"
	variant: Variant
	tracked: ClassVar = True
	requires_shipping: ClassVar = True

	@property
	def number(self) -> int:
		return self.variant.item_number

	@property
	def sku(self) -> str | None:
		return self.variant.sku

	@property
	def created_at(self) -> datetime:
		return self.variant.created_at

	@property
	def updated_at(self) -> datetime:
		return self.variant.updated_at


@dataclass(frozen=True)
class InventoryLevel:
	typename: ClassVar = "InventoryLevel"
	item: InventoryItem
	location: Location
	quantity: int
	is_active: ClassVar = True

	@property
	def number(self) -> int:
		return self.location.number

	@property
	def updated_at(self) -> datetime:
		return self.item.updated_at

	@property
	def id(self) -> str:
		return f"{gid.of('InventoryLevel', self.number)}?inventory_item_id={self.item.number}"

	def quantities(self, names: list[str]) -> list[dict]:
		"""Names that do not exist are left out, as at Shopify."""
		return [
			{
				"id": f"{gid.of('InventoryQuantity', self.item.number)}?name={name}",
				"name": name,
				"quantity": self.quantity if name in ("available", "on_hand") else 0,
				"updatedAt": self.updated_at,
			}
			for name in names
			if name in NAMES
		]


def levels_of(item: InventoryItem, catalog: Catalog) -> list[InventoryLevel]:
	"""Where it is stocked, by the age of the location."""
	available = item.variant.available
	return [
		InventoryLevel(item, location, available[location.number])
		for location in catalog.locations
		if location.number in available
	]

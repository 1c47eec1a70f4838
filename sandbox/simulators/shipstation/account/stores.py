"""The stores of an account: where orders come from, and where `advancedOptions.storeId` puts them."""

from dataclasses import dataclass
from typing import Any

from sandbox.simulators.shipstation.account.ids import next_id
from sandbox.simulators.shipstation.errors import InvalidRequest

# ShipStation's name for a store without a marketplace, which every account has.
MANUAL = "ShipStation"


@dataclass(frozen=True)
class Store:
	store_id: int
	name: str
	marketplace: str = MANUAL
	active: bool = True

	def as_json(self) -> dict[str, Any]:
		return {
			"storeId": self.store_id,
			"storeName": self.name,
			"marketplaceId": 0 if self.marketplace == MANUAL else 52,
			"marketplaceName": self.marketplace,
			"accountName": None,
			"email": None,
			"integrationUrl": None,
			"active": self.active,
			"companyName": "",
			"phone": "",
			"publicEmail": "",
			"website": "",
			"autoRefresh": True,
		}


class Stores:
	def __init__(self) -> None:
		self._stores = [Store(next_id("store"), "Manual Orders")]

	def add(self, name: str, marketplace: str, *, active: bool) -> Store:
		store = Store(next_id("store"), name, marketplace, active)
		self._stores.append(store)
		return store

	def remove(self, store_id: int) -> None:
		self._stores = [store for store in self._stores if store.store_id != store_id]

	def all(self, *, with_inactive: bool = False) -> list[Store]:
		return [store for store in self._stores if store.active or with_inactive]

	def choose(self, options: dict[str, Any] | None) -> int:
		"""The store of a new order.

		:param options: its `advancedOptions`.
		:raises InvalidRequest: the account has no such store.
		"""
		wanted = (options or {}).get("storeId")
		if wanted is None:
			return self._stores[0].store_id
		if not any(store.store_id == wanted for store in self.all()):
			raise InvalidRequest({"apiOrder.advancedOptions.storeId": [f"Store {wanted} does not exist."]})
		return wanted

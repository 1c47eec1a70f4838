"""Finds what a control call names, and refuses what is not there."""

from collections.abc import Callable
from typing import Any

from sandbox.simulators.common.control import Control
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.shop.catalog import Location, Product, Variant
from sandbox.simulators.shopify.shop.orders import Order
from sandbox.simulators.shopify.shop.shops import Shop
from sandbox.simulators.shopify.simulator import Simulator
from sandbox.simulators.shopify.webhooks.messages import messages


class Lookup(Control[Simulator]):
	"""Base of the command classes; ids are global ids, or the bare numbers that webhooks have."""

	def _shop(self, domain: str) -> Shop:
		return self._simulator.shops.get(domain)

	def _product(self, domain: str, id: str) -> Product:
		return _found("Product", id, self._shop(domain).catalog.product)

	def _variant(self, domain: str, id: str) -> Variant:
		return _found("ProductVariant", id, self._shop(domain).catalog.variant)

	def _location(self, domain: str, id: str | None) -> Location:
		catalog = self._shop(domain).catalog
		return _found("Location", id, catalog.location) if id else catalog.locations[0]

	def _order(self, domain: str, id: str) -> Order:
		return _found("Order", id, self._shop(domain).orders.get)

	def _tell(self, shop: Shop, topic: str, payload: Any, client_id: str | None = None) -> None:
		for message in messages(shop, topic, payload, client_id):
			self._simulator.dispatcher.send(message)


def _found(kind: str, id: str | int, find: Callable[[int], Any]) -> Any:
	number = int(id) if str(id).isdecimal() else gid.read(str(id), kind)[1]
	row = find(number)
	if row is None:
		raise ControlRefused(f"There is no {kind} {id}.")
	return row

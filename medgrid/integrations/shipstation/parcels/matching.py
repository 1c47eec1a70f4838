"""Finds the orders to which ShipStation's shipments belong. Pure.

An order that was split in ShipStation has labels under several IDs, and of orders that were merged there only
one is left, whose labels hold the rows of all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from medgrid.clients.shipstation.shipments import Shipment


@dataclass(frozen=True)
class Sought:
	"""An order whose shipments are looked for.

	:param key: the name of its record.
	:param order_id: ShipStation's ID of the order.
	:param number: its number, the name of the Sales Order.
	:param rows: the names of the Sales Order's rows that the vendor has or had.
	"""

	key: str
	order_id: str
	number: str
	rows: frozenset[str] = frozenset()


@dataclass
class Orders:
	"""Orders by what identifies them."""

	by_id: dict[str, str] = field(default_factory=dict)
	by_number: dict[str, str] = field(default_factory=dict)
	by_row: dict[str, str] = field(default_factory=dict)

	@classmethod
	def of(cls, sought: Iterable[Sought]) -> "Orders":
		orders = cls()
		for each in sought:
			orders.by_id[each.order_id] = each.key
			orders.by_number[each.number] = each.key
			orders.by_row.update(dict.fromkeys(each.rows, each.key))
		return orders

	def with_shipment(self, shipment: Shipment) -> set[str]:
		"""The keys of the orders with which a shipment has to do: what is in it decides. Another program's
		order of the same number has other rows, or none that MedGrid sent."""
		inside = shipment.quantities()
		own = {self.by_row[row] for row in inside or () if row in self.by_row}
		if own:
			return own
		if shipment.orderId in self.by_id:
			return {self.by_id[shipment.orderId]}
		if shipment.shipmentItems is None and shipment.orderNumber in self.by_number:
			return {self.by_number[shipment.orderNumber]}
		return set()


def by_order(shipments: Iterable[Shipment], sought: Iterable[Sought]) -> dict[str, list[Shipment]]:
	"""Sorts shipments by order.

	:returns: the key of an order -> its shipments; other shipments are left out.
	"""
	orders, found = Orders.of(sought), defaultdict[str, list[Shipment]](list)
	for shipment in shipments:
		for key in sorted(orders.with_shipment(shipment)):
			found[key].append(shipment)
	return dict(found)


def covers(shipments: Iterable[Shipment], ordered: Mapping[str, Decimal]) -> bool:
	"""Whether valid labels hold all of an order, as far as anybody knows.

	:param ordered: the quantities that were sent, by row.
	"""
	valid = [each for each in shipments if each.trackingNumber and not each.voided and not each.isReturnLabel]
	packed: dict[str, int] = {}
	for shipment in valid:
		inside = shipment.quantities()
		if inside is None:
			return True
		for row, quantity in inside.items():
			packed[row] = packed.get(row, 0) + quantity
	return bool(valid) and all(packed.get(row, 0) >= quantity for row, quantity in ordered.items())

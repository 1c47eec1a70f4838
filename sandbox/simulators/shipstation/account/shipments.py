"""The shipments of one account: a label that was bought is one; a voided label stays in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account.ids import next_id
from sandbox.simulators.shipstation.account.orders import Order
from sandbox.simulators.shipstation.account.query import Query, between
from sandbox.simulators.shipstation.account.tracking_numbers import tracking_number
from sandbox.simulators.shipstation.errors import NotFound

USER_ID = "5d2b0f6e-41c3-4c53-9d0a-7c1f6c0e9a11"
LABEL_COST = 8.42
FILTERS = {
	"orderId",
	"orderNumber",
	"trackingNumber",
	"batchId",
	"createDateStart",
	"createDateEnd",
	"includeShipmentItems",
}
SORT_COLUMNS = {
	"CreateDate": lambda shipment: shipment.created,
	"ShipDate": lambda shipment: shipment.ship_date,
}


@dataclass
class Shipment:
	shipment_id: int
	order: Order
	carrier: str
	service: str
	tracking_number: str
	created: datetime
	ship_date: date
	items: list[dict]
	batch_id: int
	voided_at: datetime | None = None

	def void(self) -> None:
		self.voided_at = self.voided_at or clock.now()

	def as_json(self, with_items: bool = True) -> dict:
		return {**self._order_fields(), **self._label_fields(), **self._item_fields(with_items)}

	def _order_fields(self) -> dict:
		content = self.order.content
		return {
			"shipmentId": self.shipment_id,
			"orderId": self.order.order_id,
			"orderKey": self.order.order_key,
			"orderNumber": content.order_number,
			"userId": USER_ID,
			"customerEmail": content.customer_email or "",
			"shipTo": content.ship_to.model_dump(by_alias=True),
			"weight": content.weight.model_dump(by_alias=True) if content.weight else None,
		}

	def _label_fields(self) -> dict:
		return {
			"createDate": clock.as_text(self.created),
			"shipDate": self.ship_date.isoformat(),
			"shipmentCost": LABEL_COST,
			"insuranceCost": 0,
			"trackingNumber": self.tracking_number,
			"isReturnLabel": False,
			"carrierCode": self.carrier,
			"serviceCode": self.service,
			"packageCode": "package",
			"confirmation": "delivery",
			"voided": self.voided_at is not None,
			"voidDate": clock.as_text(self.voided_at) if self.voided_at else None,
			"marketplaceNotified": False,
			"notifyErrorMessage": None,
			"labelData": None,
			"formData": None,
		}

	def _item_fields(self, with_items: bool) -> dict:
		return {"shipmentItems": self.items if with_items else None}


class ShipmentBook:
	def __init__(self):
		self._by_id: dict[int, Shipment] = {}

	def __contains__(self, shipment_id: int) -> bool:
		return shipment_id in self._by_id

	def get(self, shipment_id: int) -> Shipment:
		return self._by_id[shipment_id]

	def all(self) -> list[Shipment]:
		return list(self._by_id.values())

	def buy(
		self,
		order: Order,
		*,
		carrier: str,
		service: str,
		number: str | None = None,
		ship_date: date | None = None,
		created: datetime | None = None,
		items: dict[str, int] | None = None,
	) -> Shipment:
		"""Buys a label, which marks the order shipped. An order may have several.

		:param items: the quantities in the parcel by lineItemKey; None: all that the order consists of.
		"""
		shipment_id = next_id("shipment")
		number = number or tracking_number(carrier, service, shipment_id)
		created = created or clock.now()
		ship_date = ship_date or created.date()
		packed = _packed(order, items)
		batch = next_id("batch")
		shipment = Shipment(shipment_id, order, carrier, service, number, created, ship_date, packed, batch)
		self._by_id[shipment_id] = shipment
		order.set_status("shipped")
		return shipment

	def void(self, shipment_id: int) -> Shipment:
		"""Voids a label; an order without any other valid label waits for shipment again."""
		shipment = self._by_id[shipment_id]
		shipment.void()
		if all(other.voided_at for other in self.all() if other.order is shipment.order):
			shipment.order.set_status("awaiting_shipment")
		return shipment

	def find(self, parameters: dict[str, str]) -> dict:
		"""A page of shipments, the voided ones too; their items only on request."""
		query = Query(parameters, FILTERS)
		wanted = _filter(query)
		found = [shipment for shipment in self.all() if wanted(shipment)]
		with_items = query.flag("includeShipmentItems")
		return query.page_of(
			query.sorted(found, SORT_COLUMNS), "shipments", lambda shipment: shipment.as_json(with_items)
		)


def _packed(order: Order, items: dict[str, int] | None) -> list[dict]:
	ordered = order.items_as_json()
	if items is None:
		return ordered
	if unknown := items.keys() - {item["lineItemKey"] for item in ordered}:
		raise NotFound(f"Order {order.content.order_number} has no item {', '.join(sorted(unknown))}.")
	return [
		{**item, "quantity": items[item["lineItemKey"]]} for item in ordered if item["lineItemKey"] in items
	]


def _filter(query: Query) -> Callable[[Shipment], bool]:
	order_id, number = query.integer("orderId"), query.text("orderNumber")
	batch = query.integer("batchId")
	tracking = query.text("trackingNumber")
	start, end = query.moment("createDateStart"), query.moment("createDateEnd")

	def wanted(shipment: Shipment) -> bool:
		return (
			(order_id is None or shipment.order.order_id == order_id)
			and (number is None or shipment.order.content.order_number == number)
			and (batch is None or shipment.batch_id == batch)
			and (tracking is None or shipment.tracking_number == tracking)
			and between(shipment.created, start, end)
		)

	return wanted

"""The calls below `/_control/`: what people do in ShipStation's own screens, and what tests do to it."""

from collections.abc import Iterable
from datetime import date
from typing import get_args

from sandbox.simulators.common import control
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account import bulk
from sandbox.simulators.shipstation.account.accounts import (
	DEFAULT_LIMIT,
	DEFAULT_WINDOW_SECONDS,
	Account,
	RateWindow,
)
from sandbox.simulators.shipstation.account.order_model import OrderStatus, read_order
from sandbox.simulators.shipstation.account.orders import Order
from sandbox.simulators.shipstation.account.shipments import ShipmentBook
from sandbox.simulators.shipstation.simulator import DENIALS, Simulator

# ShipStation's webhooks name another of its servers than the API's.
NOTIFYING_HOST = "https://ssapi6.shipstation.com"


class Control(control.Control[Simulator]):
	def add_account(
		self,
		api_key: str,
		api_secret: str,
		limit: int = DEFAULT_LIMIT,
		window_seconds: float = DEFAULT_WINDOW_SECONDS,
	) -> None:
		"""A key that exists gets a new secret and limit and keeps its orders."""
		self._simulator.accounts.add(api_key, api_secret, RateWindow(limit, window_seconds))

	def accounts(self) -> list[str]:
		"""Their keys, the oldest account first."""
		return self._simulator.accounts.keys()

	def add_store(
		self, api_key: str, name: str, marketplace: str = "ShipStation", active: bool = True
	) -> dict:
		"""What a vendor sets up in ShipStation. Returns the store."""
		return self._account(api_key).stores.add(name, marketplace, active=active).as_json()

	def remove_store(self, api_key: str, store_id: int) -> None:
		self._account(api_key).stores.remove(store_id)

	def set_limit(self, api_key: str, limit: int, window_seconds: float = DEFAULT_WINDOW_SECONDS) -> None:
		"""Takes effect at once, with a new window."""
		self._account(api_key).window = RateWindow(limit, window_seconds)

	def set_denial(self, shape: str) -> None:
		"""How a 401 looks: json (`{"Message": …}`), lowercase (`{"message": …}`), html or empty."""
		if shape not in DENIALS:
			raise ControlRefused(f"Unknown shape {shape!r}: one of {', '.join(DENIALS)}.")
		self._simulator.denial = shape

	def set_notices(self, sent: bool) -> None:
		"""Whether subscribers are told of new labels. A test about polling must not be overtaken."""
		self._simulator.notifies = sent

	def orders(self, api_key: str) -> list[dict]:
		"""As stored, oldest first."""
		return [order.as_json() for order in self._account(api_key).orders.all()]

	def shipments(self, api_key: str) -> list[dict]:
		"""With their items, the voided ones too, oldest first."""
		return [shipment.as_json() for shipment in self._account(api_key).shipments.all()]

	def received(self, api_key: str | None = None) -> list[Entry]:
		"""The requests, oldest first: `journal.entry`, with time (Pacific) and api_key."""
		return self._simulator.journal.entries(api_key=api_key)

	def buy_label(
		self,
		api_key: str,
		order_key: str | None = None,
		order_id: int | None = None,
		carrier: str = "ups",
		service: str = "ups_ground",
		tracking_number: str | None = None,
		ship_date: str | None = None,
		create_date: str | None = None,
		items: dict[str, int] | None = None,
	) -> dict:
		"""Buys a label for an order, named by key or by id, and marks it shipped. Returns the shipment.

		:param tracking_number: by default one that looks right for ups, stamps_com or fedex.
		:param ship_date: `2026-11-21`; by default the day of `create_date`.
		:param create_date: Pacific date and time; by default now.
		:param items: what is in the parcel, quantities by lineItemKey; by default the whole order.
		"""
		order = self._order(api_key, order_key, order_id)
		if order.status == "cancelled":
			raise ControlRefused(f"Order {order.content.order_number} is cancelled.")
		shipment = self._account(api_key).shipments.buy(
			order,
			carrier=carrier,
			service=service,
			number=tracking_number,
			ship_date=date.fromisoformat(ship_date) if ship_date else None,
			created=clock.parse(create_date) if create_date else None,
			items=items,
		)
		if self._simulator.notifies:
			resource = f"{NOTIFYING_HOST}/shipments?batchId={shipment.batch_id}"
			self._account(api_key).webhooks.notify(resource)
		return shipment.as_json()

	def webhooks(self, api_key: str) -> list[dict]:
		"""The subscriptions of an account."""
		return [each.as_json() for each in self._account(api_key).webhooks.all()]

	def sent_webhooks(self, api_key: str) -> list[dict]:
		"""What was sent to them, oldest first: `url`, `body`, `status`."""
		return list(self._account(api_key).webhooks.sent)

	def void_label(self, shipment_id: int) -> dict:
		"""Without another valid label the order waits for shipment again. Returns the shipment."""
		return self._book_with(shipment_id).void(shipment_id).as_json()

	def change_tracking(self, shipment_id: int, tracking_number: str) -> dict:
		shipment = self._book_with(shipment_id).get(shipment_id)
		shipment.tracking_number = tracking_number
		return shipment.as_json()

	def set_order_status(self, api_key: str, order_id: int, status: str) -> dict:
		"""What a person does in ShipStation: hold, cancel or mark as shipped without a label."""
		if status not in get_args(OrderStatus):
			raise ControlRefused(f"Unknown status {status!r}: one of {', '.join(get_args(OrderStatus))}.")
		order = self._order(api_key, None, order_id)
		order.set_status(status)
		return order.as_json()

	def split_order(self, api_key: str, order_id: int, items: dict[str, int]) -> dict:
		"""Moves quantities (by lineItemKey) into another order of the same number. Returns that order."""
		orders = self._account(api_key).orders
		return orders.split(orders.get(order_id), items).as_json()

	def merge_orders(self, api_key: str, order_ids: list[int]) -> dict:
		"""Puts the items of all orders into the first one; the others are gone. Returns that order."""
		orders = self._account(api_key).orders
		return orders.merge([orders.get(order_id) for order_id in order_ids]).as_json()

	def save_order(self, api_key: str, content: dict) -> dict:
		"""Creates or replaces an order as another program with the same account does: `createorder`, which
		counts no request. Returns the order."""
		return self._account(api_key).orders.save(read_order(content)).as_json()

	def remove_order(self, api_key: str, order_key: str) -> None:
		"""What a program does with `DELETE /orders/{id}`."""
		self._account(api_key).orders.remove(order_key)

	def make_orders(self, api_key: str, count: int = 0, keys: Iterable[str] = ()) -> list[dict]:
		"""One open order per key, or `count` with keys of their own. Returns orderId and orderKey of each."""
		keys = keys or [f"BULK-{number:06d}" for number in range(1, count + 1)]
		orders = bulk.make_orders(self._account(api_key), keys)
		return [{"orderId": order.order_id, "orderKey": order.order_key} for order in orders]

	def make_shipments(
		self,
		api_key: str,
		order_ids: list[int] | None = None,
		carrier: str = "ups",
		service: str = "ups_ground",
	) -> list[dict]:
		"""A label for each order, by default all open ones. Returns shipmentId, orderId, trackingNumber."""
		shipments = bulk.make_shipments(self._account(api_key), order_ids, carrier, service)
		return [
			{
				"shipmentId": shipment.shipment_id,
				"orderId": shipment.order.order_id,
				"trackingNumber": shipment.tracking_number,
			}
			for shipment in shipments
		]

	def _account(self, api_key: str) -> Account:
		return self._simulator.accounts.get(api_key)

	def _order(self, api_key: str, order_key: str | None, order_id: int | None) -> Order:
		orders = self._account(api_key).orders
		if order_key is not None and order_id is None:
			return orders.find_by_key(order_key)
		if order_id is not None and order_key is None:
			return orders.get(order_id)
		raise ControlRefused("Name the order by its key or by its id.")

	def _book_with(self, shipment_id: int) -> ShipmentBook:
		for account in self._simulator.accounts.all():
			if shipment_id in account.shipments:
				return account.shipments
		raise ControlRefused(f"There is no shipment {shipment_id}.")

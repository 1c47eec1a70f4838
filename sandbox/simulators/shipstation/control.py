"""The calls below `/_control/`: what people do in ShipStation's own screens, and what tests do to it.

`remote.py` has a method for each; `common/control.py` says how they travel.
"""

from datetime import date
from typing import get_args

from sandbox.simulators.common import control
from sandbox.simulators.common.messages import Answer
from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account import bulk
from sandbox.simulators.shipstation.account.accounts import (
	DEFAULT_LIMIT,
	DEFAULT_WINDOW_SECONDS,
	Account,
	RateWindow,
)
from sandbox.simulators.shipstation.account.order_model import OrderStatus
from sandbox.simulators.shipstation.account.orders import Order
from sandbox.simulators.shipstation.account.shipments import ShipmentBook
from sandbox.simulators.shipstation.errors import ControlRefused, Refused
from sandbox.simulators.shipstation.faults import Fault
from sandbox.simulators.shipstation.messages import Request
from sandbox.simulators.shipstation.simulator import DENIALS, Simulator


class Control(control.Control):
	_fault_type = Fault
	_simulator: Simulator

	def add_account(
		self,
		api_key: str,
		api_secret: str,
		limit: int = DEFAULT_LIMIT,
		window_seconds: float = DEFAULT_WINDOW_SECONDS,
	) -> None:
		self._simulator.accounts.add(api_key, api_secret, RateWindow(limit, window_seconds))

	def set_limit(self, api_key: str, limit: int, window_seconds: float = DEFAULT_WINDOW_SECONDS) -> None:
		self._account(api_key).window = RateWindow(limit, window_seconds)

	def set_denial(self, shape: str) -> None:
		if shape not in DENIALS:
			raise ControlRefused(f"Unknown shape {shape!r}: one of {', '.join(DENIALS)}.")
		self._simulator.denial = shape

	def orders(self, api_key: str) -> list[dict]:
		return [order.as_json() for order in self._account(api_key).orders.all()]

	def shipments(self, api_key: str) -> list[dict]:
		return [shipment.as_json() for shipment in self._account(api_key).shipments.all()]

	def received(self, api_key: str | None = None) -> list[dict]:
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
	) -> dict:
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
		)
		return shipment.as_json()

	def void_label(self, shipment_id: int) -> dict:
		return self._book_with(shipment_id).void(shipment_id).as_json()

	def change_tracking(self, shipment_id: int, tracking_number: str) -> dict:
		shipment = self._book_with(shipment_id).get(shipment_id)
		shipment.tracking_number = tracking_number
		return shipment.as_json()

	def set_order_status(self, api_key: str, order_id: int, status: str) -> dict:
		if status not in get_args(OrderStatus):
			raise ControlRefused(f"Unknown status {status!r}: one of {', '.join(get_args(OrderStatus))}.")
		order = self._order(api_key, None, order_id)
		order.set_status(status)
		return order.as_json()

	def make_orders(self, api_key: str, keys: list[str]) -> list[dict]:
		orders = bulk.make_orders(self._account(api_key), keys)
		return [{"orderId": order.order_id, "orderKey": order.order_key} for order in orders]

	def make_shipments(
		self,
		api_key: str,
		order_ids: list[int] | None = None,
		carrier: str = "ups",
		service: str = "ups_ground",
	) -> list[dict]:
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
		if (order_key is None) == (order_id is None):
			raise ControlRefused("Name the order by its key or by its id.")
		return orders.get(order_id) if order_key is None else orders.find_by_key(order_key)

	def _book_with(self, shipment_id: int) -> ShipmentBook:
		for account in self._simulator.accounts.all():
			if shipment_id in account.shipments:
				return account.shipments
		raise ControlRefused(f"There is no shipment {shipment_id}.")


def answer(simulator: Simulator, request: Request) -> Answer:
	"""Runs one command."""
	return control.answer(Control(simulator), simulator.lock, request, refusals=(Refused,))

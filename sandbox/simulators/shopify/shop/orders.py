"""The orders of one shop, what was shipped of each, and how that shows in its status."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sandbox.simulators.common import passing
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify import clock, gid
from sandbox.simulators.shopify.shop.catalog import Variant


@dataclass
class LineItem:
	typename: ClassVar = "LineItem"
	number: int
	variant: Variant | None
	title: str
	variant_title: str | None
	sku: str | None
	quantity: int
	price: Decimal
	requires_shipping: bool
	properties: list[dict[str, str]]
	fulfilled: int = 0

	@property
	def unfulfilled_quantity(self) -> int:
		return self.quantity - self.fulfilled


@dataclass(frozen=True)
class FulfillmentLine:
	typename: ClassVar = "FulfillmentLineItem"
	number: int
	line_item: LineItem
	quantity: int


@dataclass
class Fulfillment:
	"""
	:param quantities: line item number -> how many of it are in this parcel.
	:param tracking: number, company and url of each label.
	"""

	typename: ClassVar = "Fulfillment"
	number: int
	order: "Order"
	name: str
	quantities: dict[int, int]
	tracking: list[dict[str, str | None]]
	created_at: datetime
	updated_at: datetime
	status: str = "SUCCESS"

	@property
	def lines(self) -> list[FulfillmentLine]:
		"""Sorted by number."""
		items = {line.number: line for line in self.order.line_items}
		return [
			FulfillmentLine(number, items[number], quantity)
			for number, quantity in sorted(self.quantities.items())
		]


@dataclass
class Order:
	"""
	:param content: the rest of OrderCreateOrderInput as it was sent.
	:param searchable_from: on the monotonic clock; the search index does not know it before.
	:param forced_status: a status that people or other apps brought about, such as ON_HOLD.
	"""

	typename: ClassVar = "Order"
	number: int
	order_number: int
	name: str
	created_at: datetime
	updated_at: datetime
	currency: str
	content: dict[str, Any]
	line_items: list[LineItem]
	searchable_from: float = field(default_factory=passing.now)
	fulfillments: list[Fulfillment] = field(default_factory=list)
	cancelled_at: datetime | None = None
	cancel_reason: str | None = None
	forced_status: str | None = None

	@property
	def display_fulfillment_status(self) -> str:
		if self.forced_status:
			return self.forced_status
		if all(not line.unfulfilled_quantity for line in self.line_items):
			return "FULFILLED"
		return "PARTIALLY_FULFILLED" if any(line.fulfilled for line in self.line_items) else "UNFULFILLED"

	@property
	def subtotal(self) -> Decimal:
		return sum((line.price * line.quantity for line in self.line_items), Decimal())

	@property
	def total(self) -> Decimal:
		lines = self.content.get("shippingLines") or []
		return self.subtotal + sum(
			(Decimal(str(line["priceSet"]["shopMoney"]["amount"])) for line in lines), Decimal()
		)

	def touch(self) -> None:
		self.updated_at = clock.now()

	def fulfill(self, tracking: list[dict], quantities: dict[int, int] | None = None) -> Fulfillment:
		"""Ships what is open, or these quantities by line item number."""
		if self.cancelled_at:
			raise ControlRefused(f"Order {self.name} is cancelled.")
		open_lines = {line.number: line for line in self.line_items if line.unfulfilled_quantity}
		quantities = quantities or {number: line.unfulfilled_quantity for number, line in open_lines.items()}
		for number, quantity in quantities.items():
			if number not in open_lines or not 0 < quantity <= open_lines[number].unfulfilled_quantity:
				raise ControlRefused(f"Order {self.name} has no {quantity} of line {number} open.")
		if not quantities:
			raise ControlRefused(f"Order {self.name} is fulfilled.")
		for number, quantity in quantities.items():
			open_lines[number].fulfilled += quantity
		return self._add_fulfillment(quantities, tracking)

	def _add_fulfillment(self, quantities: dict[int, int], tracking: list[dict]) -> Fulfillment:
		self.forced_status = None
		self.touch()
		self.fulfillments.append(
			Fulfillment(
				number=gid.next_number("Fulfillment"),
				order=self,
				name=f"{self.name}.{len(self.fulfillments) + 1}",
				quantities=quantities,
				tracking=tracking,
				created_at=self.updated_at,
				updated_at=self.updated_at,
			)
		)
		return self.fulfillments[-1]

	def change_tracking(self, fulfillment: Fulfillment, tracking: list[dict]) -> None:
		fulfillment.tracking = tracking
		self.touch()
		fulfillment.updated_at = self.updated_at

	def cancel_fulfillment(self, fulfillment: Fulfillment) -> None:
		"""Its lines are open again; it stays in the list."""
		if fulfillment.status == "CANCELLED":
			raise ControlRefused(f"Fulfillment {fulfillment.name} is cancelled already.")
		for line in self.line_items:
			line.fulfilled -= fulfillment.quantities.get(line.number, 0)
		fulfillment.status = "CANCELLED"
		self.touch()
		fulfillment.updated_at = self.updated_at

	def cancel(self, reason: str) -> None:
		if self.cancelled_at:
			raise ControlRefused(f"Order {self.name} is cancelled already.")
		self.touch()
		self.cancelled_at = self.updated_at
		self.cancel_reason = reason


class OrderBook:
	def __init__(self):
		self.all: list[Order] = []
		self._by_number: dict[int, Order] = {}

	def add(self, order: Order) -> None:
		self.all.append(order)
		self._by_number[order.number] = order

	def get(self, number: int) -> Order | None:
		return self._by_number.get(number)

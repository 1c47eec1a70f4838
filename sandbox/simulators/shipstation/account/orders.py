"""The orders of one account: created, replaced by orderKey, locked, found."""

import uuid
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account.ids import next_id
from sandbox.simulators.shipstation.account.order_model import ApiOrder, OrderStatus, read_order
from sandbox.simulators.shipstation.account.query import Query, between
from sandbox.simulators.shipstation.account.stores import Stores
from sandbox.simulators.shipstation.errors import InvalidRequest, NotFound, OrderLocked, Refused

LOCKED = ("shipped", "cancelled")
LARGEST_BATCH = 100
FILTERS = {
	"orderNumber",
	"orderStatus",
	"createDateStart",
	"createDateEnd",
	"modifyDateStart",
	"modifyDateEnd",
}
SORT_COLUMNS = {
	"CreateDate": lambda order: order.created,
	"ModifyDate": lambda order: order.modified,
	"OrderDate": lambda order: order.content.order_date,
}


@dataclass
class Order:
	order_id: int
	order_key: str
	created: datetime
	content: ApiOrder
	modified: datetime
	item_ids: list[int] = field(default_factory=list)
	parent_id: int | None = None
	merged_ids: list[int] = field(default_factory=list)
	is_split: bool = False
	store_id: int | None = None

	def replace(self, content: ApiOrder) -> None:
		"""The new content is the whole order: what it leaves out is gone, and items get new ids."""
		if self.status in LOCKED:
			raise OrderLocked(self.content.order_number, self.status)
		self.content = content
		self.modified = clock.now()
		self.item_ids = [next_id("item") for _item in content.items]

	@property
	def status(self) -> str:
		return self.content.order_status

	def set_status(self, status: str) -> None:
		self.content = self.content.model_copy(update={"order_status": status})
		self.modified = clock.now()

	def items_as_json(self) -> list[dict]:
		items = zip(self.item_ids, self.content.items, strict=True)
		return [{"orderItemId": item_id, **item.model_dump(by_alias=True)} for item_id, item in items]

	def as_json(self) -> dict:
		return {
			"orderId": self.order_id,
			**self.content.model_dump(by_alias=True),
			"advancedOptions": {
				**(self.content.advanced_options or {}),
				"storeId": self.store_id,
				"mergedOrSplit": self.is_split or bool(self.merged_ids),
				"mergedIds": self.merged_ids,
				"parentId": self.parent_id,
			},
			"orderKey": self.order_key,
			"createDate": clock.as_text(self.created),
			"modifyDate": clock.as_text(self.modified),
			"customerId": self._customer_id(),
			"items": self.items_as_json(),
			"orderTotal": self._total(),
			"userId": None,
			"externallyFulfilled": False,
			"externallyFulfilledBy": None,
		}

	def _customer_id(self) -> int:
		who = self.content.customer_email or self.content.ship_to.name
		return 30_000_000 + zlib.crc32(who.encode()) % 10_000_000

	def _total(self) -> float:
		lines = sum(item.quantity * item.unit_price for item in self.content.items)
		return round(lines + self.content.tax_amount + self.content.shipping_amount, 2)


class OrderBook:
	def __init__(self, stores: Stores):
		self._stores = stores
		self._by_id: dict[int, Order] = {}
		self._by_key: dict[str, Order] = {}

	def all(self) -> list[Order]:
		return list(self._by_id.values())

	def save(self, content: ApiOrder) -> Order:
		"""Replaces the order with this orderKey, else creates one. Without a key it always creates.

		:raises OrderLocked: when that order is shipped or cancelled.
		"""
		order = self._by_key.get(content.order_key) if content.order_key else None
		if order:
			order.replace(content)
			return order
		return self._create(content)

	def _create(self, content: ApiOrder) -> Order:
		key = content.order_key or str(uuid.uuid4())
		store_id = self._stores.choose(content.advanced_options)
		now = clock.now()
		item_ids = [next_id("item") for _item in content.items]
		order = Order(next_id("order"), key, now, content, now, item_ids, store_id=store_id)
		self._by_id[order.order_id] = self._by_key[key] = order
		return order

	def save_many(self, payloads: Any) -> list[dict]:
		"""One result per order; a bad one does not keep the others out.

		:raises InvalidRequest: when it is not a list of at most 100.
		"""
		if not isinstance(payloads, list):
			raise InvalidRequest({"apiOrders": ["The apiOrders field must be a JSON array."]})
		if len(payloads) > LARGEST_BATCH:
			raise InvalidRequest({"apiOrders": [f"At most {LARGEST_BATCH} orders are allowed in a request."]})
		return [self._save_one(payload, f"apiOrders[{index}]") for index, payload in enumerate(payloads)]

	def _save_one(self, payload: Any, name: str) -> dict:
		try:
			return _result(self.save(read_order(payload, name)))
		except Refused as refused:
			text = refused.in_one_line() if isinstance(refused, InvalidRequest) else str(refused)
			return _failed(payload if isinstance(payload, dict) else {}, text)

	def get(self, order_id: int) -> Order:
		if order_id not in self._by_id:
			raise NotFound(f"Order {order_id} was not found.")
		return self._by_id[order_id]

	def find_by_key(self, order_key: str) -> Order:
		if order_key not in self._by_key:
			raise NotFound(f"No order has the key {order_key!r}.")
		return self._by_key[order_key]

	def remove(self, order_key: str) -> None:
		order = self.find_by_key(order_key)
		del self._by_id[order.order_id], self._by_key[order_key]

	def split(self, order: Order, items: dict[str, int]) -> Order:
		"""Moves a part of an order into another one of the same number, with a key and an ID of its own.

		:param items: the quantities to move by lineItemKey.
		"""
		if order.status in LOCKED:
			raise OrderLocked(order.content.order_number, order.status)
		moved = [
			item.model_copy(update={"quantity": items[item.line_item_key or ""]})
			for item in order.content.items
			if item.line_item_key in items
		]
		kept = [
			item.model_copy(update={"quantity": item.quantity - items.get(item.line_item_key or "", 0)})
			for item in order.content.items
		]
		child = self._create(order.content.model_copy(update={"order_key": None, "items": moved}))
		child.parent_id, child.is_split, order.is_split = order.order_id, True, True
		order.replace(
			order.content.model_copy(update={"items": [item for item in kept if item.quantity > 0]})
		)
		return child

	def merge(self, orders: list[Order]) -> Order:
		"""Makes one order of several: the first one has all items, and the others are gone."""
		first, *others = orders
		for order in orders:
			if order.status in LOCKED:
				raise OrderLocked(order.content.order_number, order.status)
		items = [item for order in orders for item in order.content.items]
		first.replace(first.content.model_copy(update={"items": items}))
		for other in others:
			first.merged_ids.append(other.order_id)
			self.remove(other.order_key)
		return first

	def find(self, parameters: dict[str, str]) -> dict:
		"""A page of orders; `orderNumber` matches the beginning of the number, as at ShipStation."""
		query = Query(parameters, FILTERS)
		number = query.text("orderNumber") or ""
		status = query.one_of("orderStatus", get_args(OrderStatus))
		start, end = query.moment("createDateStart"), query.moment("createDateEnd")
		changed_from, changed_to = query.moment("modifyDateStart"), query.moment("modifyDateEnd")
		found = [
			order
			for order in self._by_id.values()
			if order.content.order_number.startswith(number)
			and (status is None or order.status == status)
			and between(order.created, start, end)
			and between(order.modified, changed_from, changed_to)
		]
		return query.page_of(query.sorted(found, SORT_COLUMNS), "orders", Order.as_json)


def _result(order: Order) -> dict:
	return {
		"orderId": order.order_id,
		"orderNumber": order.content.order_number,
		"orderKey": order.order_key,
		"success": True,
		"errorMessage": None,
	}


def _failed(payload: dict, message: str) -> dict:
	return {
		"orderId": None,
		"orderNumber": payload.get("orderNumber"),
		"orderKey": payload.get("orderKey"),
		"success": False,
		"errorMessage": message,
	}

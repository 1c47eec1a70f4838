"""The orders and stores that ShipStation has, with ShipStation's field names. Pure.

Unknown fields are ignored.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from medgrid.clients.shipstation.limits import MAX_ITEMS, PAGE_SIZE
from medgrid.core.foreign_types import (
	BOUNDED,
	Count,
	Key,
	NumericId,
	Quantity,
	Word,
	empty_if_none,
	none_if_empty,
	none_if_invalid,
)
from medgrid.core.text import MAX_LENGTH, is_visible
from medgrid.http_client.partial_reading import entries_of, read_each


class CreatedOrder(BaseModel):
	"""The response to `POST /orders/createorder`."""

	orderId: NumericId


class RemoteItem(BaseModel):
	lineItemKey: Annotated[Key | None, none_if_invalid] = None
	quantity: Annotated[Quantity | None, none_if_invalid] = None


class RemoteOrder(BaseModel):
	"""An order in ShipStation.

	:param orderKey: None: it has none, or none that MedGrid can have sent.
	:param orderNumber: likewise; the parts of a split order have the same one.
	:param orderStatus: e.g. "awaiting_shipment"; ShipStation may add values.
	"""

	orderId: NumericId
	orderKey: Annotated[Key | None, none_if_invalid] = None
	orderNumber: Annotated[Key | None, none_if_invalid] = None
	orderStatus: Annotated[Word | None, none_if_invalid] = None
	items: Annotated[list[RemoteItem], Field(max_length=MAX_ITEMS), empty_if_none] = []


class OrderPage(BaseModel):
	"""One page of orders.

	:param pages: the number of pages, as ShipStation states it; it may be any number.
	:param unreadable_keys: the keys of orders that are not valid. They are left out; the others are kept.
	"""

	orders: Annotated[list[RemoteOrder], BOUNDED] = []
	pages: Count = 0
	unreadable_keys: Annotated[list[Key], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		if not isinstance(page, dict):
			return page
		orders, refused = read_each(RemoteOrder, entries_of(page, "orders"), PAGE_SIZE)
		keys = [entry.get("orderKey") for entry in refused.values() if isinstance(entry, dict)]
		return {
			"pages": page.get("pages") or 0,
			"orders": list(orders.values()),
			"unreadable_keys": [key for key in keys if _is_key(key)],
		}


@dataclass(frozen=True)
class FoundOrders:
	"""What a search for orders found.

	:param orders: by `orderKey`; without keys that ShipStation does not have.
	:param unreadable: the keys of orders that ShipStation has, but that are not valid.
	"""

	orders: dict[str, RemoteOrder]
	unreadable: set[str]


class Store(BaseModel):
	"""A store in an account: orders come from it, or are put into it.

	:param marketplaceName: where it sells; "ShipStation": nowhere, the orders are put into it.
	:param active: False: the vendor has switched it off.
	"""

	storeId: NumericId
	storeName: Annotated[Word | None, none_if_invalid, none_if_empty] = None
	marketplaceName: Annotated[Word | None, none_if_invalid, none_if_empty] = None
	active: bool | None = True


class Stores(BaseModel):
	"""The response to `GET /stores`, as the field `stores`. Stores that are not valid are left out."""

	stores: Annotated[list[Store], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		if not isinstance(page, dict):
			return page
		stores, _refused = read_each(Store, entries_of(page, "stores"), PAGE_SIZE)
		return {"stores": list(stores.values())}


def _is_key(value: Any) -> bool:
	return isinstance(value, str) and len(value) <= MAX_LENGTH and is_visible(value)

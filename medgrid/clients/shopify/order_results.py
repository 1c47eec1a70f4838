"""Orders in the results of Shopify's queries, with Shopify's field names. Pure.

Unknown fields are ignored.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ModelWrapValidatorHandler, PrivateAttr, ValidationInfo, model_validator

from medgrid.clients.shopify.gid import FulfillmentGid, OrderGid, VariantGid
from medgrid.clients.shopify.pages import MAX_NODES, PageInfo
from medgrid.core.foreign_types import (
	Count,
	Key,
	Moment,
	OrderName,
	Text,
	TrackingNumber,
	Url,
	Word,
	empty_if_none,
	none_if_empty,
	none_if_invalid,
)
from medgrid.http_client.partial_reading import LEFT_OUT, Path, not_null, read_partly

# The largest page that Shopify has of fulfillments, and of the parcels of one.
MAX_FULFILLMENTS, MAX_LABELS = 250, 250


class OrderSummary(BaseModel):
	"""An order in the results of `order_create` and `order_by_source`.

	:param sourceIdentifier: None: it has none, or none that MedGrid can have sent.
	:param cancelledAt: any value means that the order is cancelled.
	"""

	id: OrderGid
	name: Annotated[OrderName | None, none_if_invalid] = None
	sourceIdentifier: Annotated[Key | None, none_if_invalid] = None
	cancelledAt: Annotated[Word | None, none_if_invalid] = None
	displayFulfillmentStatus: Annotated[Word | None, none_if_invalid] = None

	@property
	def shown_name(self) -> str:
		"""The order's name, or the number of its ID if Shopify sent no valid name."""
		return self.name or self.id.rpartition("/")[2]


class TrackingInfo(BaseModel):
	"""The tracking of one parcel."""

	number: Annotated[TrackingNumber | None, none_if_empty] = None
	company: Text | None = None
	url: Annotated[Url | None, none_if_empty] = None


class OrderFulfillment(BaseModel):
	"""A shipment. Each field but its tracking is always sent, and None if it cannot be read.

	:param status: SUCCESS, CANCELLED, ERROR, FAILURE, or a value that Shopify adds later.
	"""

	id: Annotated[FulfillmentGid | None, not_null] = None
	status: Annotated[Word | None, not_null] = None
	createdAt: Annotated[Moment | None, not_null] = None
	updatedAt: Annotated[Moment | None, not_null] = None
	trackingInfo: Annotated[list[TrackingInfo], Field(max_length=MAX_LABELS), empty_if_none] = []


class OrderState(BaseModel):
	"""An order in the results of `order_status` and `orders_status`. A field that cannot be read is None, and
	is named by `problems`; without its ID an order is not valid.

	:param cancelledAt: None: the order is not cancelled, or the time cannot be read.
	:param displayFulfillmentStatus: a value of OrderDisplayFulfillmentStatus; Shopify adds values in later
		versions.
	"""

	id: OrderGid
	name: Annotated[OrderName | None, not_null] = None
	updatedAt: Annotated[Moment | None, not_null] = None
	cancelledAt: Moment | None = None
	displayFulfillmentStatus: Annotated[Word | None, not_null] = None
	fulfillments: Annotated[list[OrderFulfillment], Field(max_length=MAX_FULFILLMENTS), empty_if_none] = []
	_problems: Mapping[Path, str] = PrivateAttr(default_factory=dict)

	@property
	def problems(self) -> Mapping[Path, str]:
		"""What could not be read; see `Partial.problems`."""
		return self._problems

	@model_validator(mode="wrap")
	@classmethod
	def _read_partly(
		cls, value: Any, handler: ModelWrapValidatorHandler["OrderState"], info: ValidationInfo
	) -> "OrderState":
		if LEFT_OUT in (info.context or {}) or isinstance(value, cls):
			return handler(value)
		partial = read_partly(cls, value)
		partial.record._problems = partial.problems
		return partial.record


# The fulfillments that `order_shipped` requests.
MOST_SHIPPED = 5


class _Variant(BaseModel):
	id: VariantGid


class _LineItem(BaseModel):
	variant: _Variant


class ShippedLine(BaseModel):
	"""A line of a shipment."""

	quantity: Count
	lineItem: _LineItem

	@property
	def variant_id(self) -> str:
		return self.lineItem.variant.id


class _ShippedLines(BaseModel):
	nodes: Annotated[list[ShippedLine], Field(max_length=MAX_NODES)]
	pageInfo: PageInfo


class ShippedFulfillment(BaseModel):
	"""A shipment with its lines.

	:param status: as of `OrderFulfillment`.
	"""

	status: Word
	fulfillmentLineItems: _ShippedLines

	@property
	def lines(self) -> list[ShippedLine]:
		return self.fulfillmentLineItems.nodes


class ShippedOrder(BaseModel):
	"""An order in the result of `order_shipped`. It is valid only if all of it can be read."""

	id: OrderGid
	fulfillments: Annotated[list[ShippedFulfillment], Field(max_length=MAX_FULFILLMENTS)]

	@property
	def is_complete(self) -> bool:
		"""Whether these are all of its shipments, with all of their lines."""
		has_more = any(each.fulfillmentLineItems.pageInfo.hasNextPage for each in self.fulfillments)
		return len(self.fulfillments) < MOST_SHIPPED and not has_more

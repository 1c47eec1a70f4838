"""The results of Shopify's queries, with Shopify's field names. Unknown fields are ignored."""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import (
	BaseModel,
	Field,
	ModelWrapValidatorHandler,
	PrivateAttr,
	StringConstraints,
	ValidationInfo,
	model_validator,
)

from medgrid.clients.shopify.domains import ShopDomain
from medgrid.clients.shopify.gid import (
	FulfillmentGid,
	Gid,
	InventoryItemGid,
	OrderGid,
	ProductGid,
	VariantGid,
	is_any_gid,
)
from medgrid.core.foreign_types import (
	BOUNDED,
	Address,
	CurrencyCode,
	Cursor,
	Key,
	Moment,
	Money,
	OrderName,
	Quantity,
	Sku,
	Text,
	TrackingNumber,
	Url,
	Word,
	empty_if_none,
	none_if_empty,
	none_if_invalid,
)
from medgrid.http_client.partial_reading import LEFT_OUT, Path, not_null, read_each, read_partly

Node = TypeVar("Node")

# Larger than any bucket.
MAX_POINTS = 1_000_000
# Shopify's buckets refill within 20 seconds. With a bucket that takes longer than this, a shop could keep its
# queries waiting for minutes.
MAX_REFILL_SECONDS = 100
# The limits of what Shopify sends. A page that has more entries is not valid.
MAX_NODES = 250
# The largest page that Shopify has of fulfillments, and of the parcels of one.
MAX_FULFILLMENTS, MAX_LABELS = 250, 250
MAX_SCOPES = 500
MAX_QUANTITIES = 20


Points = Annotated[float, BOUNDED, Field(gt=0, le=MAX_POINTS)]


class ThrottleStatus(BaseModel):
	"""The state of a cost bucket, in points; restoreRate in points per second. Values that no bucket of
	Shopify can have are rejected."""

	maximumAvailable: Points
	currentlyAvailable: Annotated[float, BOUNDED, Field(ge=-MAX_POINTS, le=MAX_POINTS)]
	restoreRate: Points

	@model_validator(mode="after")
	def _refills(self) -> "ThrottleStatus":
		if self.maximumAvailable / self.restoreRate > MAX_REFILL_SECONDS:
			raise ValueError("the bucket refills too slowly")
		if abs(self.currentlyAvailable) > self.maximumAvailable:
			raise ValueError("the level is outside the bucket")
		return self


class Cost(BaseModel):
	"""
	:param requestedQueryCost: None: it is missing, or larger than any bucket.
	"""

	requestedQueryCost: Annotated[Points | None, none_if_invalid] = None
	throttleStatus: ThrottleStatus


class PageInfo(BaseModel):
	hasNextPage: bool
	endCursor: Annotated[Cursor | None, none_if_invalid] = None


class UnreadableNode(BaseModel):
	"""A node that is not valid.

	:param index: its place in the list.
	:param id: its GID; None if that is not valid either.
	"""

	index: Annotated[int, BOUNDED]
	id: Gid | None = None


class Page(BaseModel, Generic[Node]):
	"""A page of a connection.

	:param unreadable: the nodes that are not valid. They are left out; the others are kept. A page without a
		valid node or ID is not valid.
	"""

	nodes: Annotated[list[Node], Field(max_length=MAX_NODES)]
	pageInfo: PageInfo
	unreadable: Annotated[list[UnreadableNode], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		return _one_by_one(cls, page)


class Nodes(BaseModel, Generic[Node]):
	"""The nodes with the requested IDs, in the same order; None where a node no longer exists, or is not
	valid.

	:param unreadable: the nodes that are not valid.
	"""

	nodes: Annotated[list[Node | None], Field(max_length=MAX_NODES)]
	unreadable: Annotated[list[UnreadableNode], BOUNDED] = []

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page: Any) -> Any:
		return _one_by_one(cls, page)


def _one_by_one(model: type[BaseModel], page: Any) -> Any:
	"""Reads the nodes of a page one by one, so that one that is not valid does not make the others fail.

	:raises ValueError: none of them is valid, or has a valid ID.
	"""
	if not isinstance(page, dict) or not isinstance(page.get("nodes"), list):
		return page
	entries = page["nodes"][: MAX_NODES + 1]
	read, refused = read_each(_node_type(model), entries, len(entries))
	keeps_places = issubclass(model, Nodes)
	unreadable = [
		_unreadable(index, node) for index, node in refused.items() if not (node is None and keeps_places)
	]
	if unreadable and not read and not any(node.id for node in unreadable):
		raise ValueError("no node is valid")
	nodes = [read.get(index) for index in range(len(entries))] if keeps_places else list(read.values())
	return {**page, "nodes": nodes, "unreadable": unreadable}


def _unreadable(index: int, node: Any) -> UnreadableNode:
	written = node.get("id") if isinstance(node, dict) else None
	return UnreadableNode(index=index, id=written if is_any_gid(written) else None)


def _node_type(model: type[BaseModel]) -> type[BaseModel]:
	"""The model of a page's nodes: `Variant` for `Page[Variant]`."""
	written = get_args(model.model_fields["nodes"].annotation)[0]
	types = [each for each in get_args(written) if each is not type(None)]
	return types[0] if types else written


class Shop(BaseModel):
	"""The result of `shop`.

	:param currencyCode: None: Shopify sent something else than a currency.
	"""

	name: Text
	myshopifyDomain: ShopDomain
	currencyCode: Annotated[CurrencyCode | None, none_if_invalid] = None


class Product(BaseModel):
	"""
	:param status: ACTIVE, ARCHIVED, DRAFT, UNLISTED, or a value that Shopify adds later.
	"""

	id: ProductGid
	title: Text
	status: Word


class Location(BaseModel):
	"""A location; without `id` the requested ID belongs to an object of another type."""

	id: Gid | None = None


class InventoryItem(BaseModel):
	id: InventoryItemGid


class Variant(BaseModel):
	"""
	:param price: in the shop's currency.
	:param inventoryQuantity: the total of all locations; None if Shopify does not track the variant.
	"""

	id: VariantGid
	title: Text
	sku: Sku | None = None
	price: Money
	inventoryQuantity: Quantity | None = None
	inventoryItem: InventoryItem
	product: Product


class NamedQuantity(BaseModel):
	"""
	:param name: e.g. "available".
	"""

	name: Word
	quantity: Quantity


class InventoryLevel(BaseModel):
	quantities: Annotated[list[NamedQuantity], Field(max_length=MAX_QUANTITIES)]


class StockedItem(BaseModel):
	"""
	:param inventoryLevel: None if the location does not stock the item.
	"""

	id: InventoryItemGid
	inventoryLevel: InventoryLevel | None = None


class WebhookSubscription(BaseModel):
	"""
	:param uri: an address of any kind, not only of a web page.
	"""

	id: Gid
	topic: Word
	uri: Address


class AccessScope(BaseModel):
	handle: Annotated[str, BOUNDED, StringConstraints(pattern="^[a-z0-9_]{1,100}$")]


class AppInstallation(BaseModel):
	accessScopes: Annotated[list[AccessScope], Field(max_length=MAX_SCOPES)]


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

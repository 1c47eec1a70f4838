"""The results of Shopify's queries and the inputs of its mutations, with Shopify's field names.

Unknown fields of results are ignored; inputs reject unknown fields.
"""

from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

Node = TypeVar("Node")

# Larger than any bucket.
MAX_POINTS = 1_000_000
# `gid://shopify/Order/123`
Gid = Annotated[str, StringConstraints(pattern=r"^gid://shopify/[A-Za-z]+/\d+$", max_length=140)]


class ThrottleStatus(BaseModel):
	"""The state of a cost bucket, in points; restoreRate in points per second. Values outside the bounds are
	rejected."""

	maximumAvailable: Annotated[float, Field(gt=0, le=MAX_POINTS)]
	currentlyAvailable: Annotated[float, Field(ge=-MAX_POINTS, le=MAX_POINTS)]
	restoreRate: Annotated[float, Field(gt=0, le=MAX_POINTS)]


class Cost(BaseModel):
	requestedQueryCost: Annotated[float, Field(ge=0, le=MAX_POINTS)] | None = None
	throttleStatus: ThrottleStatus


class PageInfo(BaseModel):
	hasNextPage: bool
	endCursor: str | None = None


class Page(BaseModel, Generic[Node]):
	"""A page of a connection."""

	nodes: list[Node]
	pageInfo: PageInfo


class Nodes(BaseModel, Generic[Node]):
	"""The nodes with the requested IDs, in the same order; None where a node no longer exists."""

	nodes: list[Node | None]


class Shop(BaseModel):
	"""The result of `shop`."""

	name: str
	myshopifyDomain: str
	currencyCode: str


class Product(BaseModel):
	"""
	:param status: ACTIVE, ARCHIVED, DRAFT, UNLISTED, or a value that Shopify adds later.
	"""

	id: Gid
	title: str
	status: str


class Location(BaseModel):
	"""A location; without `id` the requested ID belongs to an object of another type."""

	id: str | None = None


class InventoryItem(BaseModel):
	id: Gid


class Variant(BaseModel):
	"""
	:param price: in the shop's currency.
	:param inventoryQuantity: the total of all locations; None if Shopify does not track the variant.
	"""

	id: Gid
	title: str
	sku: str | None = None
	price: Decimal
	inventoryQuantity: int | None = None
	inventoryItem: InventoryItem
	product: Product


class NamedQuantity(BaseModel):
	"""
	:param name: e.g. "available".
	"""

	name: str
	quantity: int


class InventoryLevel(BaseModel):
	quantities: list[NamedQuantity]


class StockedItem(BaseModel):
	"""
	:param inventoryLevel: None if the location does not stock the item.
	"""

	id: str
	inventoryLevel: InventoryLevel | None = None


class WebhookSubscription(BaseModel):
	id: str
	topic: str
	uri: str


class AccessScope(BaseModel):
	handle: str


class AppInstallation(BaseModel):
	accessScopes: list[AccessScope]


class OrderSummary(BaseModel):
	"""An order in the results of `order_create` and `order_by_source`; times are ISO 8601, UTC."""

	id: Gid
	name: str
	sourceIdentifier: str | None = None
	cancelledAt: str | None = None
	displayFulfillmentStatus: str | None = None


class TrackingInfo(BaseModel):
	number: str | None = None
	company: str | None = None
	url: str | None = None


class OrderFulfillment(BaseModel):
	"""
	:param status: SUCCESS, CANCELLED, ERROR, FAILURE, or a value that Shopify adds later.
	"""

	id: str
	status: str
	createdAt: AwareDatetime
	updatedAt: AwareDatetime
	trackingInfo: list[TrackingInfo] = []


class OrderState(BaseModel):
	"""An order in the results of `order_status` and `orders_status`.

	:param displayFulfillmentStatus: a value of OrderDisplayFulfillmentStatus; Shopify adds values in later
		versions.
	"""

	id: str
	name: str
	updatedAt: AwareDatetime
	cancelledAt: AwareDatetime | None = None
	displayFulfillmentStatus: str
	fulfillments: list[OrderFulfillment] = []


# The inputs of `order_create`, named like Shopify's types.

# A Decimal in MedGrid, Shopify's Decimal (a string) in the request.
Amount = Annotated[Decimal, PlainSerializer(str, return_type=str, when_used="json")]


class Input(BaseModel):
	model_config = ConfigDict(extra="forbid", frozen=True)


class MoneyInput(Input):
	amount: Amount
	currencyCode: str


class MoneyBagInput(Input):
	shopMoney: MoneyInput


class OrderCreateLineItemInput(Input):
	"""
	:param requiresShipping: sent explicitly, because Shopify's default is false and the line would not be
		shipped.
	"""

	variantId: Gid
	quantity: Annotated[int, Field(gt=0)]
	priceSet: MoneyBagInput
	requiresShipping: bool = True


class MailingAddressInput(Input):
	"""
	:param provinceCode: ISO 3166-2 without the country.
	:param countryCode: ISO 3166-1, two letters.
	:param phone: E.164.
	"""

	lastName: str
	company: str | None = None
	address1: str
	address2: str | None = None
	city: str
	provinceCode: str | None = None
	zip: str | None = None
	countryCode: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
	phone: str | None = None


class OrderCreateOrderInput(Input):
	"""
	:param sourceIdentifier: the identifier with which `order_by_source` finds the order.
	"""

	sourceIdentifier: str
	currency: str
	lineItems: Annotated[list[OrderCreateLineItemInput], Field(min_length=1)]
	shippingAddress: MailingAddressInput
	billingAddress: MailingAddressInput
	tags: list[str]
	note: str
	poNumber: str | None = None
	email: str | None = None
	phone: str | None = None


class OrderCreateOptionsInput(Input):
	inventoryBehaviour: Literal["BYPASS", "DECREMENT_IGNORING_POLICY", "DECREMENT_OBEYING_POLICY"]
	sendReceipt: bool


class OrderCreateVariables(Input):
	"""The variables of the document `order_create`."""

	order: OrderCreateOrderInput
	options: OrderCreateOptionsInput

"""What comes back from Shopify and what goes there, with Shopify's own field names.

Unknown fields of what comes back are ignored; what goes there has no others than these.
"""

from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

Node = TypeVar("Node")

# No bucket is larger.
MAX_POINTS = 1_000_000
# `gid://shopify/Order/123`
Gid = Annotated[str, StringConstraints(pattern=r"^gid://shopify/[A-Za-z]+/\d+$", max_length=140)]


class ThrottleStatus(BaseModel):
	"""Points; restoreRate in points a second. Beyond these bounds it says nothing that could be heeded."""

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
	"""What has the ids asked for, in their order; None is gone."""

	nodes: list[Node | None]


class Shop(BaseModel):
	"""The answer to `shop`."""

	name: str
	myshopifyDomain: str
	currencyCode: str


class Product(BaseModel):
	"""
	:param status: ACTIVE, ARCHIVED, DRAFT, UNLISTED, or what Shopify will think of next.
	"""

	id: Gid
	title: str
	status: str


class Location(BaseModel):
	"""Without an id it is something else that has the id asked for."""

	id: str | None = None


class InventoryItem(BaseModel):
	id: Gid


class Variant(BaseModel):
	"""
	:param price: in the shop's currency.
	:param inventoryQuantity: of all locations; None where Shopify does not track it.
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
	:param inventoryLevel: None where the location does not stock it.
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
	"""What `order_create` and `order_by_source` say of an order; times are ISO 8601, UTC."""

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
	:param status: SUCCESS, CANCELLED, ERROR, FAILURE, or what Shopify will think of next.
	"""

	id: str
	status: str
	createdAt: AwareDatetime
	updatedAt: AwareDatetime
	trackingInfo: list[TrackingInfo] = []


class OrderState(BaseModel):
	"""An order in the answers to order_status and orders_status.

	:param displayFulfillmentStatus: of OrderDisplayFulfillmentStatus, which grows with Shopify's versions.
	"""

	id: str
	name: str
	updatedAt: AwareDatetime
	cancelledAt: AwareDatetime | None = None
	displayFulfillmentStatus: str
	fulfillments: list[OrderFulfillment] = []


# What goes there: the inputs of `order_create`, named like Shopify's types.

# Exact inside, Shopify's Decimal (a text) outside.
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
	:param requiresShipping: Shopify's own default is false: nobody would ship it.
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
	:param sourceIdentifier: by which `order_by_source` finds the order again.
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

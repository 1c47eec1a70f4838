"""What comes back from Shopify, with Shopify's own field names. Unknown fields are ignored."""

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, StringConstraints

# `gid://shopify/Order/123`
Gid = Annotated[str, StringConstraints(pattern=r"^gid://shopify/[A-Za-z]+/\d+$", max_length=140)]


class ThrottleStatus(BaseModel):
	"""Points; restoreRate in points a second."""

	maximumAvailable: float
	currentlyAvailable: float
	restoreRate: float


class Cost(BaseModel):
	requestedQueryCost: float | None = None
	actualQueryCost: float | None = None
	throttleStatus: ThrottleStatus


class PageInfo(BaseModel):
	hasNextPage: bool
	endCursor: str | None = None


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


class Variants(BaseModel):
	"""The answer to `variants`, in the order of the ids asked for; None is gone."""

	nodes: list[Variant | None]


class VariantPage(BaseModel):
	nodes: list[Variant]
	pageInfo: PageInfo


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


class StockedItems(BaseModel):
	"""The answer to `inventory_levels`, in the order of the ids asked for; None is gone."""

	nodes: list[StockedItem | None]


class WebhookSubscription(BaseModel):
	id: str
	topic: str
	uri: str


class WebhookSubscriptionPage(BaseModel):
	nodes: list[WebhookSubscription]
	pageInfo: PageInfo


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


class OrderSummaries(BaseModel):
	nodes: list[OrderSummary]


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

"""What goes to ShipStation and what comes back, with ShipStation's own field names.

Contract: "Order Payload Structure", "How Tracking Pull Works". Unknown fields of answers are ignored.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
	BaseModel,
	BeforeValidator,
	ConfigDict,
	Field,
	PlainSerializer,
	StringConstraints,
	ValidationError,
	model_validator,
)

# ShipStation's dates and times are those of its own office, in answers and in parameters.
PACIFIC = ZoneInfo("America/Los_Angeles")

# Exact inside, a JSON number outside.
Exact = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
# Ids come as numbers, are kept as text.
Id = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Outgoing(BaseModel):
	model_config = ConfigDict(extra="forbid", frozen=True)


class Address(Outgoing):
	"""
	:param state: the two-letter code where the country has them; None where it has no states.
	:param postalCode: None where the country has none.
	:param country: ISO 3166-1, two letters.
	"""

	name: str
	company: str | None = None
	street1: str
	street2: str | None = None
	city: str
	state: str | None = None
	postalCode: str | None = None
	country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
	phone: str


class Weight(Outgoing):
	value: Exact
	units: Literal["pounds", "ounces", "grams"]


class ItemOption(Outgoing):
	"""What a packing slip shows beside the item's name."""

	name: str
	value: str


class OrderItem(Outgoing):
	lineItemKey: str
	sku: str
	name: str
	quantity: int
	unitPrice: Exact
	weight: Weight | None = None
	options: list[ItemOption] | None = None


class OrderPayload(Outgoing):
	"""The body of `POST /orders/createorder`."""

	orderNumber: Annotated[str, StringConstraints(max_length=50)]
	orderKey: str
	orderDate: date
	orderStatus: Literal["awaiting_shipment"] = "awaiting_shipment"
	customerEmail: str | None = None
	amountPaid: Exact
	items: Annotated[list[OrderItem], Field(min_length=1)]
	shipTo: Address
	billTo: Address
	weight: Weight | None = None


class CreatedOrder(BaseModel):
	"""What matters of the answer to createorder."""

	orderId: Annotated[Id, StringConstraints(min_length=1)]


class RemoteItem(BaseModel):
	lineItemKey: str | None = None


class RemoteOrder(BaseModel):
	"""An order as ShipStation has it."""

	orderId: Annotated[Id, StringConstraints(min_length=1)]
	orderKey: str | None = None
	orderStatus: str | None = None
	items: list[RemoteItem] | None = None


class OrderPage(BaseModel):
	orders: list[RemoteOrder] | None = None


def from_pacific(value) -> object:
	"""ShipStation's time (no zone, seven digits of a second) as an aware one; anything else is left alone."""
	if not isinstance(value, str) or not value:
		return value or None
	moment = datetime.fromisoformat(value[:26])
	return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def to_pacific(moment: datetime) -> str:
	"""An aware time as a parameter for ShipStation."""
	return moment.astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M:%S")


# No longer than what it is stored in.
Short = Annotated[str | None, BeforeValidator(lambda value: value[:140] if isinstance(value, str) else value)]


class Shipment(BaseModel):
	"""A label. Without a tracking number it says nothing yet."""

	shipmentId: Annotated[Id, StringConstraints(min_length=1, max_length=140)]
	orderId: Id | None = None
	trackingNumber: Short = None
	carrierCode: Short = None
	serviceCode: Short = None
	shipDate: Annotated[
		date | None, BeforeValidator(lambda value: value[:10] if isinstance(value, str) else value)
	] = None
	createDate: Annotated[datetime | None, BeforeValidator(from_pacific)] = None
	voided: bool | None = False
	isReturnLabel: bool | None = False


class ShipmentPage(BaseModel):
	"""One page; `unreadable` counts shipments that make no sense: they do not spoil the others."""

	shipments: list[Shipment] = []
	pages: int = 0
	unreadable: int = 0

	@model_validator(mode="before")
	@classmethod
	def read_one_by_one(cls, page):
		if not isinstance(page, dict):
			return page
		raw = page.get("shipments")
		if raw is None and page.get("total"):
			raise ValueError("shipments are said to be there, and are not")
		readable = [shipment for entry in raw or [] if (shipment := _readable(entry))]
		return {**page, "shipments": readable, "unreadable": len(raw or []) - len(readable)}


def _readable(entry) -> Shipment | None:
	try:
		return Shipment.model_validate(entry)
	except ValidationError:
		return None

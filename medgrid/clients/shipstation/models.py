"""The bodies of requests to ShipStation and of its responses, with ShipStation's field names.

Unknown fields of responses are ignored. Contract: "Order Payload Structure", "How Tracking Pull Works".
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

# ShipStation's dates and times are in Pacific time, in responses and in parameters.
PACIFIC = ZoneInfo("America/Los_Angeles")

# A Decimal in MedGrid, a JSON number in the request.
Exact = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
# ShipStation sends IDs as numbers; MedGrid stores them as text.
Id = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Outgoing(BaseModel):
	"""Base of everything that is sent to ShipStation."""

	model_config = ConfigDict(extra="forbid", frozen=True)


class Address(Outgoing):
	"""A postal address.

	:param state: the two-letter code if the country has such codes; None if it has no states.
	:param postalCode: None if the country has no postal codes.
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
	"""A pair that a packing slip shows beside the item's name."""

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
	"""The response to `POST /orders/createorder`."""

	orderId: Annotated[Id, StringConstraints(min_length=1)]


class RemoteItem(BaseModel):
	lineItemKey: str | None = None


class RemoteOrder(BaseModel):
	"""An order in ShipStation."""

	orderId: Annotated[Id, StringConstraints(min_length=1)]
	orderKey: str | None = None
	orderStatus: str | None = None
	items: list[RemoteItem] | None = None


class OrderPage(BaseModel):
	orders: list[RemoteOrder] | None = None


def from_pacific(value) -> object:
	"""Converts a time from ShipStation.

	:param value: Pacific time without a zone, with up to seven digits of a second.
	:returns: the aware time; None for an empty value; any other type unchanged.
	:raises ValueError: the text is not a time.
	"""
	if not isinstance(value, str) or not value:
		return value or None
	moment = datetime.fromisoformat(value[:26])
	return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def to_pacific(moment: datetime) -> str:
	"""Converts an aware time to a parameter for ShipStation."""
	return moment.astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M:%S")


# Truncated to the length of the column that stores it.
Short = Annotated[str | None, BeforeValidator(lambda value: value[:140] if isinstance(value, str) else value)]


class Shipment(BaseModel):
	"""A label. Until it has a tracking number, MedGrid ignores it."""

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
	"""One page of shipments.

	:param pages: the number of pages.
	:param unreadable: the number of shipments that are not valid. They are left out; the others are kept.
	"""

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
			raise ValueError("the total is not zero, but the shipments are missing")
		readable = [shipment for entry in raw or [] if (shipment := _readable(entry))]
		return {**page, "shipments": readable, "unreadable": len(raw or []) - len(readable)}


def _readable(entry) -> Shipment | None:
	try:
		return Shipment.model_validate(entry)
	except ValidationError:
		return None

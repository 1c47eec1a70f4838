"""The order that MedGrid sends to ShipStation, with ShipStation's field names. Pure.

Contract: "Order Payload Structure".
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

# A Decimal in MedGrid, a JSON number in the request.
Exact = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


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
	street3: Annotated[str, StringConstraints(max_length=200)] | None = None
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
	sku: Annotated[str, StringConstraints(max_length=100)]
	name: str
	quantity: int
	unitPrice: Exact
	weight: Weight | None = None
	options: list[ItemOption] | None = None


# What MedGrid makes of an order in ShipStation.
OrderStatus = Literal["awaiting_shipment", "on_hold", "cancelled"]
# The states in which ShipStation lets an order be sent again.
REPLACEABLE = frozenset({"awaiting_payment", "awaiting_shipment", "on_hold"})


class AdvancedOptions(Outgoing):
	""":param storeId: the store that gets the order; ShipStation heeds it only when the order is created."""

	storeId: int


class OrderPayload(Outgoing):
	"""The body of `POST /orders/createorder`.

	:param internalNotes: seen by the vendor only, not by the customer.
	:param advancedOptions: None: the order goes to the store that ShipStation chooses.
	"""

	orderNumber: Annotated[str, StringConstraints(max_length=50)]
	orderKey: str
	orderDate: date
	orderStatus: OrderStatus = "awaiting_shipment"
	customerEmail: str | None = None
	amountPaid: Exact
	items: Annotated[list[OrderItem], Field(min_length=1)]
	shipTo: Address
	billTo: Address
	weight: Weight | None = None
	internalNotes: str | None = None
	advancedOptions: AdvancedOptions | None = None

"""The inputs of the document `order_create`, named like Shopify's types. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from medgrid.clients.shopify.gid import Gid

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
	address2: Annotated[str, StringConstraints(max_length=255)] | None = None
	city: str
	provinceCode: str | None = None
	zip: str | None = None
	countryCode: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
	phone: str | None = None


class OrderCreateTaxLineInput(Input):
	"""
	:param rate: a fraction, 0.0625 for 6.25 %.
	"""

	title: Annotated[str, StringConstraints(min_length=1, max_length=255)]
	rate: Amount
	priceSet: MoneyBagInput


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
	taxLines: list[OrderCreateTaxLineInput] | None = None
	taxesIncluded: bool | None = None


class OrderCreateOptionsInput(Input):
	inventoryBehaviour: Literal["BYPASS", "DECREMENT_IGNORING_POLICY", "DECREMENT_OBEYING_POLICY"]
	sendReceipt: bool


class OrderCreateVariables(Input):
	"""The variables of the document `order_create`."""

	order: OrderCreateOrderInput
	options: OrderCreateOptionsInput

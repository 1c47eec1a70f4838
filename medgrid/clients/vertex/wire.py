"""The bodies of requests to Vertex and of its answers, with Vertex' member names: only what is used. Pure.

Unknown members of answers are ignored. Members without a value are left out of requests, because Vertex
refuses empty texts. Amounts are Decimals in both directions; no float is between MedGrid and Vertex.
See docs/sales-tax.md, "What is sent" and docs/adr/0047-vertex-answers-are-read-by-msgspec.md.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from medgrid.core.foreign_types import BOUNDED, Key, none_if_invalid
from medgrid.http_client.json_reader import JsonLimits, read_json
from medgrid.http_client.json_writer import write_json

MessageType = Literal["QUOTATION", "INVOICE"]

# The limits of an answer.
LIMITS = JsonLimits(max_bytes=8 * 1024 * 1024, max_depth=30, max_elements=500_000)
MAX_LINES = 2000
MAX_TAXES = 200
# How many jurisdictions, and how many impositions, a process remembers.
MAX_KEPT = 512
# Beyond what any currency and any quantity of goods need. A number that is larger is a mistake.
MAX_AMOUNT = Decimal(10) ** 16
MAX_RATE = 100

# Requests


class Outgoing(BaseModel):
	"""Base of everything that is sent to Vertex."""

	model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Street = Annotated[str, StringConstraints(min_length=1, max_length=100)]
IsoDate = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Location(Outgoing):
	"""An address.

	:param mainDivision: state or province.
	:param subDivision: county.
	:param country: ISO 3166-1, two letters. Without it Vertex assumes the USA.
	"""

	streetAddress1: Street | None = None
	streetAddress2: Street | None = None
	city: Place | None = None
	mainDivision: Place | None = None
	subDivision: Place | None = None
	postalCode: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
	country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]


class Seller(Outgoing):
	company: Name | None = None
	division: Name | None = None
	department: Name | None = None
	physicalOrigin: Location | None = None
	administrativeOrigin: Location | None = None


class CustomerCode(Outgoing):
	value: Name | None = None
	classCode: Name | None = None
	isBusinessIndicator: bool | None = None


class ExemptionCertificate(Outgoing):
	exemptionCertificateNumber: Annotated[str, StringConstraints(min_length=1, max_length=30)]


class Customer(Outgoing):
	customerCode: CustomerCode | None = None
	isTaxExempt: bool | None = None
	exemptionCertificate: ExemptionCertificate | None = None
	destination: Location


class Product(Outgoing):
	value: Name | None = None
	productClass: Name | None = None


class Measure(Outgoing):
	value: Decimal


class SaleLine(Outgoing):
	"""A line.

	:param extendedPrice: the price of the whole line, less its discount: no `discount` is sent.
	:param taxIncludedIndicator: whether `extendedPrice` includes the tax.
	"""

	lineItemNumber: int
	lineItemId: Name | None = None
	product: Product | None = None
	quantity: Measure | None = None
	unitPrice: Decimal | None = None
	extendedPrice: Decimal
	taxDate: IsoDate | None = None
	taxIncludedIndicator: bool | None = None
	seller: Seller | None = None


class Currency(Outgoing):
	isoCurrencyCodeAlpha: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class SaleRequest(Outgoing):
	"""The body of `POST /vertex-ws/v2/supplies`."""

	saleMessageType: MessageType
	transactionType: Literal["SALE"] = "SALE"
	transactionId: Name | None = None
	documentNumber: Annotated[str, StringConstraints(min_length=1, max_length=50)] | None = None
	documentDate: IsoDate
	postingDate: IsoDate | None = None
	currency: Currency
	# Rounded per line, so that Vertex' total is the sum of its own rounded amounts.
	roundAtLineLevel: bool = True
	seller: Seller
	customer: Customer
	lineItems: Annotated[list[SaleLine], Field(min_length=1, max_length=MAX_LINES)]

	def body(self) -> dict[str, Any]:
		"""What is sent, without members that have no value."""
		return self.model_dump(exclude_none=True)

	def text(self) -> str:
		"""The canonical JSON of what is sent: the same request always gives the same text."""
		return write_json(self.body(), sort_keys=True)

	@classmethod
	def from_text(cls, text: str, destination: Location | None = None) -> "SaleRequest":
		"""The request with this canonical JSON.

		:param destination: takes the place of one that was redacted.
		"""
		content = read_json(text.encode(), LIMITS, exact=True)
		if destination:
			content.setdefault("customer", {}).setdefault("destination", destination)
		return cls.model_validate(content)

	def locations(self) -> list[Location]:
		"""All addresses in the request."""
		sellers = [self.seller, *(line.seller for line in self.lineItems if line.seller)]
		origins = [place for each in sellers for place in (each.physicalOrigin, each.administrativeOrigin)]
		return [self.customer.destination, *(place for place in origins if place)]


class ReversalData(Outgoing):
	transactionId: Name | None = None
	postingDate: IsoDate | None = None
	documentNumber: Annotated[str, StringConstraints(min_length=1, max_length=50)] | None = None


class ReversalRequest(Outgoing):
	"""The body of `POST /vertex-ws/v2/transactions/{id}/reversal`."""

	data: ReversalData


# Answers


class ReversedTransaction(BaseModel):
	"""
	:param transactionId: the ID of the reversal.
	"""

	transactionId: Annotated[Key | None, none_if_invalid] = None


class ReversalAnswer(BaseModel):
	"""The response of a reversal."""

	data: ReversedTransaction


class ExistsAnswer(BaseModel):
	"""The response of `GET /vertex-ws/v2/transaction-exists/{id}`, which has no `data`."""

	transactionId: Annotated[Key | None, none_if_invalid] = None
	transactionExistsIndicator: Annotated[
		Literal["true", "false"],
		BOUNDED,
		BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool | str) else value),
	]

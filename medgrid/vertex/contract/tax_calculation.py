"""The request of `shopify_tax_calculate`, checked.

Of Frappe it uses only the sentences' language. See docs/api.md, `shopify_tax_calculate`.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from frappe import _
from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from medgrid.clients.vertex.levels import ZERO, total
from medgrid.core.foreign_types import BOUNDED
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.currencies import PLACES
from medgrid.vertex.contract.members import (
	MAX_AMOUNT,
	MAX_STORED,
	DateText,
	Discount,
	Members,
	Money,
	Quantity,
	UnitPrice,
	optional_code,
	optional_text,
	pattern,
	required_code,
	rule,
)

MAX_LINES, MAX_SHIPPING = 1000, 20
# Up to here a JSON number has all digits of an amount in every program.
MAX_TOTAL = Decimal(10) ** 13
# Half of what a Currency field of the database holds: it has to hold the tax as well.
MAX_STORED_TOTAL = MAX_STORED / 2
QUOTATION, INVOICE = "QUOTATION", "INVOICE"

_Flag = Annotated[bool, Field(strict=True)]


def _known(code: str) -> str:
	if code not in PLACES:
		raise rule(_("must be a currency's code of three capitals"))
	return code


_Currency = Annotated[
	str,
	BOUNDED,
	Field(strict=True),
	pattern("[A-Z]{3}", "must be a currency's code of three capitals"),
	AfterValidator(_known),
]


class Customer(Members):
	code: Annotated[str | None, BOUNDED, optional_code(40)] = None
	classCode: Annotated[str | None, BOUNDED, optional_code(40)] = None
	isBusiness: _Flag | None = None
	isTaxExempt: _Flag | None = None
	exemptionCertificateNumber: Annotated[str | None, BOUNDED, optional_code(30)] = None


class LineItem(Members):
	"""A line.

	:param quantity: negative for what is returned.
	:param discount: an amount that is taken off the line's price.
	"""

	id: Annotated[str, BOUNDED, required_code(40)]
	product: Annotated[str | None, BOUNDED, optional_code(40)] = None
	productClass: Annotated[str | None, BOUNDED, optional_code(40)] = None
	quantity: Quantity = Decimal(1)
	unitPrice: UnitPrice | None = None
	extendedPrice: Money | None = None
	discount: Discount = ZERO
	taxDate: DateText | None = None
	origin: Address | None = None

	@model_validator(mode="after")
	def require_a_price(self) -> "LineItem":
		if self.unitPrice is None and self.extendedPrice is None:
			raise rule(_("needs extendedPrice or unitPrice"))
		return self

	def price(self, unit: Decimal) -> Decimal:
		"""The price of the line, before its discount.

		:param unit: the currency's smallest amount, e.g. 0.01.
		"""
		if self.extendedPrice is not None:
			return self.extendedPrice
		price = self.quantity * (self.unitPrice or ZERO)
		# One that is too large, which is refused, may have more digits than can be rounded.
		return price if abs(price) > MAX_AMOUNT else price.quantize(unit, rounding=ROUND_HALF_UP)


class Shipping(Members):
	id: Annotated[str, BOUNDED, required_code(40)]
	title: Annotated[str | None, BOUNDED, optional_text(140)] = None
	price: Money
	discount: Discount = ZERO


class TaxCalculation(Members):
	"""The request. Whose shop it is, is read apart.

	:param documentDate: None: today, or that of the invoice that is repeated.
	"""

	saleMessageType: Literal["QUOTATION", "INVOICE"] = "QUOTATION"
	documentNumber: Annotated[str | None, BOUNDED, optional_code(50)] = None
	orderId: Annotated[str | None, BOUNDED, optional_code(40)] = None
	documentDate: DateText | None = None
	currency: _Currency
	pricesIncludeTax: _Flag = False
	customer: Customer | None = None
	origin: Address | None = None
	destination: Address
	lineItems: Annotated[list[LineItem], Field(min_length=1, max_length=MAX_LINES)]
	shipping: Annotated[list[Shipping], Field(max_length=MAX_SHIPPING)] = []
	_net_amounts: list[Decimal] = PrivateAttr(default_factory=list)

	@model_validator(mode="after")
	def check_members_together(self) -> "TaxCalculation":
		if self.is_invoice and not self.documentNumber:
			raise rule(_("documentNumber is missing: an INVOICE needs one"))
		ids = [*(line.id for line in self.lineItems), *(charge.id for charge in self.shipping)]
		if len(set(ids)) != len(ids):
			raise rule(_("id must be unique over lineItems and shipping"))
		unit = Decimal(1).scaleb(-PLACES[self.currency])
		prices = [line.price(unit) for line in self.lineItems]
		for index, price in enumerate(prices):
			if abs(price) > MAX_AMOUNT:
				name = f"lineItems[{index}]"
				raise rule(_("{0}: quantity × unitPrice must not exceed 1000000000000").format(name))
		charges = [charge.price for charge in self.shipping]
		self._net_amounts = [
			*_less_discounts("lineItems", self.lineItems, prices),
			*_less_discounts("shipping", self.shipping, charges),
		]
		size = total([abs(amount) for amount in self._net_amounts])
		if size > MAX_TOTAL:
			raise rule(_("lineItems and shipping together must not exceed 10000000000000"))
		if self.is_invoice and size >= MAX_STORED_TOTAL:
			raise rule(_("lineItems and shipping of an INVOICE together must be less than 500000000000"))
		return self

	@property
	def is_invoice(self) -> bool:
		return self.saleMessageType == INVOICE

	def net_amounts(self) -> list[Decimal]:
		"""The prices less their discounts: of the lines, then of the shipping."""
		return self._net_amounts


def _less_discounts(
	name: str, priced: Sequence[LineItem | Shipping], prices: Sequence[Decimal]
) -> Iterator[Decimal]:
	"""A discount is taken off a price's size, so that what is returned is exactly the opposite of what was
	sold.

	:param name: of the list.
	:raises PydanticCustomError: one is larger than its price.
	"""
	for index, (each, price) in enumerate(zip(priced, prices, strict=True)):
		if each.discount > abs(price):
			raise rule(_("{0}.discount must not be larger than the price").format(f"{name}[{index}]"))
		yield price + each.discount if price < 0 else price - each.discount

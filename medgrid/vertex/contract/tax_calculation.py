"""`shopify_tax_calculate`: its request, checked, and its answer.

Of Frappe it uses only the sentences' language. Design (Vertex): section 2.6.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from frappe import _
from pydantic import Field, model_validator

from medgrid.clients.vertex.calculation import Calculation, Tax
from medgrid.clients.vertex.levels import ZERO, total
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.core.foreign_types import BOUNDED
from medgrid.http_client.json_writer import json_number
from medgrid.vertex.contract.addresses import Address
from medgrid.vertex.contract.members import (
	MAX_AMOUNT,
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
# What a Currency field of the database holds.
MAX_STORED_TOTAL = Decimal(10) ** 12
QUOTATION, INVOICE = "QUOTATION", "INVOICE"
# The decimals of currencies that do not have two (ISO 4217).
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE, _WITH_FOUR = "BHD IQD JOD KWD LYD OMR TND", "CLF UYW"
_PLACES = {
	**dict.fromkeys(_WITHOUT_DECIMALS.split(), 0),
	**dict.fromkeys(_WITH_THREE.split(), 3),
	**dict.fromkeys(_WITH_FOUR.split(), 4),
}

_Flag = Annotated[bool, Field(strict=True)]
_Currency = Annotated[
	str, BOUNDED, Field(strict=True), pattern("[A-Z]{3}", "must be a currency's code of three capitals")
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

	def price(self, places: int) -> Decimal:
		"""The price of the line, before its discount.

		:param places: the currency's decimals.
		"""
		if self.extendedPrice is not None:
			return self.extendedPrice
		return _rounded(self.quantity * (self.unitPrice or ZERO), places)


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

	@model_validator(mode="after")
	def check_members_together(self) -> "TaxCalculation":
		if self.is_invoice and not self.documentNumber:
			raise rule(_("documentNumber is missing: an INVOICE needs one"))
		ids = [*(line.id for line in self.lineItems), *(charge.id for charge in self.shipping)]
		if len(set(ids)) != len(ids):
			raise rule(_("id must be unique over lineItems and shipping"))
		for index, line in enumerate(self.lineItems):
			name = f"lineItems[{index}]"
			price = line.price(self.places)
			if abs(price) > MAX_AMOUNT:
				raise rule(_("{0}: quantity × unitPrice must not exceed 1000000000000").format(name))
			_check_discount(name, price, line.discount)
		for index, charge in enumerate(self.shipping):
			_check_discount(f"shipping[{index}]", charge.price, charge.discount)
		size = total(abs(amount) for amount in self.net_amounts())
		if size > MAX_TOTAL:
			raise rule(_("lineItems and shipping together must not exceed 10000000000000"))
		if self.is_invoice and size >= MAX_STORED_TOTAL:
			raise rule(_("lineItems and shipping of an INVOICE together must be less than 1000000000000"))
		return self

	@property
	def is_invoice(self) -> bool:
		return self.saleMessageType == INVOICE

	@property
	def places(self) -> int:
		"""The currency's decimals."""
		return _PLACES.get(self.currency, 2)

	def net_amounts(self) -> list[Decimal]:
		"""The prices less their discounts: of the lines, then of the shipping."""
		lines = [_less(line.price(self.places), line.discount) for line in self.lineItems]
		return [*lines, *(_less(charge.price, charge.discount) for charge in self.shipping)]


def _check_discount(name: str, price: Decimal, discount: Decimal) -> None:
	if discount > abs(price):
		raise rule(_("{0}.discount must not be larger than the price").format(name))


def _less(price: Decimal, discount: Decimal) -> Decimal:
	"""A discount is taken off a price's size, so that what is returned is exactly the opposite of what was
	sold."""
	return price + discount if price < 0 else price - discount


def _rounded(amount: Decimal, places: int) -> Decimal:
	return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def answer_of(sale: SaleRequest, calculation: Calculation) -> dict[str, Any]:
	"""What is kept of an answer: contract B's object, but all lines are in `lineItems`, and the shop is
	missing. Its sums are exact.

	:returns: plain data; amounts are JSON numbers.
	"""
	total_tax = calculation.total_tax
	amount = total(line.extendedPrice for line in sale.lineItems)
	untaxed = amount - total_tax if sale.lineItems[0].taxIncludedIndicator else amount
	return {
		"saleMessageType": sale.saleMessageType,
		"documentNumber": sale.documentNumber,
		"transactionId": sale.transactionId,
		"documentDate": sale.documentDate,
		"currency": sale.currency.isoCurrencyCodeAlpha,
		"subTotal": json_number(untaxed),
		"totalTax": json_number(total_tax),
		"total": json_number(untaxed + total_tax),
		"lineItems": [
			{
				"id": sent.lineItemId,
				"totalTax": json_number(line.total_tax),
				"taxes": [_tax(each) for each in line.taxes],
			}
			for sent, line in zip(sale.lineItems, calculation.lines, strict=True)
		],
		"taxLines": [
			{"title": each.title, "rate": json_number(each.rate), "price": json_number(each.amount)}
			for each in calculation.by_level()
		],
	}


def message_of(kept: dict[str, Any], request: TaxCalculation, shop: str) -> dict[str, Any]:
	"""Contract B's object.

	:param kept: from `answer_of`.
	:param request: says which lines are charges for shipping.
	"""
	lines, count = kept["lineItems"], len(request.lineItems)
	head = {"shop": shop, **kept, "lineItems": lines[:count], "shipping": lines[count:]}
	# In the order of the contract.
	return {
		**{name: value for name, value in head.items() if name != "taxLines"},
		"taxLines": kept["taxLines"],
	}


def _tax(tax: Tax) -> dict[str, Any]:
	return {
		"level": tax.level.value,
		"jurisdiction": tax.jurisdiction,
		"jurisdictionType": tax.jurisdiction_type,
		"jurisdictionId": tax.jurisdiction_id,
		"imposition": tax.imposition,
		"taxResult": tax.result,
		"taxable": json_number(tax.taxable),
		"nonTaxable": json_number(tax.non_taxable),
		"exempt": json_number(tax.exempt),
		"rate": json_number(tax.rate or ZERO),
		"tax": json_number(tax.amount),
	}

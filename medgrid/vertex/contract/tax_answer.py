"""The answer of `shopify_tax_calculate`: the form that is stored, and the form that a shop gets.

Amounts are Decimals up to the JSON text, in which they are numbers. See docs/api.md, `shopify_tax_calculate`.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from medgrid.clients.vertex.calculation import Calculation
from medgrid.clients.vertex.levels import ZERO, total
from medgrid.clients.vertex.taxes import Tax
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.vertex.contract.tax_calculation import TaxCalculation


class AnswerTax(Struct, gc=False):
	"""One tax of a line."""

	level: str
	jurisdiction: str
	jurisdictionType: str
	jurisdictionId: str
	imposition: str
	taxResult: str
	taxable: Decimal
	nonTaxable: Decimal
	exempt: Decimal
	rate: Decimal
	tax: Decimal


class AnswerLine(Struct):
	id: str | None
	totalTax: Decimal
	taxes: list[AnswerTax]


class AnsweredTaxLine(Struct):
	"""The taxes of one level, or one fee."""

	title: str
	rate: Decimal
	price: Decimal


class TaxAnswer(Struct, kw_only=True):
	"""Contract B's object, in its order. Its sums are exact.

	What is kept of it has all lines in `lineItems`, and neither of the members that can be missing.

	:param alreadyCommitted: true if an earlier call has booked the invoice.
	"""

	shop: str | UnsetType = UNSET
	saleMessageType: str
	documentNumber: str | None
	transactionId: str | None
	documentDate: str
	currency: str
	subTotal: Decimal
	totalTax: Decimal
	total: Decimal
	lineItems: list[AnswerLine]
	shipping: list[AnswerLine] | UnsetType = UNSET
	taxLines: list[AnsweredTaxLine]
	alreadyCommitted: bool | UnsetType = UNSET

	def encoded(self) -> bytes:
		"""Its JSON."""
		return _ENCODER.encode(self)

	@classmethod
	def from_text(cls, text: str) -> "TaxAnswer":
		"""Reads what was stored."""
		return _DECODER.decode(text)


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(TaxAnswer)


def answer_of(sale: SaleRequest, calculation: Calculation) -> TaxAnswer:
	"""What is kept of an answer."""
	total_tax = calculation.total_tax
	amount = total([line.extendedPrice for line in sale.lineItems])
	untaxed = amount - total_tax if sale.lineItems[0].taxIncludedIndicator else amount
	return TaxAnswer(
		saleMessageType=sale.saleMessageType,
		documentNumber=sale.documentNumber,
		transactionId=sale.transactionId,
		documentDate=sale.documentDate,
		currency=sale.currency.isoCurrencyCodeAlpha,
		subTotal=untaxed,
		totalTax=total_tax,
		total=untaxed + total_tax,
		lineItems=[
			AnswerLine(sent.lineItemId, line.total_tax, _taxes(line.taxes))
			for sent, line in zip(sale.lineItems, calculation.lines, strict=True)
		],
		taxLines=[AnsweredTaxLine(each.title, each.rate, each.amount) for each in calculation.by_level()],
	)


def message_of(
	kept: TaxAnswer, request: TaxCalculation, shop: str, *, is_repeated: bool = False
) -> TaxAnswer:
	"""What a shop gets.

	:param request: says which lines are charges for shipping.
	:param is_repeated: whether an earlier call has booked the invoice.
	"""
	lines, count = kept.lineItems, len(request.lineItems)
	committed = True if is_repeated else UNSET
	return replace(
		kept, shop=shop, lineItems=lines[:count], shipping=lines[count:], alreadyCommitted=committed
	)


def _taxes(taxes: Sequence[Tax]) -> list[AnswerTax]:
	answered = []
	for tax in taxes:
		kind = tax.kind
		answered.append(
			AnswerTax(
				kind.level.value,
				kind.jurisdiction,
				kind.jurisdiction_type,
				kind.jurisdiction_id,
				kind.imposition,
				kind.result,
				tax.taxable,
				tax.non_taxable,
				tax.exempt,
				kind.rate or ZERO,
				tax.amount,
			)
		)
	return answered

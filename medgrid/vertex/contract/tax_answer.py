"""The answer of `shopify_tax_calculate`: what is kept of it, and what a shop gets.

Amounts are Decimals up to the JSON text, in which they are numbers. Design (Vertex): section 2.6.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from msgspec import UNSET, Struct, UnsetType

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


class TaxLine(Struct):
	"""The taxes of one level, or one fee."""

	title: str
	rate: Decimal
	price: Decimal


class KeptAnswer(Struct):
	"""What is kept: all lines are in `lineItems`, and the shop is missing. Its sums are exact."""

	saleMessageType: str
	documentNumber: str | None
	transactionId: str | None
	documentDate: str
	currency: str
	subTotal: Decimal
	totalTax: Decimal
	total: Decimal
	lineItems: list[AnswerLine]
	taxLines: list[TaxLine]

	def text(self) -> str:
		"""The JSON that is stored."""
		return _ENCODER.encode(self).decode()

	@classmethod
	def from_text(cls, text: str) -> "KeptAnswer":
		"""Reads what was stored."""
		return _KEPT.decode(text)


class Message(Struct):
	"""Contract B's object, in its order.

	:param alreadyCommitted: true if an earlier call has booked the invoice.
	"""

	shop: str
	saleMessageType: str
	documentNumber: str | None
	transactionId: str | None
	documentDate: str
	currency: str
	subTotal: Decimal
	totalTax: Decimal
	total: Decimal
	lineItems: list[AnswerLine]
	shipping: list[AnswerLine]
	taxLines: list[TaxLine]
	alreadyCommitted: bool | UnsetType = UNSET

	def encoded(self) -> bytes:
		"""Its JSON."""
		return _ENCODER.encode(self)


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_KEPT = msgspec.json.Decoder(KeptAnswer)


def answer_of(sale: SaleRequest, calculation: Calculation) -> KeptAnswer:
	"""What is kept of an answer."""
	total_tax = calculation.total_tax
	amount = total([line.extendedPrice for line in sale.lineItems])
	untaxed = amount - total_tax if sale.lineItems[0].taxIncludedIndicator else amount
	return KeptAnswer(
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
		taxLines=[TaxLine(each.title, each.rate, each.amount) for each in calculation.by_level()],
	)


def message_of(kept: KeptAnswer, request: TaxCalculation, shop: str, *, is_repeated: bool = False) -> Message:
	"""What a shop gets.

	:param request: says which lines are charges for shipping.
	:param is_repeated: whether an earlier call has booked the invoice.
	"""
	count = len(request.lineItems)
	return Message(
		shop=shop,
		saleMessageType=kept.saleMessageType,
		documentNumber=kept.documentNumber,
		transactionId=kept.transactionId,
		documentDate=kept.documentDate,
		currency=kept.currency,
		subTotal=kept.subTotal,
		totalTax=kept.totalTax,
		total=kept.total,
		lineItems=kept.lineItems[:count],
		shipping=kept.lineItems[count:],
		taxLines=kept.taxLines,
		alreadyCommitted=True if is_repeated else UNSET,
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

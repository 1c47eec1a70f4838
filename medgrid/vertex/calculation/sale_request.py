"""Builds the request to Vertex from a shop's request. See docs/api.md, `shopify_tax_calculate` and
docs/sales-tax.md, "What is sent"."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from medgrid.clients.vertex.wire import (
	Currency,
	Customer,
	CustomerCode,
	ExemptionCertificate,
	Location,
	Measure,
	Product,
	SaleLine,
	SaleRequest,
	Seller,
)
from medgrid.vertex.contract.tax_calculation import TaxCalculation

MAX_PRODUCT = 40
# How many products, and how many quantities, a process remembers as they are sent.
MAX_KEPT = 4096


@dataclass(frozen=True)
class Sender:
	"""What a merchant's own data add to each of its requests.

	:param origin: from where it ships if the request does not say.
	:param shipping_class: the product class of charges; empty: none.
	"""

	company: str
	division: str | None = None
	department: str | None = None
	origin: Location | None = None
	shipping_class: str = ""


@dataclass(frozen=True)
class Booking:
	"""What an INVOICE has besides.

	:param transaction_id: the ID by which Vertex knows it.
	"""

	transaction_id: str


def sale_request(
	request: TaxCalculation, sender: Sender, document_date: str, booking: Booking | None = None
) -> SaleRequest:
	"""Builds the request to Vertex.

	:param document_date: `YYYY-MM-DD`.
	:param booking: only for an INVOICE.
	"""
	origin = request.origin.location() if request.origin else sender.origin
	return SaleRequest(
		saleMessageType=request.saleMessageType,
		transactionId=booking.transaction_id if booking else None,
		documentNumber=request.documentNumber,
		documentDate=document_date,
		currency=Currency(isoCurrencyCodeAlpha=request.currency),
		seller=Seller(
			company=sender.company,
			division=sender.division,
			department=sender.department,
			physicalOrigin=origin,
		),
		customer=_customer(request),
		lineItems=_lines(request, sender),
	)


def sender_of(stored: SaleRequest, lines: int) -> Sender:
	"""The merchant's data in a request that was sent before.

	:param lines: how many lines are the sale's; the others are charges.
	"""
	charges = stored.lineItems[lines:]
	product = charges[0].product if charges else None
	return Sender(
		company=stored.seller.company or "",
		division=stored.seller.division,
		department=stored.seller.department,
		origin=stored.seller.physicalOrigin,
		shipping_class=(product and product.productClass) or "",
	)


def _customer(request: TaxCalculation) -> Customer:
	customer, destination = request.customer, request.destination.location()
	if customer is None:
		return Customer(destination=destination)
	code = CustomerCode(
		value=customer.code, classCode=customer.classCode, isBusinessIndicator=customer.isBusiness
	)
	certificate = customer.exemptionCertificateNumber
	return Customer(
		customerCode=code if code != CustomerCode() else None,
		isTaxExempt=customer.isTaxExempt,
		exemptionCertificate=ExemptionCertificate(exemptionCertificateNumber=certificate)
		if certificate
		else None,
		destination=destination,
	)


def _lines(request: TaxCalculation, sender: Sender) -> list[SaleLine]:
	amounts = request.net_amounts()
	included = True if request.pricesIncludeTax else None
	lines = []
	for number, (item, amount) in enumerate(zip(request.lineItems, amounts, strict=False), 1):
		line = SaleLine(
			lineItemNumber=number,
			lineItemId=item.id,
			product=_product(item.product, item.productClass),
			quantity=_measure(item.quantity),
			# With a discount it would not explain the price any more.
			unitPrice=None if item.discount else item.unitPrice,
			extendedPrice=amount,
			taxDate=item.taxDate,
			taxIncludedIndicator=included,
			seller=Seller(physicalOrigin=item.origin.location()) if item.origin else None,
		)
		lines.append(line)
	for charge, amount in zip(request.shipping, amounts[len(lines) :], strict=True):
		line = SaleLine(
			lineItemNumber=len(lines) + 1,
			lineItemId=charge.id,
			product=_product((charge.title or "")[:MAX_PRODUCT].strip() or None, sender.shipping_class),
			quantity=_measure(Decimal(1)),
			extendedPrice=amount,
			taxIncludedIndicator=included,
		)
		lines.append(line)
	return lines


# Quantities and products come again and again, in one sale and in the next one of the same shop.
@lru_cache(maxsize=MAX_KEPT)
def _measure(quantity: Decimal) -> Measure:
	return Measure(value=quantity)


@lru_cache(maxsize=MAX_KEPT)
def _product(value: str | None, product_class: str | None) -> Product | None:
	if not value and not product_class:
		return None
	return Product(value=value, productClass=product_class or None)

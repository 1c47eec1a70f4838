"""What is answered: the request's members back, with tax areas, taxes and sums."""

from decimal import Decimal
from typing import Any

from sandbox.simulators.vertex.supplies import places
from sandbox.simulators.vertex.supplies.models import Customer, Sale, Seller
from sandbox.simulators.vertex.supplies.prices import cents, extended_price
from sandbox.simulators.vertex.supplies.taxes import EXEMPT, TAXABLE, Tax, TaxedLine

BEGINNING, END = "1990-01-01", "9999-12-31"
ZERO = Decimal()


def data(sale: Sale, sent: dict[str, Any], lines: list[TaxedLine]) -> dict[str, Any]:
	"""
	:param sent: the request's object, as it came.
	:returns: Decimals are in it still.
	"""
	answered = [_line(line, each) for line, each in zip(lines, sent["lineItems"], strict=True)]
	return {
		**sent,
		**_parties(sent, sale.seller, sale.customer),
		**totals(lines),
		"lineItems": answered,
	}


def totals(lines: list[TaxedLine]) -> dict[str, Decimal]:
	"""`subTotal` is without the tax, `total` with it."""
	total_tax = sum((line.total_tax() for line in lines), ZERO)
	sub_total = sum((line.net() for line in lines), ZERO)
	return {"subTotal": sub_total, "totalTax": total_tax, "total": sub_total + total_tax}


def _parties(sent: dict[str, Any], seller: Seller | None, customer: Customer | None) -> dict[str, Any]:
	"""Seller and customer, if they were sent: their addresses say the tax area that was found for them."""
	parties: dict[str, Any] = {}
	if seller:
		parties["seller"] = dict(sent["seller"])
		if seller.physical_origin:
			area = places.area_of(seller.physical_origin)
			parties["seller"]["physicalOrigin"] = {**sent["seller"]["physicalOrigin"], "taxAreaId": area.id}
	if customer:
		parties["customer"] = dict(sent["customer"])
		if customer.destination:
			area = places.area_of(customer.destination)
			parties["customer"]["destination"] = {**sent["customer"]["destination"], "taxAreaId": area.id}
	return parties


def _line(line: TaxedLine, sent: dict[str, Any]) -> dict[str, Any]:
	price = extended_price(line.line)
	return {
		**sent,
		**_parties(sent, line.line.seller, line.line.customer),
		"lineItemNumber": line.number,
		"extendedPrice": price,
		"fairMarketValue": sent.get("fairMarketValue", price),
		"totalTax": line.total_tax(),
		"taxes": [_tax(entry) for entry in line.taxes],
	}


def _tax(entry: Tax) -> dict[str, Any]:
	levy, base = entry.levy, cents(entry.base)
	content = {
		"calculatedTax": entry.amount,
		"effectiveRate": levy.rate if entry.result == TAXABLE else ZERO,
		"nominalRate": levy.rate,
		"taxable": base if entry.result == TAXABLE else ZERO,
		"nonTaxable": ZERO if entry.result in (TAXABLE, EXEMPT) else base,
		"exempt": base if entry.result == EXEMPT else ZERO,
		"taxResult": entry.result,
		"taxType": levy.tax_type,
		"taxStructure": levy.structure,
		"taxCollectedFromParty": "BUYER",
		"situs": "DESTINATION",
		"jurisdiction": {
			"value": levy.jurisdiction.value,
			"jurisdictionType": levy.jurisdiction.type,
			"jurisdictionId": levy.jurisdiction.id,
			"effectiveDate": BEGINNING,
			"expirationDate": END,
		},
		"imposition": {"value": levy.imposition},
		"impositionType": {"value": levy.imposition_type},
	}
	return content if entry.is_registered else {**content, "notRegisteredIndicator": True}

"""Requests to Vertex and its answers, as tests need them."""

from decimal import Decimal
from typing import Any

from medgrid.clients.vertex.answers import RemoteSale, read_sale
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.http_client.json_writer import write_json

CHICAGO = {
	"streetAddress1": "1420 N Lake Shore Dr",
	"city": "Chicago",
	"mainDivision": "IL",
	"postalCode": "60610",
	"country": "US",
}
MESA = {
	"streetAddress1": "55 W Main St",
	"city": "Mesa",
	"mainDivision": "AZ",
	"postalCode": "85201",
	"country": "US",
}


def sale(*prices: str, message_type: str = "QUOTATION", **members: Any) -> SaleRequest:
	"""A sale of lines at some prices, from Mesa to Chicago."""
	lines = [
		{"lineItemNumber": number, "lineItemId": f"row-{number}", "extendedPrice": Decimal(price)}
		for number, price in enumerate(prices or ("57.00",), 1)
	]
	return SaleRequest.model_validate(
		{
			"saleMessageType": message_type,
			"documentDate": "2026-11-25",
			"currency": {"isoCurrencyCodeAlpha": "USD"},
			"seller": {"company": "SKYDELL", "physicalOrigin": MESA},
			"customer": {"destination": CHICAGO},
			"lineItems": lines,
			**members,
		}
	)


def tax(amount: str | Decimal, kind: str = "STATE", **members: Any) -> dict[str, Any]:
	"""One tax, as Vertex sends it."""
	return {
		"calculatedTax": Decimal(amount),
		"effectiveRate": Decimal("0.0625"),
		"taxable": Decimal("57"),
		"nonTaxable": 0,
		"exempt": 0,
		"taxResult": "TAXABLE",
		"taxType": "SALES",
		"taxCollectedFromParty": "BUYER",
		"taxStructure": "SINGLE_RATE",
		"situs": "DESTINATION",
		"jurisdiction": {"value": "ILLINOIS", "jurisdictionType": kind, "jurisdictionId": "2041"},
		"imposition": {"value": "Sales and Use Tax"},
		**members,
	}


def line(number: int, *taxes: dict[str, Any], total: str | Decimal | None = None) -> dict[str, Any]:
	"""A line. Without a total, that of its taxes."""
	stated = sum((each["calculatedTax"] for each in taxes), Decimal(0)) if total is None else Decimal(total)
	return {"lineItemNumber": number, "totalTax": stated, "taxes": list(taxes)}


def data(*lines: dict[str, Any], total: str | Decimal | None = None, **members: Any) -> dict[str, Any]:
	"""The `data` of an answer. Without a total, that of its lines."""
	stated = sum((each["totalTax"] for each in lines), Decimal(0)) if total is None else Decimal(total)
	return {"totalTax": stated, "lineItems": list(lines), **members}


def answer(*lines: dict[str, Any], total: str | Decimal | None = None, **members: Any) -> RemoteSale:
	return read(data(*lines, total=total, **members))


def read(data: dict[str, Any]) -> RemoteSale:
	"""What is read of an answer's `data`, as Vertex sends it."""
	return read_sale(write_json({"data": data}).encode())


def chicago_line() -> dict[str, Any]:
	"""57.00 of goods in Chicago, as in docs/api.md."""
	return line(
		1,
		tax("3.56"),
		tax("1.00", "COUNTY", effectiveRate=Decimal("0.0175")),
		tax("0.71", "CITY", effectiveRate=Decimal("0.0125")),
		tax("0.57", "TRANSIT_DISTRICT", effectiveRate=Decimal("0.01")),
	)

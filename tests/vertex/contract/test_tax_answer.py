"""The answer of `shopify_tax_calculate`: its members' order, its numbers, and what older releases stored."""

import json
from decimal import Decimal

from medgrid.clients.vertex.calculation import read_calculation
from medgrid.vertex.contract.members import read_members
from medgrid.vertex.contract.tax_answer import TaxAnswer, answer_of, message_of
from medgrid.vertex.contract.tax_calculation import TaxCalculation
from tests.support.vertex import CHICAGO
from tests.unit.clients.vertex.factories import answer, chicago_line, line, sale

REQUEST = {
	"currency": "USD",
	"destination": CHICAGO,
	"lineItems": [{"id": "row-1", "unitPrice": 57.0}],
	"shipping": [{"id": "row-2", "price": 12.0}],
}
MEMBERS = [
	*("shop", "saleMessageType", "documentNumber", "transactionId", "documentDate", "currency"),
	*("subTotal", "totalTax", "total", "lineItems", "shipping", "taxLines"),
]
TAX = [
	*("level", "jurisdiction", "jurisdictionType", "jurisdictionId", "imposition", "taxResult"),
	*("taxable", "nonTaxable", "exempt", "rate", "tax"),
]


def kept() -> TaxAnswer:
	request = sale("57.00", "12.00")
	return answer_of(request, read_calculation(answer(chicago_line(), line(2, total="0")), request))


def written(**options) -> dict:
	request = read_members(TaxCalculation, REQUEST)
	return json.loads(message_of(kept(), request, "a.myshopify.com", **options).encoded())


def test_the_members_are_in_the_contracts_order():
	message = written()
	assert list(message) == MEMBERS
	assert list(message["lineItems"][0]["taxes"][0]) == TAX
	assert list(message["taxLines"][0]) == ["title", "rate", "price"]
	assert list(written(is_repeated=True)) == [*MEMBERS, "alreadyCommitted"]


def test_amounts_are_numbers_and_charges_are_apart():
	message = written()
	assert (message["subTotal"], message["totalTax"], message["total"]) == (69.0, 5.84, 74.84)
	assert [each["id"] for each in message["lineItems"]] == ["row-1"]
	assert message["shipping"] == [{"id": "row-2", "totalTax": 0, "taxes": []}]


def test_what_is_stored_is_read_as_it_was():
	text = kept().encoded().decode()
	assert TaxAnswer.from_text(text) == kept()
	assert "shop" not in json.loads(text)


def test_an_answer_that_an_older_release_stored_is_read():
	"""It wrote whole amounts without decimals."""
	stored = json.loads(kept().encoded())
	stored["subTotal"] = 69
	read = TaxAnswer.from_text(json.dumps(stored))
	assert (read.subTotal, read.total) == (Decimal(69), Decimal("74.84"))

"""What is sent of a document's rows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.http_client.json_reader import JsonLimits, read_json
from medgrid.http_client.json_writer import write_json
from medgrid.vertex.documents.lines import Charge, Goods, fingerprint, name_of, sale_lines, unit_price
from tests.unit.clients.vertex.factories import sale

CENTS = st.integers(-10_000_000_000, 10_000_000_000).map(lambda cents: Decimal(cents).scaleb(-2))


def goods(amount: str = "57.00", quantity: str = "2", **values) -> Goods:
	defaults = {"row": None, "product": "VD3-5000-120", "product_class": "SUPPLEMENT"}
	return Goods(**{**defaults, "amount": Decimal(amount), "quantity": Decimal(quantity), **values})


def lines(*rows, charges=(), is_included=False):
	found = sale_lines(rows, charges, charge_class="SHIPPING", is_included=is_included)
	return [
		read_json(write_json(each.model_dump(exclude_none=True)).encode(), JsonLimits()) for each in found
	]


def test_a_row_and_a_charge():
	assert lines(goods(row="f2c81b90aa"), charges=[Charge("b7710e34cd", "Freight", Decimal("12.00"))]) == [
		{
			"lineItemNumber": 1,
			"lineItemId": "f2c81b90aa",
			"product": {"value": "VD3-5000-120", "productClass": "SUPPLEMENT"},
			"quantity": {"value": 2},
			"unitPrice": 28.5,
			"extendedPrice": 57,
		},
		{
			"lineItemNumber": 2,
			"lineItemId": "b7710e34cd",
			"product": {"value": "Freight", "productClass": "SHIPPING"},
			"quantity": {"value": 1},
			"extendedPrice": 12,
		},
	]


def test_a_charge_of_nothing_is_left_out_and_a_negative_one_is_sent():
	charges = [Charge(None, "Freight", Decimal("0.00")), Charge(None, "Rebate", Decimal("-3.00"))]
	found = lines(goods(), charges=charges)
	assert [each["extendedPrice"] for each in found] == [57, -3]
	assert found[1]["lineItemNumber"] == 2


def test_a_free_row_is_sent_with_0_and_a_row_without_quantity_without_a_price_of_one():
	found = lines(goods("0.00"), goods("5.00", "0"))
	assert (found[0]["extendedPrice"], found[0]["unitPrice"]) == (0, 0)
	assert "unitPrice" not in found[1]


def test_prices_that_include_the_tax_say_so_on_every_line():
	found = lines(goods(), charges=[Charge(None, "Freight", Decimal("12"))], is_included=True)
	assert [each["taxIncludedIndicator"] for each in found] == [True, True]


@pytest.mark.parametrize(
	("text", "name"),
	[
		(None, None),
		("", None),
		(" \n ", None),
		("Freight", "Freight"),
		("Freight\n by road ", "Freight by road"),
		("x" * 41, "x" * 40),
		("x" * 39 + " y", "x" * 39),
	],
)
def test_names_are_one_line_of_at_most_40_characters(text, name):
	assert name_of(text) == name


@given(CENTS, st.decimals("0.001", 1_000_000, places=3))
def test_the_price_of_one_explains_the_amount(amount, quantity):
	found = unit_price(amount, quantity)
	assert abs(found * quantity - amount) <= quantity * Decimal("0.0000005")


@given(st.lists(CENTS, min_size=1, max_size=50))
def test_amounts_are_sent_to_the_last_digit(amounts):
	found = sale_lines(
		[goods(amount) for amount in map(str, amounts)], [], charge_class="", is_included=False
	)
	assert [each.extendedPrice for each in found] == amounts
	text = write_json([each.extendedPrice for each in found])
	assert read_json(text.encode(), JsonLimits(), exact=True) == amounts


def test_the_fingerprint_ignores_what_decides_no_tax():
	one = sale("57.00")
	other = one.model_copy(
		update={"documentNumber": "SO-1", "transactionId": "MG-1", "saleMessageType": "INVOICE"}
	)
	assert fingerprint(one) == fingerprint(other)
	named = [each.model_copy(update={"lineItemId": "another"}) for each in one.lineItems]
	assert fingerprint(one) == fingerprint(one.model_copy(update={"lineItems": named}))


@pytest.mark.parametrize(
	"changes",
	[
		{"documentDate": "2026-11-26"},
		{"currency": {"isoCurrencyCodeAlpha": "CAD"}},
		{"seller": {"company": "OTHER"}},
		{"customer": {"isTaxExempt": True, "destination": {"country": "US", "postalCode": "60610"}}},
		{"customer": {"destination": {"country": "US", "postalCode": "98104"}}},
		{"lineItems": [{"lineItemNumber": 1, "extendedPrice": Decimal("57.01")}]},
		{"lineItems": [{"lineItemNumber": 1, "extendedPrice": Decimal("57.00"), "taxDate": "2026-01-01"}]},
	],
)
def test_the_fingerprint_sees_what_decides_the_tax(changes):
	assert fingerprint(sale("57.00")) != fingerprint(sale("57.00", **changes))


def test_the_fingerprint_is_of_values_not_of_spellings():
	assert fingerprint(sale("57.00")) == fingerprint(sale("57"))

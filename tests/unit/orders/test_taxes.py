"""The part of an order's taxes that belongs to the rows that are sent."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medgrid.orders.taxes import OrderTaxes, TaxedRow, tax_lines, without_included
from tests.unit.orders.factories import CURRENCIES, line, order

CHICAGO = {"State": Decimal("3.56"), "County": Decimal("1.00"), "City": Decimal("0.71")}
PLACES = {"USD": 2, "JPY": 0, "KWD": 3}


def found(taxes, lines, every_line=None, places=2):
	lines = tax_lines(taxes, lines, every_line or lines, places)
	return [(each.title, str(each.rate), str(each.amount)) for each in lines]


def test_each_level_is_one_tax_of_all_rows():
	rows = order(line("a"), line("b", unit_price="10")).lines
	taxes = OrderTaxes(of_lines={1: CHICAGO, 2: {"State": Decimal("1.25"), "District": Decimal("0.20")}})
	assert found(taxes, rows) == [
		("State tax", "0.062468", "4.81"),
		("County tax", "0.017544", "1.00"),
		("City tax", "0.012456", "0.71"),
		("District tax", "0.010000", "0.20"),
	]


def test_a_fee_has_its_name_and_comes_last():
	taxes = OrderTaxes(of_lines={1: {"Fee: Retail Delivery Fee": Decimal("0.29"), "State": Decimal("1")}})
	assert [each[0] for each in found(taxes, order().lines)] == ["State tax", "Retail Delivery Fee"]


def test_the_tax_of_rows_that_are_not_sent_and_of_freight_stays_away():
	rows = order(line("a"), line("b")).lines
	taxes = OrderTaxes(of_lines={1: CHICAGO, 2: {"State": Decimal("9")}, 3: {"State": Decimal("0.75")}})
	assert found(taxes, rows[:1], rows)[0] == ("State tax", "0.062456", "3.56")


def test_of_a_row_that_is_half_delivered_half_the_tax_goes():
	rows = order(line("a", quantity=1, ordered=2)).lines
	assert found(OrderTaxes(of_lines={1: {"State": Decimal("3.56")}}), rows) == [
		("State tax", "0.062456", "1.78")
	]


def test_prices_that_include_the_tax_are_no_base_of_it():
	rows = order(line(quantity=1, unit_price="106.25")).lines
	taxes = OrderTaxes(of_lines={1: {"State": Decimal("6.25")}}, are_included=True)
	assert found(taxes, rows) == [("State tax", "0.062500", "6.25")]


def test_without_vertex_each_tax_row_is_divided_by_net_amounts():
	rows = order(line("a", unit_price="30", quantity=1), line("b", unit_price="70", quantity=1)).lines
	taxes = OrderTaxes(rows=(TaxedRow("VAT", Decimal("19.99")), TaxedRow("Levy", Decimal("1"))))
	assert found(taxes, rows[:1], rows) == [("VAT", "0.199900", "6.00"), ("Levy", "0.010000", "0.30")]
	assert found(taxes, rows, rows) == [("VAT", "0.199900", "19.99"), ("Levy", "0.010000", "1.00")]


@pytest.mark.parametrize(
	("amounts", "expected"),
	[
		(["20", "-5"], [("T0", "15.00")]),
		(["20", "-5", "10"], [("T0", "16.67"), ("T2", "8.33")]),
		(["5", "-5"], []),
		# Shopify has no order whose taxes are paid to the customer.
		(["5", "-8"], []),
		(["-5"], []),
	],
)
def test_a_negative_tax_is_taken_off_the_others(amounts, expected):
	rows = tuple(TaxedRow(f"T{number}", Decimal(amount)) for number, amount in enumerate(amounts))
	made = found(OrderTaxes(rows=rows), order().lines)
	assert [(title, amount) for title, _rate, amount in made] == expected


@pytest.mark.parametrize(
	"taxes",
	[
		OrderTaxes(),
		OrderTaxes(of_lines={}),
		OrderTaxes(of_lines={1: {}}),
		OrderTaxes(of_lines={1: {"State": Decimal(0)}}),
		OrderTaxes(of_lines={7: CHICAGO}),
		OrderTaxes(rows=(TaxedRow("VAT", Decimal(0)),)),
	],
)
def test_nothing_is_said_of_taxes_of_nothing(taxes):
	assert found(taxes, order().lines) == []


@pytest.mark.parametrize(
	("rows", "prices"),
	[
		# 110 with 10 % in it, 100 of it net, and 5 on top.
		((("10", True), ("5", False)), {"a": Decimal("60.00"), "b": Decimal("40.00")}),
		((("10", True),), {}),
		((("5", False),), {}),
		((), {}),
	],
)
def test_prices_that_include_some_taxes_and_not_others_are_told_without_any(rows, prices):
	lines = order(
		line("a", amount="66", net_amount=Decimal(60)), line("b", amount="44", net_amount=Decimal(40))
	).lines
	taxed = tuple(TaxedRow("T", Decimal(amount), is_included) for amount, is_included in rows)
	all_included = bool(rows) and all(is_included for _amount, is_included in rows)
	assert without_included(OrderTaxes(rows=taxed, are_included=all_included), lines, 2) == prices


def test_a_free_order_divides_nothing_by_nothing():
	rows = order(line(unit_price="0")).lines
	assert found(OrderTaxes(rows=(TaxedRow("VAT", Decimal("1")),)), rows) == []
	assert found(OrderTaxes(of_lines={1: {"State": Decimal("1")}}), rows) == [("State tax", "0", "1.00")]


amounts = st.decimals("0", "9999", places=2)
LEVELS = ("Country", "State", "County", "City", "District", "Fee: Delivery")


@given(
	st.lists(st.dictionaries(st.sampled_from(LEVELS), amounts), min_size=1, max_size=8),
	st.sampled_from(CURRENCIES),
	st.data(),
)
def test_the_tax_lines_add_up_to_the_tax_of_the_rows(per_line, currency, data):
	rows = order(*(line(f"row-{number}") for number in range(len(per_line)))).lines
	chosen = data.draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
	taxes = OrderTaxes(of_lines=dict(enumerate(per_line, 1)))
	lines = tax_lines(taxes, chosen, rows, PLACES[currency])
	exact = sum((sum(per_line[row.number - 1].values()) for row in chosen), Decimal())
	unit = Decimal(1).scaleb(-PLACES[currency])
	assert sum((each.amount for each in lines), Decimal()) == exact.quantize(unit, rounding="ROUND_HALF_UP")
	assert all(each.amount > 0 and each.rate >= 0 for each in lines)


@given(
	st.lists(st.tuples(amounts, amounts), min_size=1, max_size=6),
	st.lists(amounts, min_size=1, max_size=3),
	st.sampled_from(CURRENCIES),
)
def test_goods_and_taxes_of_mixed_prices_are_what_the_customer_pays(made, on_top, currency):
	places = PLACES[currency]
	unit = Decimal(1).scaleb(-places)
	rows = order(
		*(
			line(f"row-{number}", amount=(net + tax).quantize(unit), net_amount=net)
			for number, (net, tax) in enumerate(made)
		)
	).lines
	paid, net = (
		sum(values, Decimal()) for values in zip(*((r.amount, r.net_amount) for r in rows), strict=True)
	)
	included = (paid - net).quantize(unit)
	assume(included > 0 and net > 0)
	taxed = (TaxedRow("In", included, True), *(TaxedRow("On", each.quantize(unit)) for each in on_top))
	taxes = OrderTaxes(rows=taxed)
	goods = sum(without_included(taxes, rows, places).values(), Decimal())
	told = sum((each.amount for each in tax_lines(taxes, rows, rows, places)), Decimal())
	assert goods + told == paid + sum((each.amount for each in taxed[1:]), Decimal())

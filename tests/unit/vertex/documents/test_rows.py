"""What is written from Vertex' answer."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.clients.vertex.calculation import read_calculation
from medgrid.orders import taxes as taxes_of_orders
from medgrid.vertex.documents import rows
from tests.unit.clients.vertex.factories import answer, chicago_line, line, sale, tax

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
KEYS = st.sampled_from(
	["Country", "State", "County", "City", "District", "Fee: Retail Delivery Fee", "Fee: Tire"]
)
TAXES = st.dictionaries(st.integers(1, 300), st.dictionaries(KEYS, CENTS, max_size=5), max_size=40)


def rows_of(*lines, one_row=False, is_included=False):
	calculation = read_calculation(answer(*lines), sale(*["57.00"] * len(lines)))
	taxes = rows.line_taxes(calculation)
	found = rows.tax_rows(taxes, one_row=one_row, places=2, is_included=is_included)
	return [(row.level, row.description, str(row.amount)) for row in found]


def fee(amount: str, name: str = "Retail Delivery Fee"):
	return tax(amount, taxStructure="FLAT_TAX", imposition={"value": name})


def test_one_row_for_each_level():
	assert rows_of(chicago_line()) == [
		("State", "State tax", "3.56"),
		("County", "County tax", "1.00"),
		("City", "City tax", "0.71"),
		("District", "District tax", "0.57"),
	]


def test_one_row_for_all_levels_and_one_for_each_fee():
	lines = (chicago_line(), line(2, fee("0.29"), fee("0.50", "Tire Fee")))
	assert rows_of(*lines, one_row=True) == [
		("All", "Sales tax", "5.84"),
		("Fee", "Retail Delivery Fee", "0.29"),
		("Fee", "Tire Fee", "0.50"),
	]


@pytest.mark.parametrize("name", ["State", "County", "All", "Included", "Fee: Fee", "Fee", ""])
def test_a_fee_may_be_named_like_a_level(name):
	found = rows_of(line(1, tax("3.56"), fee("0.29", name)))
	assert [row[0] for row in found] == ["State", "Fee"]
	assert [row[2] for row in found] == ["3.56", "0.29"]


def test_a_document_without_tax_has_no_row():
	assert rows_of(line(1)) == []
	assert rows_of(line(1), is_included=True) == []
	assert rows_of(line(1, tax("3.56")), line(2, tax("-3.56"))) == []


def test_prices_that_include_the_tax_get_a_row_that_takes_it_out():
	found = rows_of(chicago_line(), is_included=True)
	assert found[-1] == ("Included", "Tax included in prices", "-5.84")


@given(TAXES, st.booleans(), st.booleans())
def test_the_rows_hold_the_lines_taxes_to_the_last_digit(taxes, one_row, is_included):
	found = rows.tax_rows(taxes, one_row=one_row, places=2, is_included=is_included)
	assert rows.charged_tax(found) == taxes_of_orders.total_tax(taxes)
	assert all(isinstance(row.amount, Decimal) and row.amount for row in found)
	if is_included:
		assert sum(row.amount for row in found) == 0


@given(TAXES)
def test_the_stored_text_gives_the_same_taxes_again(taxes):
	assert taxes_of_orders.from_text(taxes_of_orders.to_text(taxes)) == taxes
	assert taxes_of_orders.to_text(
		taxes_of_orders.from_text(taxes_of_orders.to_text(taxes))
	) == taxes_of_orders.to_text(taxes)


@pytest.mark.parametrize(
	"text", ["", None, "null", "[]", "{", '{"1": 3}', '{"x": {"State": 1}}', '{"1": {"State": null}}', "7"]
)
def test_a_text_that_medgrid_did_not_write_is_no_tax(text):
	assert taxes_of_orders.from_text(text) == {}


@given(TAXES)
def test_a_currency_without_cents_gets_whole_amounts(taxes):
	found = rows.tax_rows(taxes, one_row=False, places=0, is_included=False)
	assert all(row.amount == row.amount.to_integral_value() for row in found)
	exact = taxes_of_orders.total_tax(taxes)
	assert rows.charged_tax(found) == exact.to_integral_value(rounding=ROUND_HALF_UP)


@given(TAXES, st.sampled_from([0, 1, 2]), st.booleans())
def test_what_is_returned_is_the_opposite_of_what_was_sold(taxes, places, one_row):
	returned = {number: {key: -tax for key, tax in of_line.items()} for number, of_line in taxes.items()}
	sold, back = (
		rows.tax_rows(each, one_row=one_row, places=places, is_included=False) for each in (taxes, returned)
	)
	assert [(row.level, -row.amount) for row in back] == [(row.level, row.amount) for row in sold]

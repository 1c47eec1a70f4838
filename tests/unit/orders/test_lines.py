from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.orders.lines import in_stock_uom, open_lines, plain, price_of_one, whole_quantity
from medgrid.orders.problems import FractionalQuantity
from tests.unit.orders.factories import line


@pytest.mark.parametrize(
	("quantity", "factor", "pieces"),
	[
		("2", "12", "24"),
		("0.5", "20", "10"),
		("1.5", "1", "1.5"),
		("24", "0.083333333", "2"),
		("3", "0", "3"),
		("1", "0.3", "0.3"),
	],
)
def test_a_quantity_is_counted_in_the_stock_uom(quantity, factor, pieces):
	assert in_stock_uom(Decimal(quantity), Decimal(factor), 3) == Decimal(pieces)


@pytest.mark.parametrize(
	("rate", "factor", "places", "price"),
	[
		("57", "20", 2, "2.85"),
		("100", "12", 2, "8.33"),
		("100", "12", 4, "8.3333"),
		("0.05", "2", 2, "0.03"),
		("28.5", "0", 2, "28.50"),
		("1000", "3", 0, "333"),
	],
)
def test_a_price_is_that_of_one_in_the_documents_precision(rate, factor, places, price):
	made = price_of_one(Decimal(rate), Decimal(factor), places)
	assert (made, -int(made.as_tuple().exponent)) == (Decimal(price), places)


@given(st.integers(0, 10_000), st.integers(1, 1000))
def test_whole_cases_of_whole_pieces_are_whole(cases, factor):
	assert in_stock_uom(Decimal(cases), Decimal(factor), 3) == cases * factor


def test_a_whole_quantity_is_an_integer():
	quantity = whole_quantity(line(quantity="24.000"))
	assert (quantity, type(quantity)) == (24, int)


def test_a_part_of_a_piece_is_refused_with_the_facts():
	with pytest.raises(FractionalQuantity) as raised:
		whole_quantity(line(quantity="1.500", number=7, stock_uom="Kg"))
	problem = raised.value
	assert (problem.row, problem.item, problem.quantity, problem.uom) == (7, "VD3", Decimal("1.5"), "Kg")


def test_delivered_lines_are_not_open():
	lines = [line("a"), line("b", quantity=0), line("c", quantity="-1")]
	assert [one.row for one in open_lines(lines)] == ["a"]


@pytest.mark.parametrize(
	("value", "text"), [("1.500", "1.5"), ("20", "20"), ("1E+2", "100"), ("0.50", "0.5"), ("0", "0")]
)
def test_quantities_are_written_plainly(value, text):
	assert plain(Decimal(value)) == text

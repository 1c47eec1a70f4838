from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.orders.lines import (
	in_stock_uom,
	open_lines,
	open_pieces,
	plain,
	row_amounts,
	unit_price,
	whole_quantity,
)
from medgrid.orders.money import rounded
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
		("3", "0.3", "0.9"),
		("1", "12.000001", "12"),
		("0.001", "12", "0.012"),
		("1500.5", "1", "1500.5"),
		("7", "0.454", "3.178"),
		# As ERPNext stores a third and a twelfth.
		("3", "0.333", "1"),
		("300", "0.333", "100"),
		("1", "0.333", "0.333"),
		("24", "0.083", "2"),
	],
)
def test_a_quantity_is_counted_in_the_stock_uom(quantity, factor, pieces):
	assert in_stock_uom(Decimal(quantity), Decimal(factor), 3) == Decimal(pieces)


@given(st.integers(1, 100_000), st.integers(2, 500), st.sampled_from([3, 6, 9]), st.sampled_from([2, 3, 6]))
def test_units_that_make_whole_stock_units_do_so_however_their_factor_is_rounded(
	whole, divisor, factor_places, places
):
	factor = rounded(Decimal(1) / divisor, factor_places)
	# Of a thousandth, three places tell no divisor any more.
	if rounded(1 / factor, 0) == divisor:
		assert in_stock_uom(Decimal(whole * divisor), factor, places) == whole


@given(st.integers(1, 50), st.integers(2, 400), st.data())
def test_pieces_of_a_sales_unit_that_are_delivered_are_counted_whole(cases, factor, data):
	delivered = data.draw(st.integers(0, cases * factor))
	stored = rounded(Decimal(delivered) / factor, 3)
	assert in_stock_uom(stored, Decimal(factor), 3, lost=Decimal("0.0005")) == delivered


@pytest.mark.parametrize(
	("amount", "ordered", "places", "price"),
	[
		("114", "40", 2, "2.85"),
		("100", "12", 2, "8.33"),
		("100", "12", 3, "8.333"),
		("1000", "3", 0, "333"),
		("0.05", "2", 2, "0.03"),
		("-10", "4", 2, "-2.50"),
		("0", "0", 2, "0"),
	],
)
def test_the_price_of_one_piece_is_rounded_to_the_currencys_smallest_unit(amount, ordered, places, price):
	made = unit_price(line(ordered=ordered, amount=amount), places)
	assert (made, -int(made.as_tuple().exponent)) == (Decimal(price), places)


def pieces(made, places=2) -> list[tuple[int, str]]:
	return [(part.quantity, str(part.price)) for part in open_pieces(made, places)]


@pytest.mark.parametrize(
	("changes", "places", "expected"),
	[
		({"quantity": 2, "amount": "57"}, 2, [(2, "28.50")]),
		# A case of 12 for 100.00.
		({"quantity": 12, "amount": "100"}, 2, [(8, "8.33"), (4, "8.34")]),
		({"quantity": 3, "amount": "0.02"}, 2, [(1, "0.00"), (2, "0.01")]),
		({"quantity": 3, "amount": "0"}, 2, [(3, "0.00")]),
		({"quantity": 1000, "amount": "12.50"}, 2, [(750, "0.01"), (250, "0.02")]),
		({"quantity": 3, "amount": "1000"}, 0, [(2, "333"), (1, "334")]),
		({"quantity": 2, "amount": "1.285"}, 3, [(1, "0.642"), (1, "0.643")]),
		# A third of the row is not delivered yet.
		({"quantity": 4, "ordered": 12, "amount": "100"}, 2, [(3, "8.33"), (1, "8.34")]),
		({"quantity": "2.000", "ordered": "2.5", "amount": "10"}, 2, [(2, "4.00")]),
	],
)
def test_prices_of_pieces_add_up_to_the_rows_amount(changes, places, expected):
	assert pieces(line(**changes), places) == expected


@given(
	st.integers(1, 5000),
	st.integers(0, 5000),
	st.decimals(min_value=0, max_value=100_000, places=3),
	st.sampled_from([0, 2, 3]),
)
def test_pieces_times_prices_are_exactly_the_amount_and_the_prices_one_unit_apart(
	quantity, delivered, amount, places
):
	made = line(quantity=quantity, ordered=quantity + delivered, amount=amount)
	parts = open_pieces(made, places)
	assert sum(part.quantity for part in parts) == quantity
	paid = sum(part.quantity * part.price for part in parts)
	assert paid == rounded(amount * quantity / (quantity + delivered), places)
	unit = Decimal(1).scaleb(-places)
	assert [part.price - parts[0].price for part in parts] in ([0], [0, unit])


def paid_for(amounts, net_amounts=None, *, goods_total, discounted=True, taxes_included=False, places=2):
	return row_amounts(
		[Decimal(amount) for amount in amounts],
		[Decimal(amount) for amount in net_amounts or amounts],
		goods_total=Decimal(goods_total),
		discounted=discounted,
		taxes_included=taxes_included,
		places=places,
	)


@pytest.mark.parametrize(
	("case", "expected"),
	[
		(paid_for(["100", "50"], goods_total="150"), ["100", "50"]),
		# 20 off 2 x 50. ERPNext has taken it off the net amounts.
		(paid_for(["60", "40"], ["48", "32"], goods_total="80"), ["48", "32"]),
		# The price includes 10 % of tax.
		(paid_for(["110"], ["100"], goods_total="110", taxes_included=True), ["110"]),
		# It does, and 11 are taken off the total.
		(paid_for(["110"], ["90"], goods_total="99", taxes_included=True), ["99"]),
		(paid_for(["60", "50"], ["49.09", "40.91"], goods_total="99", taxes_included=True), ["54", "45"]),
		# A line of the house that is a discount itself bears no part of another one.
		(paid_for(["60", "60", "-10"], goods_total="88", taxes_included=True), ["49", "49", "-10"]),
		(paid_for(["100.5", "100.5"], goods_total="201", places=0), ["101", "100"]),
		# ERPNext's total has a cent that its rows and taxes do not have.
		(paid_for(["474.86"], ["463.85"], goods_total="463.86"), ["463.86"]),
		(paid_for(["10", "20"], ["9.09", "18.18"], goods_total="27.26"), ["9.09", "18.17"]),
		# What is not rounding is not the rows': a total that nobody has computed since the rows changed.
		(paid_for(["10", "20"], goods_total="10"), ["10", "20"]),
		(paid_for(["10", "20"], goods_total="10", discounted=False, taxes_included=True), ["10", "20"]),
		(paid_for([], goods_total="0"), []),
		(paid_for([], goods_total="5", taxes_included=True), []),
	],
)
def test_a_discount_on_the_order_is_taken_off_each_row_and_included_taxes_stay_in(case, expected):
	assert case == [Decimal(amount) for amount in expected]


@given(
	st.lists(st.decimals(min_value=0, max_value=10_000, places=2), min_size=1, max_size=12),
	st.integers(0, 100),
	st.integers(-4, 4),
	st.sampled_from([0, 2, 3]),
	st.booleans(),
)
def test_the_rows_amounts_add_up_to_what_the_goods_cost(amounts, percent, cents, places, taxes_included):
	discounted = [amount * (100 - percent) / 100 for amount in amounts]
	goods_total = max(rounded(sum(discounted), 2) + Decimal(cents) / 100, Decimal())
	made = row_amounts(
		amounts,
		discounted,
		goods_total=goods_total,
		discounted=True,
		taxes_included=taxes_included,
		places=places,
	)
	assert abs(sum(made) - goods_total) <= (Decimal("0.5") if places == 0 else Decimal("0.005"))
	assert all(-1 < one < amount + 2 for one, amount in zip(made, amounts, strict=True))


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

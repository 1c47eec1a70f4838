from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.orders.money import DECIMAL_PLACES, decimal_places, rounded, rounded_together, shares
from tests.unit.orders.factories import CURRENCIES

places = st.sampled_from([0, 2, 3])
money = st.decimals(min_value=0, max_value=100_000, places=2)
any_money = st.decimals(min_value=-100_000, max_value=100_000, places=4)


def amounts(*values):
	return [Decimal(value) for value in values]


@pytest.mark.parametrize(
	("currency", "expected"),
	[("USD", 2), ("EUR", 2), ("JPY", 0), ("jpy", 0), ("KWD", 3), ("CLF", 4), ("XXQ", 2), ("", 2), (None, 2)],
)
def test_each_currency_has_its_own_smallest_unit(currency, expected):
	assert decimal_places(currency) == expected


def test_the_table_names_currencies_once_and_by_their_codes():
	assert all(len(code) == 3 and code.isupper() for code in DECIMAL_PLACES)
	assert len(DECIMAL_PLACES) == 17 + 7 + 2
	assert {decimal_places(currency) for currency in CURRENCIES} == {0, 2, 3}


@pytest.mark.parametrize(
	("weights", "total", "expected"),
	[
		(amounts("57.00", "34.00"), "91.00", amounts("57.00", "34.00")),
		(amounts("100"), "107.25", amounts("107.25")),
		(amounts("1", "1", "1"), "10.00", amounts("3.34", "3.33", "3.33")),
		(amounts("0", "0"), "5.01", amounts("2.51", "2.50")),
		(amounts("10", "0"), "12.00", amounts("12.00", "0.00")),
		(amounts("50", "50"), "0", amounts("0.00", "0.00")),
		([], "5.00", []),
		# A discount of the house as a line.
		(amounts("100.00", "-99.99"), "25.01", amounts("25.01", "0.00")),
		(amounts("-5", "-5"), "5.00", amounts("2.50", "2.50")),
		(amounts("3", "1"), "-4.01", amounts("-3.01", "-1.00")),
	],
)
def test_each_share_is_its_part_of_the_total(weights, total, expected):
	assert shares(Decimal(total), weights, 2) == expected


@pytest.mark.parametrize(
	("total", "places", "expected"),
	[
		("1.285", 3, amounts("0.643", "0.642")),
		("101", 0, amounts("51", "50")),
		("0.005", 2, amounts("0.01", "0")),
	],
)
def test_shares_are_whole_units_of_the_currency(total, places, expected):
	assert shares(Decimal(total), amounts("1", "1"), places) == expected


@given(st.lists(any_money, min_size=1, max_size=30), money, places)
def test_shares_add_up_and_none_is_below_zero_or_above_the_total_whatever_the_weights(weights, total, places):
	made, whole = shares(total, weights, places), rounded(total, places)
	assert sum(made) == whole
	assert all(0 <= share <= whole for share in made)


@given(st.lists(money, min_size=1, max_size=30).filter(any), money, places)
def test_no_share_is_a_unit_off_its_exact_part(weights, total, places):
	made, whole = shares(total, weights, places), sum(map(Fraction, weights))
	unit = Fraction(1, 10**places)
	assert all(
		abs(Fraction(share) - Fraction(total) * Fraction(weight) / whole) < unit
		for share, weight in zip(made, weights, strict=True)
	)


@given(st.lists(any_money, max_size=30), places)
def test_amounts_rounded_together_keep_their_sum_and_are_less_than_a_unit_off(values, places):
	made = rounded_together(values, places)
	assert abs(sum(made) - sum(values)) <= Decimal(5).scaleb(-places - 1)
	assert all(abs(one - value) < Decimal(1).scaleb(-places) for one, value in zip(made, values, strict=True))


@given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=2), max_size=20))
def test_whole_units_stay_as_they_are(values):
	assert rounded_together(values, 2) == values

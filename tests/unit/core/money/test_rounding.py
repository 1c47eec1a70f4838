"""One rounding: that of the site, exact, also for 2.675 and 1.005."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.money.rounding import BANKERS, COMMERCIAL, LEGACY, exact, places, rounded


@pytest.mark.parametrize(
	("value", "places", "legacy", "bankers", "commercial"),
	[
		("2.675", 2, "2.68", "2.68", "2.68"),
		("1.005", 2, "1.01", "1.00", "1.01"),
		("1.015", 2, "1.02", "1.02", "1.02"),
		("0.125", 2, "0.13", "0.12", "0.13"),
		("0.0123", 2, "0.01", "0.01", "0.01"),
		("12.345678", 2, "12.35", "12.35", "12.35"),
		("-0.125", 2, "-0.12", "-0.12", "-0.13"),
		("2.5", 0, "2", "2", "3"),
		("3.5", 0, "4", "4", "4"),
		("1.2855", 3, "1.286", "1.286", "1.286"),
		("1.2865", 3, "1.287", "1.286", "1.287"),
		("0", 2, "0.00", "0.00", "0.00"),
		("999999999999.995", 2, "1000000000000.00", "1000000000000.00", "1000000000000.00"),
	],
)
def test_half_units_are_rounded_as_the_method_says(value, places, legacy, bankers, commercial):
	amount = Decimal(value)
	assert str(rounded(amount, places, LEGACY)) == legacy
	assert str(rounded(amount, places, BANKERS)) == bankers
	assert str(rounded(amount, places, COMMERCIAL)) == commercial


def test_an_unknown_method_is_an_error():
	with pytest.raises(ValueError, match="unknown rounding method: Swedish"):
		rounded(Decimal(1), 2, "Swedish")


METHODS = st.sampled_from([LEGACY, BANKERS, COMMERCIAL])
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(AMOUNTS, st.integers(0, 3), METHODS)
def test_a_rounded_amount_is_the_nearest_one_and_stays_when_it_is_rounded_again(amount, places, method):
	result = rounded(amount, places, method)
	assert abs(result - amount) <= Decimal(1).scaleb(-places) / 2
	assert rounded(result, places, method) == result


@given(st.integers(-(10**9), 10**9), METHODS)
def test_a_float_counts_as_the_decimal_number_that_was_typed(cents, method):
	typed = Decimal(cents) / 1000
	assert exact(float(typed)) == typed
	assert rounded(exact(float(typed)), 3, method) == typed


@given(AMOUNTS.filter(lambda amount: amount >= 0), METHODS)
def test_only_halves_depend_on_the_method(amount, method):
	hundredths = amount * 100
	if hundredths % 1 != Decimal("0.5"):
		assert rounded(amount, 2, method) == Decimal(math.floor(hundredths + Decimal("0.5"))) / 100


@pytest.mark.parametrize(
	("smallest_unit", "number_format", "expected"),
	[
		(0.01, "#,###.##", 2),
		(0.05, "#'###.##", 2),
		(0.001, None, 3),
		(1, None, 0),
		(5, "#,###.##", 0),
		(None, "#,###", 0),
		(None, "#.###", 0),
		(0, "#,###.###", 3),
		(None, "# ###,##", 2),
		(None, "#,##,###.##", 2),
		(None, None, 2),
		(-1, "", 2),
	],
)
def test_the_places_of_a_currency_are_those_of_its_smallest_coin_or_its_format(
	smallest_unit, number_format, expected
):
	assert places(smallest_unit, number_format) == expected

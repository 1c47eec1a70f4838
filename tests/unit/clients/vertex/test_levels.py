"""Levels, and differences between totals and their parts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.clients.vertex.levels import Level, difference, level_of, rounded_rate, total

amounts = st.decimals("-1e12", "1e12", places=2, allow_nan=False)


@pytest.mark.parametrize(
	("jurisdiction_types", "level"),
	[
		("COUNTRY TRADE_BLOCK", Level.COUNTRY),
		("STATE PROVINCE TERRITORY state", Level.STATE),
		("COUNTY PARISH", Level.COUNTY),
		("CITY BOROUGH TOWNSHIP", Level.CITY),
		(
			"DISTRICT LOCAL_IMPROVEMENT_DISTRICT SPECIAL_PURPOSE_DISTRICT TRANSIT_DISTRICT APO FPO PLANET",
			Level.DISTRICT,
		),
	],
)
def test_each_type_of_jurisdiction_has_a_level(jurisdiction_types, level):
	assert {level_of(each, "SINGLE_RATE") for each in jurisdiction_types.split()} == {level}


def test_a_tax_without_a_jurisdiction_is_a_district():
	assert level_of(None, None) is Level.DISTRICT


@pytest.mark.parametrize("structure", ["FLAT_TAX", "TIERED_FLAT", "QUANTITY", "QUANTITY_TIERED", "flat_tax"])
@pytest.mark.parametrize("kind", ["STATE", "CITY", None])
def test_a_tax_without_a_rate_is_a_fee_whatever_its_jurisdiction(kind, structure):
	assert level_of(kind, structure) is Level.FEE


@pytest.mark.parametrize("structure", ["SINGLE_RATE", "BRACKET", "TIERED", None, ""])
def test_a_tax_by_rate_is_no_fee(structure):
	assert level_of("STATE", structure) is Level.STATE


@given(st.lists(amounts, max_size=30))
def test_sums_are_exact(each):
	cents = sum(int(amount * 100) for amount in each)
	assert total(each) * 100 == cents


@given(amounts, st.lists(amounts, max_size=3))
def test_a_total_with_or_without_what_was_left_out_is_explained(kept, groups):
	assert difference(kept, kept, groups) == 0
	assert difference(kept + sum(groups, Decimal(0)), kept, groups) == 0


@given(amounts, amounts, st.lists(amounts, max_size=3))
def test_no_explanation_is_worse_than_that_of_the_kept_amounts_alone(stated, kept, groups):
	assert abs(difference(stated, kept, groups)) <= abs(stated - kept)


@pytest.mark.parametrize(
	("tax", "taxable", "rate"),
	[
		("5.84", "57", "0.102456"),
		("1", "3", "0.333333"),
		("2", "3", "0.666667"),
		("1", "0", "0"),
		("-3.56", "-57", "0.062456"),
	],
)
def test_a_rate_has_six_decimals(tax, taxable, rate):
	assert rounded_rate(Decimal(tax), Decimal(taxable)) == Decimal(rate)

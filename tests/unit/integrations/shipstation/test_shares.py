from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.integrations.shipstation.shares import CENT, shares_of_lines

money = st.decimals(min_value=0, max_value=100_000, places=2)


def amounts(*values):
	return [Decimal(value) for value in values]


@pytest.mark.parametrize(
	("net_amounts", "total", "shares"),
	[
		(amounts("57.00", "34.00"), "91.00", amounts("57.00", "34.00")),
		(amounts("100"), "107.25", amounts("107.25")),
		(amounts("1", "1", "1"), "10.00", amounts("3.34", "3.33", "3.33")),
		(amounts("0", "0"), "5.01", amounts("2.51", "2.50")),
		(amounts("10", "0"), "12.00", amounts("12.00", "0.00")),
		(amounts("50", "50"), "0", amounts("0.00", "0.00")),
		([], "5.00", []),
	],
)
def test_each_line_bears_its_part_of_the_total(net_amounts, total, shares):
	assert shares_of_lines(net_amounts, Decimal(total)) == shares


@given(st.lists(money, min_size=1, max_size=30), money)
def test_shares_add_up_to_the_cent_whatever_the_amounts(net_amounts, total):
	assert sum(shares_of_lines(net_amounts, total)) == total


@given(st.lists(money, min_size=1, max_size=30).filter(any), money)
def test_no_share_is_a_cent_off_its_exact_part(net_amounts, total):
	shares = shares_of_lines(net_amounts, total)
	whole = sum(net_amounts)
	assert all(
		abs(share - total * amount / whole) < CENT for share, amount in zip(shares, net_amounts, strict=True)
	)


@given(st.lists(money, min_size=1, max_size=30), money)
def test_no_share_is_negative_or_more_than_the_total(net_amounts, total):
	assert all(0 <= share <= total for share in shares_of_lines(net_amounts, total))

from decimal import Decimal
from random import Random

import pytest

from medgrid.integrations.shipstation.shares import shares_of_lines


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


def test_shares_add_up_to_the_cent_whatever_the_amounts():
	chance = Random(7)
	for _round in range(500):
		lines = [Decimal(chance.randrange(1, 100_000)) / 100 for _line in range(chance.randrange(1, 12))]
		total = Decimal(chance.randrange(0, 1_000_000)) / 100
		shares = shares_of_lines(lines, total)
		assert sum(shares) == total
		assert all(
			abs(share - total * line / sum(lines)) < Decimal("0.01")
			for share, line in zip(shares, lines, strict=True)
		)

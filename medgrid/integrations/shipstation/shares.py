"""Divides an order's total among its lines, exact to the cent. Pure.

The contract's "Multi-Vendor Order Splitting" does not define the amounts. Here they are proportional to the
lines' net amounts, rounded so that the shares of all lines add up to the grand total.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

CENT = Decimal("0.01")


def shares_of_lines(net_amounts: Sequence[Decimal], grand_total: Decimal) -> list[Decimal]:
	"""Divides the grand total among all lines: each share contains the line's part of discounts, taxes and
	charges.

	The cents that remain after rounding down go to the lines that lost most by rounding; if several lost the
	same, to the first.

	:param net_amounts: the net amounts of all lines of the order, in its currency. If their sum is zero, all
		lines get the same share.
	:returns: one amount for each line; their sum is exactly `grand_total`, rounded to the cent.
	"""
	if not net_amounts:
		return []
	total = grand_total.quantize(CENT)
	whole = sum(net_amounts)
	weights = net_amounts if whole else [Decimal(1)] * len(net_amounts)
	exact = [total * weight / sum(weights) for weight in weights]
	shares = [share.quantize(CENT, rounding=ROUND_FLOOR) for share in exact]
	left_over = int((total - sum(shares)) / CENT)
	by_loss = sorted(range(len(shares)), key=lambda line: (shares[line] - exact[line], line))
	for line in by_loss[:left_over]:
		shares[line] += CENT
	return shares

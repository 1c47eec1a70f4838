"""A vendor's share of an order's total, exact to the cent. Pure arithmetic.

For "Multi-Vendor Order Splitting" the contract leaves the amount open; here it is in proportion to the lines'
net amounts, rounded so that the shares of all lines add up to the grand total.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

CENT = Decimal("0.01")


def shares_of_lines(net_amounts: Sequence[Decimal], grand_total: Decimal) -> list[Decimal]:
	"""What each line bears of the grand total: itself, and its part of discounts, taxes and charges.

	The cents that rounding leaves over go to the lines that lost most by it; of equals, to the first.

	:param net_amounts: of all lines of the order, in its currency. If they add up to nothing, each line bears
		the same.
	:returns: one amount a line; together exactly `grand_total`, rounded to the cent.
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

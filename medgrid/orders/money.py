"""The smallest units of currencies, and how amounts are divided and rounded so that nothing is lost. Pure."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# ISO 4217: currencies whose smallest unit is not the hundredth part.
_DECIMAL_PLACES = {
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
}
DECIMAL_PLACES = {code: places for places, codes in _DECIMAL_PLACES.items() for code in codes.split()}
CENTS = 2


def decimal_places(currency: str | None) -> int:
	"""The number of decimal places of a currency's smallest unit, e.g. 0 for JPY and 3 for KWD.

	:param currency: ISO 4217; of a code that is not in the standard, the smallest unit is the hundredth part.
	"""
	return DECIMAL_PLACES.get((currency or "").upper(), CENTS)


def rounded(value: Decimal, places: int) -> Decimal:
	"""Rounds half up to a number of decimal places."""
	return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def rounded_together(amounts: Sequence[Decimal | Fraction], places: int) -> list[Decimal]:
	"""Rounds amounts to the smallest unit so that they still add up to their sum.

	Each is rounded down; the units that remain go to the amounts that lost most, and if several lost the
	same, to the first.

	:param places: the number of decimal places of the smallest unit.
	:returns: one amount for each; each is less than one unit off, and an amount of whole units stays as it
		is. They add up to the sum of `amounts`, rounded half up.
	"""
	units = [Fraction(amount) * 10**places for amount in amounts]
	whole = [math.floor(unit) for unit in units]
	left_over = math.floor(sum(units) + Fraction(1, 2)) - sum(whole)
	by_loss = sorted(range(len(units)), key=lambda index: (whole[index] - units[index], index))
	for index in by_loss[:left_over]:
		whole[index] += 1
	return [Decimal(unit).scaleb(-places) for unit in whole]


def shares(total: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
	"""Divides a total in proportion to weights.

	:param weights: one for each share. A negative one counts as zero: it would make other shares exceed the
		total. If none is positive, all shares are the same.
	:param places: the number of decimal places of the smallest unit.
	:returns: one amount for each weight, between zero and the total; they add up to the total, rounded half
		up.
	"""
	return rounded_together(exact_shares(total, weights), places) if weights else []


def exact_shares(total: Decimal, weights: Sequence[Decimal]) -> list[Fraction]:
	"""As `shares`, but not rounded.

	:param weights: at least one.
	"""
	positive = [Fraction(max(weight, Decimal(0))) for weight in weights]
	if not any(positive):
		positive = [Fraction(1)] * len(weights)
	return [Fraction(total) * weight / sum(positive) for weight in positive]

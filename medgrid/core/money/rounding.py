"""Rounds exact amounts of money with the site's method, to the places of a currency. Pure.

Frappe rounds floats with the method of System Settings. A float has no exact half cents, so Frappe corrects
it before it rounds. An exact amount needs no correction; the results are the same.
"""

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

# The options of `rounding_method` in System Settings. Without a value, Frappe uses LEGACY.
LEGACY, BANKERS, COMMERCIAL = "Banker's Rounding (legacy)", "Banker's Rounding", "Commercial Rounding"
# What a currency has about which the site says nothing.
DEFAULT_PLACES = 2
# Frappe's number formats with other than two decimal places.
PLACES_OF_FORMAT = {"#,###": 0, "#.###": 0, "#,###.###": 3}


def rounded(value: Decimal, places: int, method: str = LEGACY) -> Decimal:
	"""Rounds an amount.

	:param value: exact; see `exact`.
	:param places: the number of decimal places, from 0.
	:param method: LEGACY, BANKERS or COMMERCIAL; an amount in the middle becomes the greater one, the even
		one, or the one that is further from zero. LEGACY without decimal places is BANKERS.
	:raises ValueError: there is no such method.
	"""
	unit = Decimal(1).scaleb(-places)
	if method == COMMERCIAL:
		return value.quantize(unit, rounding=ROUND_HALF_UP)
	if method == BANKERS or (method == LEGACY and not places):
		return value.quantize(unit, rounding=ROUND_HALF_EVEN)
	if method != LEGACY:
		raise ValueError(f"unknown rounding method: {method}")
	return (value + unit / 2).quantize(unit, rounding=ROUND_FLOOR)


def exact(value: float | int | str | Decimal | None) -> Decimal:
	"""Returns the amount that a field of Frappe stands for: the shortest decimal number that is stored as
	this float. None is 0."""
	return value if isinstance(value, Decimal) else Decimal(str(value or 0))


def places(smallest_unit: float | None, number_format: str | None) -> int:
	"""Returns the decimal places of a currency from its record; DEFAULT_PLACES if it says nothing.

	:param smallest_unit: its smallest coin, e.g. 0.05, which has two places; empty if not known.
	:param number_format: e.g. "#,###.##", "#.###,##" or "#,###", which has none.
	"""
	if smallest_unit and smallest_unit > 0:
		exponent = Decimal(str(smallest_unit)).normalize().as_tuple().exponent
		return max(0, -int(exponent))
	return PLACES_OF_FORMAT.get(number_format or "", DEFAULT_PLACES)

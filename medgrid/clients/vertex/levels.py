"""The levels that taxes are summed by, and sums of them. Pure, and in Decimal throughout.

See docs/sales-tax.md, "What is written".
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

ZERO = Decimal(0)
# The largest difference between a total and the sum of its parts that is taken for rounding.
TOLERANCE = Decimal("0.05")
_RATE_PLACES = Decimal("0.000001")


class Level(Enum):
	"""The levels, in the order of a document's rows."""

	COUNTRY = "Country"
	STATE = "State"
	COUNTY = "County"
	CITY = "City"
	DISTRICT = "District"
	# An amount per document or piece, which no rate explains: a row of its own for each imposition.
	FEE = "Fee"


ORDER = tuple(Level)
_LEVELS = {
	"COUNTRY": Level.COUNTRY,
	"TRADE_BLOCK": Level.COUNTRY,
	"STATE": Level.STATE,
	"PROVINCE": Level.STATE,
	"TERRITORY": Level.STATE,
	"COUNTY": Level.COUNTY,
	"PARISH": Level.COUNTY,
	"CITY": Level.CITY,
	"BOROUGH": Level.CITY,
	"TOWNSHIP": Level.CITY,
}
_FLAT = ("FLAT_TAX", "TIERED_FLAT")


def level_of(jurisdiction_type: str | None, tax_structure: str | None) -> Level:
	"""The level of a tax.

	:param jurisdiction_type: Vertex' `jurisdictionType`; types that are not known are districts.
	:param tax_structure: Vertex' `taxStructure`; a tax without a rate is a fee, whatever its jurisdiction.
	"""
	structure = (tax_structure or "").upper()
	if structure in _FLAT or structure.startswith("QUANTITY"):
		return Level.FEE
	return _LEVELS.get((jurisdiction_type or "").upper(), Level.DISTRICT)


def total(amounts: Iterable[Decimal]) -> Decimal:
	"""The sum of some amounts; 0 for none."""
	return sum(amounts, ZERO)


def difference(stated: Decimal, kept: Decimal, left_out: Sequence[Decimal]) -> Decimal:
	"""What must be added to the kept amounts so that they explain a stated total.

	Nobody documents whether Vertex' totals include the amounts that are not the buyer's. Each group of them
	may therefore be in the total or not; the explanation that leaves the smallest difference is the one.

	:param stated: Vertex' total.
	:param kept: the sum of the amounts that are the buyer's.
	:param left_out: the sums of the groups of other amounts.
	:returns: the smallest difference; on a tie, that of the total with fewer of the groups.
	"""
	if not any(left_out):
		return stated - kept
	explained = [kept]
	for group in left_out:
		explained += [amount + group for amount in explained]
	return min((stated - amount for amount in explained), key=abs)


def rounded_rate(tax: Decimal, taxable: Decimal) -> Decimal:
	"""Tax ÷ taxable amount as a fraction with 6 decimals; 0 without a taxable amount."""
	if not taxable:
		return ZERO
	return (tax / taxable).quantize(_RATE_PLACES, rounding=ROUND_HALF_UP)

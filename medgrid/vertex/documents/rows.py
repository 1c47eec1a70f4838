"""The taxes of a document's lines, and the rows of its `taxes` table that they become. Pure, in Decimal.

See docs/sales-tax.md, "What is written".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from medgrid.clients.vertex.calculation import Calculation
from medgrid.clients.vertex.levels import ORDER, ZERO, Level, total
from medgrid.orders.money import rounded_together
from medgrid.orders.taxes import FEE, LineTaxes

# `vertex_level` of a row for all levels, and of the row that takes the tax out of prices that include it.
ALL, INCLUDED = "All", "Included"
_FEE = Level.FEE.value
_LEVELS = [level.value for level in ORDER if level is not Level.FEE]


@dataclass(frozen=True)
class TaxRow:
	"""One row.

	:param level: `vertex_level`: a level, "Fee", "All" or "Included".
	:param description: what the customer reads.
	"""

	level: str
	description: str
	amount: Decimal


def line_taxes(calculation: Calculation) -> dict[int, dict[str, Decimal]]:
	"""The taxes of each line by key, without amounts of 0."""
	lines: dict[int, dict[str, Decimal]] = {}
	for line in calculation.lines:
		amounts: dict[str, Decimal] = {}
		for tax in line.taxes:
			level, name = tax.kind.level, tax.kind.row[1]
			key = _fee_key(name) if level is Level.FEE else level.value
			amounts[key] = amounts.get(key, ZERO) + tax.amount
		lines[line.number] = {key: amount for key, amount in amounts.items() if amount}
	return lines


def tax_rows(taxes: LineTaxes, *, one_row: bool, places: int, is_included: bool) -> list[TaxRow]:
	"""The rows of a document: one for each level, or one for all; then one for each fee.

	:param one_row: whether all levels share one row. A fee has a row of its own always: Colorado and
		Minnesota demand it.
	:param places: the decimals of the amounts in the document; they add up to the tax, rounded.
	:param is_included: whether the prices include the tax: a last row takes it out of the income again, so
		that the grand total is the price.
	:returns: no row without an amount.
	"""
	sums: dict[str, Decimal] = {}
	for amounts in taxes.values():
		for key, amount in amounts.items():
			sums[key] = sums.get(key, ZERO) + amount
	rows = [*_level_rows(sums, one_row), *_fee_rows(sums)]
	rounded = _rounded([row.amount for row in rows], places)
	rows = [replace(row, amount=amount) for row, amount in zip(rows, rounded, strict=True) if amount]
	charged = total(row.amount for row in rows)
	if is_included and charged:
		rows.append(TaxRow(INCLUDED, "Tax included in prices", -charged))
	return rows


def charged_tax(rows: Iterable[TaxRow]) -> Decimal:
	"""The tax of a document: the sum of its rows, but for the one that takes it out of the prices."""
	return total(row.amount for row in rows if row.level != INCLUDED)


def _level_rows(sums: Mapping[str, Decimal], one_row: bool) -> list[TaxRow]:
	known = [(level, sums[level]) for level in _LEVELS if level in sums]
	if one_row:
		return [TaxRow(ALL, "Sales tax", total(amount for _level, amount in known))]
	return [TaxRow(level, f"{level} tax", amount) for level, amount in known]


def _fee_rows(sums: Mapping[str, Decimal]) -> list[TaxRow]:
	fees = sorted(key for key in sums if key not in _LEVELS)
	return [TaxRow(_FEE, _fee_name(key), sums[key]) for key in fees]


def _fee_key(name: str) -> str:
	return f"{FEE}{name}"


def _fee_name(key: str) -> str:
	return key.removeprefix(FEE)


def _rounded(amounts: list[Decimal], places: int) -> list[Decimal]:
	# So that what is returned is exactly the opposite of what was sold.
	sign = -1 if total(amounts) < 0 else 1
	return [sign * amount for amount in rounded_together([sign * amount for amount in amounts], places)]

"""The taxes of a Sales Order, and the part of them that belongs to some of its rows. Pure, in Decimal.

See docs/sales-tax.md, "What is written".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from medgrid.http_client.json_reader import JsonLimits, JsonRefused, read_json
from medgrid.http_client.json_writer import write_json
from medgrid.orders.lines import OrderLine
from medgrid.orders.money import rounded_together

# How the key of a fee begins; the fee's name follows. All other keys are levels of jurisdictions.
FEE = "Fee: "
LIMITS = JsonLimits(max_bytes=8 * 1024 * 1024, max_depth=3, max_elements=200_000)
_LEVELS = ("Country", "State", "County", "City", "District")
_RATE_PLACES = 6

# By the number of the line, from 1: the amounts by key.
LineTaxes = Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True)
class TaxedRow:
	"""A row of the table `taxes` that is a tax.

	:param amount: what the customer pays of it for the whole order, in the order's currency.
	:param is_included: whether the prices of the rows include it.
	"""

	title: str
	amount: Decimal
	is_included: bool = False


@dataclass(frozen=True)
class OrderTaxes:
	"""The taxes of a Sales Order.

	:param of_lines: what Vertex says of each row; None: it does not tax the order.
	:param rows: the taxes of an order that Vertex does not tax.
	:param are_included: whether the prices of the rows include the taxes, all of them.
	"""

	of_lines: LineTaxes | None = None
	rows: tuple[TaxedRow, ...] = ()
	are_included: bool = False


def without_included(taxes: OrderTaxes, every_line: Sequence[OrderLine], places: int) -> dict[str, Decimal]:
	"""What the customer pays for the rows of an order whose prices include some of its taxes and not the
	others, less those that are included. A tax line cannot say whether it is: all are told as on top then.

	:returns: amounts by row; none if prices include all taxes, or none.
	"""
	included = sum((Fraction(row.amount) for row in taxes.rows if row.is_included), Fraction())
	whole = sum((Fraction(line.net_amount) for line in every_line), Fraction())
	if taxes.are_included or not included or not whole:
		return {}
	amounts = [Fraction(line.amount) - included * Fraction(line.net_amount) / whole for line in every_line]
	rows = [line.row for line in every_line]
	return dict(zip(rows, rounded_together(amounts, places), strict=True))


@dataclass(frozen=True)
class TaxLine:
	"""One tax of some rows together.

	:param rate: a fraction with at most 6 decimals, 0.0625 for 6.25 %.
	:param amount: in whole units of the currency, more than 0.
	"""

	title: str
	rate: Decimal
	amount: Decimal


def tax_lines(
	taxes: OrderTaxes, lines: Iterable[OrderLine], every_line: Iterable[OrderLine], places: int
) -> list[TaxLine]:
	"""The taxes of the open pieces of some rows: one for each level and fee that Vertex says, else one for
	each row of the table `taxes`.

	:param lines: the rows.
	:param every_line: all rows of the order: a tax of the order is divided among them by their net amounts.
	:param places: the decimal places of the currency's smallest unit.
	:returns: their amounts add up to the tax of these rows, rounded half up; a negative tax is taken off the
		others, in proportion.
	"""
	chosen = list(lines)
	if taxes.of_lines is not None:
		sums = _by_key(taxes.of_lines, chosen)
	else:
		sums = _by_row(taxes.rows, chosen, list(every_line))
	sums = _without_negative(sums)
	# Vertex' taxes are in ERPNext's net amounts where prices include them; ERPNext's own taxes are not.
	in_net = taxes.are_included and taxes.of_lines is not None
	included = sum((each.amount for each in sums), Fraction()) if in_net else Fraction()
	amounts = rounded_together([each.amount for each in sums], places)
	return [
		TaxLine(each.title, _rate(each.amount, each.base - included), amount)
		for each, amount in zip(sums, amounts, strict=True)
		if amount > 0
	]


@dataclass(frozen=True)
class _Sum:
	title: str
	amount: Fraction
	base: Fraction = field(default=Fraction())


def _without_negative(sums: list[_Sum]) -> list[_Sum]:
	"""Takes negative taxes off the others: Shopify knows none."""
	positive = [each for each in sums if each.amount > 0]
	if len(positive) == len(sums):
		return sums
	whole = sum((each.amount for each in positive), Fraction())
	left = max(sum((each.amount for each in sums), Fraction()), Fraction())
	return [replace(each, amount=each.amount * left / whole) for each in positive]


def _open_part(line: OrderLine) -> Fraction:
	return Fraction(line.quantity) / Fraction(line.ordered) if line.ordered else Fraction()


def _net(lines: Iterable[OrderLine]) -> Fraction:
	return sum((Fraction(line.net_amount) * _open_part(line) for line in lines), Fraction())


def _by_key(of_lines: LineTaxes, lines: list[OrderLine]) -> list[_Sum]:
	keys = {key for line in lines for key in of_lines.get(line.number, {})}
	known = [level for level in _LEVELS if level in keys]
	return [_sum_of(key, of_lines, lines) for key in (*known, *sorted(keys - set(known)))]


def _sum_of(key: str, of_lines: LineTaxes, lines: list[OrderLine]) -> _Sum:
	taxed = [line for line in lines if key in of_lines.get(line.number, {})]
	amount = sum((Fraction(of_lines[line.number][key]) * _open_part(line) for line in taxed), Fraction())
	return _Sum(key.removeprefix(FEE) if key.startswith(FEE) else f"{key} tax", amount, _net(taxed))


def _by_row(rows: Iterable[TaxedRow], lines: list[OrderLine], every_line: list[OrderLine]) -> list[_Sum]:
	whole = sum((Fraction(line.net_amount) for line in every_line), Fraction())
	if not whole:
		return []
	net = _net(lines)
	return [_Sum(row.title, Fraction(row.amount) * net / whole, net) for row in rows]


def _rate(amount: Fraction, base: Fraction) -> Decimal:
	if base <= 0:
		return Decimal(0)
	return rounded_together([amount / base], _RATE_PLACES)[0]


def total_tax(taxes: LineTaxes) -> Decimal:
	"""The sum of all taxes of all lines."""
	return sum((amount for amounts in taxes.values() for amount in amounts.values()), Decimal(0))


def to_text(taxes: LineTaxes) -> str:
	"""The JSON that `vertex_line_taxes` holds: `{"1": {"State": 3.56}}`."""
	return write_json({str(number): dict(amounts) for number, amounts in taxes.items()}, sort_keys=True)


def from_text(text: str | None) -> dict[int, dict[str, Decimal]]:
	"""The taxes that `to_text` wrote; none for a text that it did not write."""
	if not text:
		return {}
	try:
		content = read_json(text.encode(), LIMITS, exact=True)
		return {
			int(number): {str(key): Decimal(amount) for key, amount in amounts.items()}
			for number, amounts in content.items()
		}
	except (JsonRefused, ValueError, TypeError, AttributeError, ArithmeticError):
		return {}

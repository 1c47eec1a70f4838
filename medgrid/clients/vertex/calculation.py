"""Reads what Vertex calculated: which taxes are the buyer's, and whether the sums add up. Pure.

An answer is accepted only if its parts explain its totals. Then the totals of MedGrid's own values are
exactly the sums of their parts, to the last digit. See docs/sales-tax.md, "What is written" and
docs/adr/0047-vertex-answers-are-read-by-msgspec.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from msgspec.structs import replace

from medgrid.clients.vertex.answers import RemoteLine, RemoteSale
from medgrid.clients.vertex.levels import (
	ORDER,
	TOLERANCE,
	ZERO,
	Level,
	difference,
	rounded_rate,
	total,
)
from medgrid.clients.vertex.responses import SERVICE
from medgrid.clients.vertex.taxes import Line, Payer, Tax, TaxKind, line_of
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.http_client.errors import UnexpectedResponse

# The sums of the two groups of taxes that the buyer does not pay.
LeftOut = tuple[Decimal, Decimal]
_NONE_LEFT_OUT: LeftOut = (ZERO, ZERO)
_WHOLE = TaxKind(Level.STATE)


@dataclass(frozen=True)
class LevelSum:
	"""The taxes of one level, or one fee.

	:param title: what a buyer reads: "State tax", "Retail Delivery Fee".
	:param rate: a fraction with at most 6 decimals, unless Vertex states one with more.
	"""

	level: Level
	title: str
	rate: Decimal
	amount: Decimal


@dataclass(frozen=True)
class Calculation:
	"""What Vertex calculated for a sale.

	:param lines: in the order of the request.
	"""

	lines: tuple[Line, ...]

	@cached_property
	def total_tax(self) -> Decimal:
		return total([line.total_tax for line in self.lines])

	def by_level(self) -> list[LevelSum]:
		"""The taxes summed by level, without sums of 0; fees come last, one for each imposition."""
		rows: dict[TaxKind, tuple[int, str]] = {}
		groups: dict[tuple[int, str], dict[int, list[Tax]]] = {}
		for line in self.lines:
			for tax in line.taxes:
				row = rows.get(tax.kind) or rows.setdefault(tax.kind, tax.kind.row)
				groups.setdefault(row, {}).setdefault(line.number, []).append(tax)
		sums = (_level_sum(row, list(groups[row].values())) for row in sorted(groups))
		return [each for each in sums if each.amount]


def read_calculation(answer: RemoteSale, request: SaleRequest) -> Calculation:
	"""Reads an answer to a request.

	:raises UnexpectedResponse: it is not an answer to this request, or its sums do not add up.
	"""
	_check_echo(answer, request)
	numbers = [line.lineItemNumber for line in request.lineItems]
	found = {line.number: line for line in answer.lines}
	if len(answer.lines) != len(numbers) or found.keys() != set(numbers):
		raise _unexpected("the lines are not those of the request")
	read = [_read_line(found[number]) for number in numbers]
	lines = [line for line, _left_out in read]
	left_out = [total(group) for group in zip(*(each for _line, each in read), strict=True)]
	missing = difference(answer.total_tax, total([line.total_tax for line in lines]), left_out)
	if abs(missing) > TOLERANCE:
		raise _unexpected("the lines' taxes do not add up to the total tax")
	return Calculation(tuple(_with_difference(lines, missing)))


def _check_echo(answer: RemoteSale, request: SaleRequest) -> None:
	echo = answer.echo
	if echo.saleMessageType not in (None, request.saleMessageType):
		raise _unexpected("an answer to another type of message")
	if request.transactionId and echo.transactionId not in (None, request.transactionId):
		raise _unexpected("an answer to another transaction")


def _read_line(line: RemoteLine) -> tuple[Line, LeftOut]:
	if not line.taxes:
		whole = (Tax(_WHOLE, line.total_tax),) if line.total_tax else ()
		return line_of(line.number, whole), _NONE_LEFT_OUT
	kept = tuple([tax for tax in line.taxes if tax.kind.payer is Payer.BUYER])
	left_out = _NONE_LEFT_OUT if len(kept) == len(line.taxes) else _sums_left_out(line.taxes)
	read = line_of(line.number, kept)
	missing = difference(line.total_tax, read.total_tax, left_out)
	if abs(missing) > TOLERANCE:
		raise _unexpected("a line's taxes do not add up to its total tax")
	return _increased(read, missing), left_out


def _sums_left_out(taxes: Sequence[Tax]) -> LeftOut:
	not_due, by_seller = (
		total([tax.amount for tax in taxes if tax.kind.payer is payer])
		for payer in (Payer.NOBODY_YET, Payer.SELLER)
	)
	return not_due, by_seller


def _increased(line: Line, amount: Decimal) -> Line:
	"""Adds an amount to the largest tax. Without a tax there is nothing that the buyer pays."""
	if not amount or not line.taxes:
		return line
	taxes = list(line.taxes)
	largest = max(range(len(taxes)), key=lambda index: abs(taxes[index].amount))
	taxes[largest] = replace(taxes[largest], amount=taxes[largest].amount + amount)
	return line_of(line.number, tuple(taxes))


def _with_difference(lines: list[Line], amount: Decimal) -> list[Line]:
	"""Adds an amount to the largest tax of the line with the largest tax."""
	taxed = [index for index, line in enumerate(lines) if line.taxes]
	if not amount or not taxed:
		return lines
	largest = max(taxed, key=lambda index: max(abs(tax.amount) for tax in lines[index].taxes))
	return [*lines[:largest], _increased(lines[largest], amount), *lines[largest + 1 :]]


def _level_sum(row: tuple[int, str], by_line: Sequence[Sequence[Tax]]) -> LevelSum:
	level, name = ORDER[row[0]], row[1]
	amount = total([tax.amount for group in by_line for tax in group])
	return LevelSum(level, name or f"{level.value} tax", _rate_of(by_line, amount), amount)


def _rate_of(by_line: Sequence[Sequence[Tax]], amount: Decimal) -> Decimal:
	"""The rate that Vertex states, if it is one and the same for all; otherwise the mean rate. Two taxes of
	one level on a line have one base."""
	counted = [[tax for tax in group if tax.taxable or tax.amount] for group in by_line]
	rates = {kind.rate for kind in {tax.kind for group in counted for tax in group}}
	if len(rates) == 1 and all(len(group) <= 1 for group in counted):
		[rate] = rates
		if rate is not None:
			return rate
	base = total(max((tax.taxable for tax in group), key=abs) for group in counted if group)
	return rounded_rate(amount, base)


def _unexpected(reason: str) -> UnexpectedResponse:
	return UnexpectedResponse(reason, service=SERVICE, was_sent=True)

"""Reads what Vertex calculated: which taxes are the buyer's, and whether the sums add up. Pure.

An answer is accepted only if its parts explain its totals. Then the totals of MedGrid's own values are
exactly the sums of their parts, to the last digit. Design for Vertex: sections 4.5 and 6.1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from medgrid.clients.vertex.levels import (
	ORDER,
	TOLERANCE,
	ZERO,
	Level,
	difference,
	level_of,
	rounded_rate,
	total,
)
from medgrid.clients.vertex.responses import SERVICE
from medgrid.clients.vertex.wire import RemoteLine, RemoteSale, RemoteTax, SaleRequest
from medgrid.http_client.errors import UnexpectedResponse

# Amounts that Vertex calculates and the buyer does not pay now.
_NOT_DUE = ("DEFERRED", "NO_TAX")
_PAID_BY_SELLER = "SELLER"
_FEE_WITHOUT_NAME = "Fee"


@dataclass(frozen=True)
class Tax:
	"""One tax of a line that the buyer pays.

	:param jurisdiction: its name, e.g. "ILLINOIS"; empty: Vertex names none.
	:param imposition: the name of the tax, e.g. "Sales and Use Tax".
	:param rate: a fraction; None: no rate explains the amount.
	"""

	level: Level
	amount: Decimal
	jurisdiction: str = ""
	jurisdiction_type: str = ""
	jurisdiction_id: str = ""
	imposition: str = ""
	result: str = ""
	taxable: Decimal = ZERO
	non_taxable: Decimal = ZERO
	exempt: Decimal = ZERO
	rate: Decimal | None = None

	@property
	def row(self) -> tuple[int, str]:
		"""What taxes are summed by, and the order of the sums: the level, and for a fee its name."""
		name = (self.imposition or _FEE_WITHOUT_NAME) if self.level is Level.FEE else ""
		return ORDER.index(self.level), name


@dataclass(frozen=True)
class Line:
	"""The taxes of one line.

	:param number: `lineItemNumber` of the request.
	"""

	number: int
	taxes: tuple[Tax, ...]

	@property
	def total_tax(self) -> Decimal:
		return total(tax.amount for tax in self.taxes)


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

	@property
	def total_tax(self) -> Decimal:
		return total(line.total_tax for line in self.lines)

	def by_level(self) -> list[LevelSum]:
		"""The taxes summed by level, without sums of 0; fees come last, one for each imposition."""
		groups: dict[tuple[int, str], dict[int, list[Tax]]] = {}
		for line in self.lines:
			for tax in line.taxes:
				groups.setdefault(tax.row, {}).setdefault(line.number, []).append(tax)
		sums = (_level_sum(row, list(groups[row].values())) for row in sorted(groups))
		return [each for each in sums if each.amount]


def read_calculation(answer: RemoteSale, request: SaleRequest) -> Calculation:
	"""Reads an answer to a request.

	:raises UnexpectedResponse: it is not an answer to this request, or its sums do not add up.
	"""
	_check_echo(answer, request)
	numbers = [line.lineItemNumber for line in request.lineItems]
	found = {line.lineItemNumber: line for line in answer.lineItems}
	if len(answer.lineItems) != len(numbers) or set(found) != set(numbers):
		raise _unexpected("the lines are not those of the request")
	lines = [_read_line(found[number]) for number in numbers]
	left_out = _sums_left_out(chain.from_iterable(line.taxes for line in answer.lineItems))
	missing = difference(answer.totalTax, total(line.total_tax for line in lines), left_out)
	if abs(missing) > TOLERANCE:
		raise _unexpected("the lines' taxes do not add up to the total tax")
	return Calculation(tuple(_with_difference(lines, missing)))


def _check_echo(answer: RemoteSale, request: SaleRequest) -> None:
	if answer.saleMessageType not in (None, request.saleMessageType):
		raise _unexpected("an answer to another type of message")
	if request.transactionId and answer.transactionId not in (None, request.transactionId):
		raise _unexpected("an answer to another transaction")


def _read_line(line: RemoteLine) -> Line:
	if not line.taxes:
		whole = (Tax(Level.STATE, line.totalTax),) if line.totalTax else ()
		return Line(line.lineItemNumber, whole)
	kept = tuple(_read_tax(tax) for tax in line.taxes if _is_due(tax))
	sum_of_kept = total(tax.amount for tax in kept)
	missing = difference(line.totalTax, sum_of_kept, _sums_left_out(line.taxes))
	if abs(missing) > TOLERANCE:
		raise _unexpected("a line's taxes do not add up to its total tax")
	return Line(line.lineItemNumber, _increased(kept, missing))


def _read_tax(tax: RemoteTax) -> Tax:
	jurisdiction, imposition = tax.jurisdiction, tax.imposition
	jurisdiction_type = (jurisdiction and jurisdiction.jurisdictionType) or ""
	return Tax(
		level_of(jurisdiction_type, tax.taxStructure),
		tax.calculatedTax,
		jurisdiction=(jurisdiction and jurisdiction.value) or "",
		jurisdiction_type=jurisdiction_type,
		jurisdiction_id=(jurisdiction and jurisdiction.jurisdictionId) or "",
		imposition=(imposition and imposition.value) or "",
		result=tax.taxResult or "",
		taxable=tax.taxable or ZERO,
		non_taxable=tax.nonTaxable or ZERO,
		exempt=tax.exempt or ZERO,
		rate=tax.effectiveRate,
	)


def _is_due(tax: RemoteTax) -> bool:
	return not _is_not_due_yet(tax) and not _is_paid_by_seller(tax)


def _is_not_due_yet(tax: RemoteTax) -> bool:
	return (tax.taxResult or "").upper() in _NOT_DUE


def _is_paid_by_seller(tax: RemoteTax) -> bool:
	return (tax.taxCollectedFromParty or "").upper() == _PAID_BY_SELLER


def _sums_left_out(taxes: Iterable[RemoteTax]) -> tuple[Decimal, Decimal]:
	"""The sums of the two groups of taxes that the buyer does not pay."""
	not_due = paid_by_seller = ZERO
	for tax in taxes:
		if _is_not_due_yet(tax):
			not_due += tax.calculatedTax
		elif _is_paid_by_seller(tax):
			paid_by_seller += tax.calculatedTax
	return not_due, paid_by_seller


def _increased(taxes: Sequence[Tax], amount: Decimal) -> tuple[Tax, ...]:
	"""Adds an amount to the largest tax. Without a tax there is nothing that the buyer pays."""
	if not amount or not taxes:
		return tuple(taxes)
	largest = max(range(len(taxes)), key=lambda index: abs(taxes[index].amount))
	changed = replace(taxes[largest], amount=taxes[largest].amount + amount)
	return (*taxes[:largest], changed, *taxes[largest + 1 :])


def _with_difference(lines: list[Line], amount: Decimal) -> list[Line]:
	"""Adds an amount to the largest tax of the line with the largest tax."""
	taxed = [index for index, line in enumerate(lines) if line.taxes]
	if not amount or not taxed:
		return lines
	largest = max(taxed, key=lambda index: max(abs(tax.amount) for tax in lines[index].taxes))
	changed = replace(lines[largest], taxes=_increased(lines[largest].taxes, amount))
	return [*lines[:largest], changed, *lines[largest + 1 :]]


def _level_sum(row: tuple[int, str], by_line: Sequence[Sequence[Tax]]) -> LevelSum:
	level, name = ORDER[row[0]], row[1]
	amount = total(tax.amount for group in by_line for tax in group)
	return LevelSum(level, name or f"{level.value} tax", _rate_of(by_line, amount), amount)


def _rate_of(by_line: Sequence[Sequence[Tax]], amount: Decimal) -> Decimal:
	"""The rate that Vertex states, if it is one and the same for all; otherwise the mean rate. Two taxes of
	one level on a line have one base."""
	counted = [[tax for tax in group if tax.taxable or tax.amount] for group in by_line]
	rates = {tax.rate for group in counted for tax in group}
	if len(rates) == 1 and all(len(group) <= 1 for group in counted):
		[rate] = rates
		if rate is not None:
			return rate
	base = total(max((tax.taxable for tax in group), key=abs) for group in counted if group)
	return rounded_rate(amount, base)


def _unexpected(reason: str) -> UnexpectedResponse:
	return UnexpectedResponse(reason, service=SERVICE, was_sent=True)

"""The taxes of each line, rounded by line or by document."""

from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.simulators.vertex.access.clients import Company
from sandbox.simulators.vertex.supplies import places
from sandbox.simulators.vertex.supplies.areas import Area, Levy
from sandbox.simulators.vertex.supplies.models import Line, Sale
from sandbox.simulators.vertex.supplies.prices import amounts, rounded

NOT_TAXED = {"RX", "MEDICAL-EXEMPT"}
SHIPPING = "SHIPPING"

TAXABLE, NONTAXABLE, EXEMPT, NO_TAX = "TAXABLE", "NONTAXABLE", "EXEMPT", "NO_TAX"


@dataclass
class Tax:
	"""
	:param base: what it is taken of.
	:param amount: in cents.
	"""

	levy: Levy
	result: str
	base: Decimal
	amount: Decimal = Decimal()
	is_registered: bool = True

	def exact(self) -> Decimal:
		"""Before it is rounded."""
		return self.base * self.levy.rate if self.result == TAXABLE else Decimal()


@dataclass
class TaxedLine:
	"""
	:param price: less the discounts; with the tax if the line says that it includes it.
	"""

	line: Line
	number: int
	area: Area
	price: Decimal
	taxes: list[Tax] = field(default_factory=list)

	def total_tax(self) -> Decimal:
		return sum((tax.amount for tax in self.taxes), Decimal())

	def includes_tax(self) -> bool:
		return bool(self.line.tax_included_indicator)

	def net(self) -> Decimal:
		"""The price without the tax."""
		return self.price - self.total_tax() if self.includes_tax() else self.price


def tax(sale: Sale, company: Company | None) -> list[TaxedLine]:
	"""
	:param company: the seller's; None: it has none, and taxes everywhere.
	:raises ApiRefused: an address has no tax area, or a line no price.
	"""
	lines = [_taxed(sale, line, number, price, company) for line, number, price in _numbered(sale)]
	if not sale.round_at_line_level:
		_round_by_document(sale, lines)
	_add_fees(sale, lines, company)
	return lines


def _numbered(sale: Sale) -> list[tuple[Line, int, Decimal]]:
	numbers = [
		position if line.line_item_number is None else line.line_item_number
		for position, line in enumerate(sale.line_items, 1)
	]
	return list(zip(sale.line_items, numbers, amounts(sale), strict=True))


def _taxed(sale: Sale, line: Line, number: int, price: Decimal, company: Company | None) -> TaxedLine:
	if origin := sale.origin_of(line):
		places.area_of(origin)
	area = places.area_of(sale.destination_of(line))
	taxed = TaxedLine(line, number, area, price)
	product_class = line.product.product_class if line.product else None
	if product_class == SHIPPING and not area.taxes_freight:
		return taxed
	registered = _is_registered(company, area)
	exempt = sale.customer_of(line).is_exempt()
	results = [_result(levy, registered, exempt, product_class in NOT_TAXED) for levy in area.levies]
	judged = list(zip(area.levies, results, strict=True))
	base = _base(taxed, [levy for levy, result in judged if result == TAXABLE])
	for levy, result in judged:
		entry = Tax(levy, result, base, is_registered=registered)
		entry.amount = rounded(entry.exact(), sale)
		taxed.taxes.append(entry)
	return taxed


def _result(levy: Levy, is_registered: bool, is_exempt: bool, is_not_taxed: bool) -> str:
	if not levy.rate or not is_registered:
		return NO_TAX
	if is_exempt:
		return EXEMPT
	return NONTAXABLE if is_not_taxed else TAXABLE


def _base(line: TaxedLine, levies: list[Levy]) -> Decimal:
	"""The price, or the part of it that is no tax."""
	if not line.includes_tax():
		return line.price
	return line.price / (1 + sum((levy.rate for levy in levies), Decimal()))


def _is_registered(company: Company | None, area: Area) -> bool:
	return not area.division or company is None or company.is_registered_in(area.division)


def _round_by_document(sale: Sale, lines: list[TaxedLine]) -> None:
	"""What a jurisdiction takes of the document is rounded once; the difference is its largest line's."""
	by_levy: dict[tuple[str, str], list[Tax]] = {}
	for entry in (tax for line in lines for tax in line.taxes):
		key = (entry.levy.jurisdiction.id, entry.levy.imposition)
		by_levy.setdefault(key, []).append(entry)
	for entries in by_levy.values():
		exact = rounded(sum((entry.exact() for entry in entries), Decimal()), sale)
		by_line = sum((entry.amount for entry in entries), Decimal())
		max(entries, key=lambda entry: abs(entry.base)).amount += exact - by_line


def _add_fees(sale: Sale, lines: list[TaxedLine], company: Company | None) -> None:
	"""Each fee once per document, on the first line that goes there, if anything is sold.

	Nobody pays it for a customer who is exempt, or to a seller who is not registered.
	"""
	by_fee: dict[Levy, list[TaxedLine]] = {}
	for line in lines:
		is_exempt = sale.customer_of(line.line).is_exempt()
		if line.area.fee and _is_registered(company, line.area) and not is_exempt:
			by_fee.setdefault(line.area.fee, []).append(line)
	for fee, there in by_fee.items():
		if sum((line.price for line in there), Decimal()) > 0:
			there[0].taxes.append(Tax(fee, TAXABLE, there[0].price, fee.flat))

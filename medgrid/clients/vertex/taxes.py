"""The taxes of a calculation, as MedGrid knows them. Pure, in Decimal.

A sale of 1,000 lines has some 4,000 of them, so they are msgspec's structs, which are made in a tenth of a
frozen dataclass' time. What stands in each line again is a TaxKind, which is made once.
See docs/adr/0047-vertex-answers-are-read-by-msgspec.md.
"""

from decimal import Decimal
from enum import Enum

from msgspec import Struct

from medgrid.clients.vertex.levels import ORDER, ZERO, Level, total

_FEE_WITHOUT_NAME = "Fee"


class Payer(Enum):
	"""Who pays a tax, and when."""

	BUYER = "buyer"
	NOBODY_YET = "nobody yet"
	SELLER = "seller"


class TaxKind(Struct, frozen=True, eq=False):
	"""What the taxes of one jurisdiction and imposition have in common. It is found by its identity, which is
	fast; two may say the same.

	:param jurisdiction: its name, e.g. "ILLINOIS"; empty: Vertex names none.
	:param imposition: the name of the tax, e.g. "Sales and Use Tax".
	:param result: Vertex' `taxResult`.
	:param rate: a fraction; None: no rate explains the amounts.
	"""

	level: Level
	payer: Payer = Payer.BUYER
	jurisdiction: str = ""
	jurisdiction_type: str = ""
	jurisdiction_id: str = ""
	imposition: str = ""
	result: str = ""
	rate: Decimal | None = None

	@property
	def row(self) -> tuple[int, str]:
		"""What taxes are summed by, and the order of the sums: the level, and for a fee its name."""
		name = (self.imposition or _FEE_WITHOUT_NAME) if self.level is Level.FEE else ""
		return ORDER.index(self.level), name


class Tax(Struct, frozen=True, gc=False):
	"""One tax of a line."""

	kind: TaxKind
	amount: Decimal
	taxable: Decimal = ZERO
	non_taxable: Decimal = ZERO
	exempt: Decimal = ZERO


class Line(Struct, frozen=True):
	"""The taxes of one line that the buyer pays.

	:param number: `lineItemNumber` of the request.
	"""

	number: int
	taxes: tuple[Tax, ...]
	total_tax: Decimal


def line_of(number: int, taxes: tuple[Tax, ...]) -> Line:
	"""A line with its sum."""
	return Line(number, taxes, total([tax.amount for tax in taxes]))

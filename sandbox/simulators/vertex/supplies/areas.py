"""Tax areas: which jurisdictions tax what is delivered there, at which rates."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Jurisdiction:
	"""
	:param type: one of Vertex' jurisdiction types, such as STATE or TRANSIT_DISTRICT.
	"""

	value: str
	type: str
	id: str


@dataclass(frozen=True)
class Levy:
	"""What one jurisdiction takes: a part of each price, or a flat amount of a document.

	:param rate: 0.0625 for 6.25 %; 0: it taxes no prices.
	:param flat: a fee in dollars.
	:param imposition: what it is called.
	"""

	jurisdiction: Jurisdiction
	rate: Decimal = Decimal()
	flat: Decimal = Decimal()
	imposition: str = "Sales and Use Tax"
	imposition_type: str = "General Sales and Use Tax"
	tax_type: str = "SALES"

	@property
	def structure(self) -> str:
		return "FLAT_TAX" if self.flat else "SINGLE_RATE"


@dataclass(frozen=True)
class Area:
	"""
	:param id: nine digits.
	:param division: state or province, by its abbreviation; empty abroad, where nobody has to be registered.
	:param taxes_freight: whether shipping charges are taxed like goods.
	:param fee: is due once per document.
	"""

	id: str
	division: str
	levies: tuple[Levy, ...]
	taxes_freight: bool = False
	fee: Levy | None = None

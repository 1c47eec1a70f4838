"""A row of a Sales Order as a packer sees it: pieces in the stock UOM, and the price of one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from medgrid.orders.problems import FractionalQuantity

ONE = Decimal(1)


@dataclass(frozen=True)
class OrderLine:
	"""
	:param row: the name of the Sales Order Item.
	:param number: its place in the order, from 1.
	:param quantity: not yet delivered, in the stock UOM.
	:param unit_price: of one in the stock UOM, in the order's currency.
	:param net_amount: of the whole row, delivered or not, in the order's currency.
	:param open_in_uom: not yet delivered, in the UOM of the sale.
	:param uom: of the sale.
	:param factor: how many of the stock UOM one of `uom` is.
	:param weight: of one in the stock UOM, in `weight_uom`; 0: not known.
	:param shipper: the Supplier who ships the row; None: nobody does.
	"""

	row: str
	number: int
	item: str
	item_name: str
	quantity: Decimal
	unit_price: Decimal
	net_amount: Decimal
	open_in_uom: Decimal
	uom: str
	stock_uom: str
	factor: Decimal = ONE
	weight: Decimal = Decimal(0)
	weight_uom: str | None = None
	shipper: str | None = None

	@property
	def is_open(self) -> bool:
		return self.quantity > 0


def in_stock_uom(quantity: Decimal, factor: Decimal, places: int) -> Decimal:
	"""A quantity of the sale in the stock UOM. Factors that do not end (a piece is 0.083333333 of a dozen)
	are why it is rounded, as ERPNext rounds `stock_qty`.

	:param places: decimal places that the document keeps of `stock_qty`.
	"""
	return rounded(quantity * (factor or ONE), places)


def price_of_one(rate: Decimal, factor: Decimal, places: int) -> Decimal:
	"""The price of one in the stock UOM.

	:param rate: of one in the UOM of the sale.
	:param places: decimal places that the document keeps of a rate.
	"""
	return rounded(rate / (factor or ONE), places)


def rounded(value: Decimal, places: int) -> Decimal:
	return value.quantize(ONE.scaleb(-places), rounding=ROUND_HALF_UP)


def whole_quantity(line: OrderLine) -> int:
	"""
	:returns: what is still open of a line, in the stock UOM.
	:raises FractionalQuantity: neither ShipStation nor Shopify knows parts of a piece.
	"""
	if line.quantity != int(line.quantity):
		raise FractionalQuantity(line.number, line.item, line.quantity, line.stock_uom)
	return int(line.quantity)


def open_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
	"""The lines of which something is not delivered yet."""
	return [line for line in lines if line.is_open]


def plain(value: Decimal) -> str:
	"""A quantity without zeros at its end and without exponent: 1.5, 20."""
	return format(value.normalize(), "f")

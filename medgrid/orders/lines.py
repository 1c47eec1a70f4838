"""A row of a Sales Order as a packer needs it: its quantity in the stock UOM and its unit price. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from medgrid.orders.problems import FractionalQuantity

ONE = Decimal(1)


@dataclass(frozen=True)
class OrderLine:
	"""A row of a Sales Order.

	:param row: the name of the Sales Order Item.
	:param number: the row's number in the order, from 1.
	:param quantity: the quantity that is not delivered yet, in the stock UOM.
	:param unit_price: the price of one stock UOM, in the order's currency.
	:param net_amount: the amount of the whole row, delivered or not, in the order's currency.
	:param open_in_uom: the quantity that is not delivered yet, in the UOM of the sale.
	:param uom: the UOM of the sale.
	:param factor: how many stock UOMs one `uom` contains.
	:param weight: the weight of one stock UOM, in `weight_uom`; 0: not known.
	:param shipper: the Supplier who ships the row; None: no Supplier does.
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
	"""Converts a quantity from the UOM of the sale to the stock UOM. It rounds as ERPNext rounds `stock_qty`,
	because a factor may be a repeating decimal (a piece is 0.083333333 of a dozen).

	:param places: the number of decimal places of `stock_qty` in the document.
	"""
	return rounded(quantity * (factor or ONE), places)


def price_of_one(rate: Decimal, factor: Decimal, places: int) -> Decimal:
	"""Returns the price of one stock UOM.

	:param rate: the price of one unit in the UOM of the sale.
	:param places: the number of decimal places of a rate in the document.
	"""
	return rounded(rate / (factor or ONE), places)


def rounded(value: Decimal, places: int) -> Decimal:
	"""Rounds half up to a number of decimal places."""
	return value.quantize(ONE.scaleb(-places), rounding=ROUND_HALF_UP)


def whole_quantity(line: OrderLine) -> int:
	"""Returns a line's quantity that is not delivered yet, in the stock UOM, as an integer.

	:raises FractionalQuantity: it is not a whole number, which neither ShipStation nor Shopify accepts.
	"""
	if line.quantity != int(line.quantity):
		raise FractionalQuantity(line.number, line.item, line.quantity, line.stock_uom)
	return int(line.quantity)


def open_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
	"""The lines that are not fully delivered yet."""
	return [line for line in lines if line.is_open]


def plain(value: Decimal) -> str:
	"""Formats a quantity without trailing zeros and without an exponent: 1.5, 20."""
	return format(value.normalize(), "f")

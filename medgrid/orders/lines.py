"""A row of a Sales Order in pieces, as a packer counts them, and what the customer pays for them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from medgrid.orders.money import exact_shares, rounded, rounded_together
from medgrid.orders.problems import FractionalQuantity

ONE = Decimal(1)


@dataclass(frozen=True)
class OrderLine:
	"""A row of a Sales Order.

	:param row: the name of the Sales Order Item.
	:param number: the row's number in the order, from 1.
	:param ordered: the quantity of the whole row, in the stock UOM.
	:param quantity: the quantity that is not delivered yet, in the stock UOM.
	:param amount: what the customer pays for the whole row, in whole units of the order's currency; see
		`row_amounts`.
	:param net_amount: the amount of the whole row without taxes, in the order's currency.
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
	ordered: Decimal
	quantity: Decimal
	amount: Decimal
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


def row_amounts(
	amounts: Sequence[Decimal],
	net_amounts: Sequence[Decimal],
	*,
	goods_total: Decimal | None,
	taxes_included: bool,
	places: int,
) -> list[Decimal]:
	"""Computes what the customer pays for each row: less its part of a discount on the whole order, with the
	taxes that the row's price includes, and without those that are added to it.

	:param amounts: the rows' quantities times their rates.
	:param net_amounts: the same without taxes; ERPNext has already taken the discount off them.
	:param goods_total: what the customer pays for all rows together; None: the order has no discount.
	:param taxes_included: whether the rates include taxes.
	:param places: the number of decimal places of the currency's smallest unit.
	:returns: amounts in whole units of the currency.
	"""
	if not taxes_included:
		return rounded_together(net_amounts, places)
	if goods_total is None or not amounts:
		return rounded_together(amounts, places)
	discounts = exact_shares(sum(amounts) - goods_total, amounts)
	paid = [Fraction(amount) - discount for amount, discount in zip(amounts, discounts, strict=True)]
	return rounded_together(paid, places)


@dataclass(frozen=True)
class Pieces:
	"""Some pieces of a row that have the same price.

	:param price: of one piece, in whole units of the currency.
	"""

	quantity: int
	price: Decimal


def unit_price(line: OrderLine, places: int) -> Decimal:
	"""Returns the price of one piece, rounded to the currency's smallest unit.

	:param places: the number of decimal places of that unit.
	"""
	return rounded(line.amount / line.ordered if line.ordered else Decimal(0), places)


def open_pieces(line: OrderLine, places: int) -> list[Pieces]:
	"""Divides the open quantity of a row so that quantities times prices are exactly its amount: 12 pieces
	for 100.00 are 8 at 8.33 and 4 at 8.34.

	:param line: an open row.
	:param places: the number of decimal places of the currency's smallest unit.
	:returns: one or two entries, the lower price first.
	:raises FractionalQuantity: see `whole_quantity`.
	"""
	quantity = whole_quantity(line)
	units = int(rounded(line.amount * quantity / line.ordered, places).scaleb(places))
	price, dearer = divmod(units, quantity)
	parts = [Pieces(quantity - dearer, _money(price, places)), Pieces(dearer, _money(price + 1, places))]
	return [part for part in parts if part.quantity]


def _money(units: int, places: int) -> Decimal:
	return Decimal(units).scaleb(-places)


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

"""A row of a Sales Order in pieces, as a packer counts them, and what the customer pays for them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from medgrid.orders.money import exact_shares, rounded, rounded_together
from medgrid.orders.problems import FractionalQuantity

ONE = Decimal(1)
# By what part, and by how much at most, a product with a rounded factor may miss a whole number.
ALMOST, MOST_LOST = Decimal("0.000001"), Decimal("0.001")
# ERPNext rounds a factor to so many decimal places, unless the site has other ones.
FRACTION_PLACES = 3
# By how much the total of an order may miss the sum of its rows and taxes, in ERPNext.
MOST_ROUNDED = Decimal("0.05")


@dataclass(frozen=True)
class BundlePart:
	"""Goods in one Product Bundle."""

	item: str
	quantity: Decimal
	uom: str


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
	:param parts: the goods in one piece, if it is a Product Bundle.
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
	parts: tuple[BundlePart, ...] = ()

	@property
	def is_open(self) -> bool:
		return self.quantity > 0


def in_stock_uom(quantity: Decimal, factor: Decimal, places: int, *, lost: Decimal = Decimal(0)) -> Decimal:
	"""Converts a quantity from the UOM of the sale to the stock UOM.

	It rounds as ERPNext rounds `stock_qty`, because ERPNext rounds factors, too: a piece is 0.083333333 of a
	dozen, or 0.083, and a dozen may be 12.000001 pieces. What is a whole number without that is one.

	:param places: the number of decimal places of `stock_qty` in the document.
	:param lost: how far the quantity itself may be off, because it was rounded.
	"""
	exact = quantity * (factor or ONE)
	divisor = _divisor(factor, min(places, FRACTION_PLACES))
	if divisor and quantity % divisor == 0:
		return quantity / divisor
	whole = rounded(exact, 0)
	if abs(exact - whole) <= max(min(abs(exact) * ALMOST, MOST_LOST), lost * factor):
		return whole
	return rounded(exact, places)


def _divisor(factor: Decimal, places: int) -> Decimal | None:
	"""How many of the UOM of the sale make one stock UOM, if a factor is the fraction of a whole number,
	rounded to so many decimal places or more: 12 for 0.083; else None."""
	own_places = -int(factor.as_tuple().exponent)
	if not 0 < factor < ONE or own_places < places:
		return None
	divisor = rounded(ONE / factor, 0)
	return divisor if rounded(ONE / divisor, own_places) == factor else None


def row_amounts(
	amounts: Sequence[Decimal],
	net_amounts: Sequence[Decimal],
	*,
	goods_total: Decimal,
	discounted: bool,
	taxes_included: bool,
	places: int,
) -> list[Decimal]:
	"""Computes what the customer pays for each row: less its part of a discount on the whole order, with the
	taxes that the row's price includes, and without those that are added to it.

	ERPNext's total may be up to five cents more or less than its rows and taxes, because it rounds each; the
	rows bear that, too.

	:param amounts: the rows' quantities times their rates.
	:param net_amounts: the same without taxes; ERPNext has already taken the discount off them.
	:param goods_total: what the customer pays for all rows together.
	:param discounted: whether the order has a discount.
	:param taxes_included: whether the rates include taxes.
	:param places: the number of decimal places of the currency's smallest unit.
	:returns: amounts in whole units of the currency.
	"""
	prices = amounts if taxes_included else net_amounts
	if not prices:
		return []
	off = sum(prices) - goods_total
	if not (discounted and taxes_included) and abs(off) > MOST_ROUNDED:
		off = Decimal(0)
	discounts = exact_shares(off, prices)
	paid = [Fraction(price) - discount for price, discount in zip(prices, discounts, strict=True)]
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

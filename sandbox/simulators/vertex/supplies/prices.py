"""What of each line is taxed: its price less the discounts."""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.simulators.vertex.errors import InvalidRequest
from sandbox.simulators.vertex.supplies.models import Discount, Line, Sale

CENT = Decimal("0.01")
ONE = Decimal(1)
WITHOUT_CENTS = {"CLP", "ISK", "JPY", "KRW", "PYG", "VND", "XAF", "XOF", "XPF"}


def cents(amount: Decimal) -> Decimal:
	"""Rounded half up, away from zero for negative amounts."""
	return amount.quantize(CENT, ROUND_HALF_UP)


def rounded(amount: Decimal, sale: Sale) -> Decimal:
	"""A tax as it is charged: to the smallest unit of the currency, by default the cent."""
	currency = sale.currency and sale.currency.iso_currency_code_alpha
	return amount.quantize(ONE if currency in WITHOUT_CENTS else CENT, ROUND_HALF_UP)


def extended_price(line: Line) -> Decimal:
	"""As given, else quantity (by default 1) times unit price; before the discount.

	:raises InvalidRequest: it has neither price.
	"""
	if line.extended_price is not None:
		return cents(line.extended_price)
	if line.unit_price is None:
		raise InvalidRequest("A line needs an extendedPrice, or a unitPrice and its quantity.")
	quantity = line.quantity.value if line.quantity else None
	return cents((ONE if quantity is None else quantity) * line.unit_price)


def amounts(sale: Sale) -> list[Decimal]:
	"""The price of each line less its own discount and its part of the document's, in cents."""
	after_own = [_less(extended_price(line), line.discount) for line in sale.line_items]
	return _less_the_documents(after_own, sale.discount)


def _less(amount: Decimal, discount: Discount | None) -> Decimal:
	"""A discount makes an amount smaller, whichever its sign: what is returned was discounted, too."""
	if not discount:
		return amount
	value = discount.discount_value
	if discount.discount_type == "DiscountPercent":
		return amount - cents(amount * value / 100)
	value = cents(value)
	return amount + value if amount < 0 < value else amount - value


def _less_the_documents(amounts: list[Decimal], discount: Discount | None) -> list[Decimal]:
	"""Spread over the lines in proportion; what rounding leaves over is the largest line's."""
	total = sum(amounts, Decimal())
	if not discount or not total:
		return amounts
	taken = total - _less(total, discount)
	parts = [cents(taken * amount / total) for amount in amounts]
	largest = max(range(len(amounts)), key=lambda index: abs(amounts[index]))
	parts[largest] += taken - sum(parts, Decimal())
	return [amount - part for amount, part in zip(amounts, parts, strict=True)]

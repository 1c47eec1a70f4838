"""The goods and charges of a document as the lines of a request to Vertex, and the fingerprint by which
MedGrid recognizes a request that Vertex has answered already. Pure, in Decimal.

See docs/adr/0049-quoted-before-validation.md and docs/sales-tax.md, "What is sent".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from medgrid.clients.vertex.wire import Location, Measure, Product, SaleLine, SaleRequest, Seller
from medgrid.core.text import one_line
from medgrid.http_client.json_writer import write_json

MAX_NAME = 40
_PRICE_PLACES = Decimal("0.000001")
# They change nothing about the tax; `lineItemId` is not in a quotation, because a new row has no name.
_IGNORED = {"documentNumber", "transactionId", "saleMessageType"}


@dataclass(frozen=True)
class Goods:
	"""A row of `items`.

	:param row: the row's name.
	:param amount: its net amount, discounts taken off; negative for what is returned.
	:param origin: from where it ships; None: from where the document does.
	"""

	row: str | None
	product: str
	product_class: str
	quantity: Decimal
	amount: Decimal
	origin: Location | None = None
	tax_date: str | None = None


@dataclass(frozen=True)
class Charge:
	"""A row of `taxes` that is no tax: freight, handling, insurance.

	:param row: the row's name.
	:param product_class: None: that of all charges.
	"""

	row: str | None
	title: str
	amount: Decimal
	tax_date: str | None = None
	product_class: str | None = None


def sale_lines(
	goods: Iterable[Goods], charges: Iterable[Charge], *, charge_class: str, is_included: bool
) -> list[SaleLine]:
	"""The lines: one for each row of items, then one for each charge that is not 0.

	:param charge_class: the product class of charges.
	:param is_included: whether the amounts include the tax.
	"""
	included = True if is_included else None
	lines = [_goods_line(number, each, included) for number, each in enumerate(goods, 1)]
	for charge in charges:
		if charge.amount:
			product_class = charge_class if charge.product_class is None else charge.product_class
			lines.append(_charge_line(len(lines) + 1, charge, product_class, included))
	return lines


def _goods_line(number: int, goods: Goods, included: bool | None) -> SaleLine:
	return SaleLine(
		lineItemNumber=number,
		lineItemId=name_of(goods.row),
		product=_product(goods.product, goods.product_class),
		quantity=Measure(value=goods.quantity),
		unitPrice=unit_price(goods.amount, goods.quantity),
		extendedPrice=goods.amount,
		taxDate=goods.tax_date,
		taxIncludedIndicator=included,
		seller=Seller(physicalOrigin=goods.origin) if goods.origin else None,
	)


def _charge_line(number: int, charge: Charge, product_class: str, included: bool | None) -> SaleLine:
	return SaleLine(
		lineItemNumber=number,
		lineItemId=name_of(charge.row),
		product=_product(charge.title, product_class),
		quantity=Measure(value=Decimal(1)),
		extendedPrice=charge.amount,
		taxDate=charge.tax_date,
		taxIncludedIndicator=included,
	)


def unit_price(amount: Decimal, quantity: Decimal) -> Decimal | None:
	"""The price of one, with at most 6 decimals; None without a quantity."""
	if not quantity:
		return None
	return (amount / quantity).quantize(_PRICE_PLACES, rounding=ROUND_HALF_UP).normalize() + 0


def name_of(text: str | None) -> str | None:
	"""A text of at most 40 characters, as Vertex takes it; None for an empty one."""
	return one_line(text or "", MAX_NAME * 4)[:MAX_NAME].strip() or None


def _product(value: str, product_class: str) -> Product | None:
	product = Product(value=name_of(value), productClass=name_of(product_class))
	return product if product != Product() else None


def fingerprint(request: SaleRequest) -> str:
	"""The SHA-256 of everything in a request that decides the tax."""
	body = request.model_dump(exclude_none=True, exclude=_IGNORED)
	for line in body["lineItems"]:
		line.pop("lineItemId", None)
	return sha256(write_json(body, sort_keys=True).encode()).hexdigest()

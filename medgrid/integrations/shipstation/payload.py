"""Builds the order for one vendor's ShipStation from a Sales Order. Pure.

Contract: "Order Payload Structure", "Multi-Vendor Order Splitting".
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from pydantic import ValidationError

from medgrid.clients.shipstation.order_payload import ItemOption, OrderItem, OrderPayload, OrderStatus
from medgrid.integrations.shipstation.addresses import shipstation_address
from medgrid.integrations.shipstation.weights import total_weight, weight_of
from medgrid.orders.address import shortened
from medgrid.orders.content import Content, Standing, delivered, digest, filled, rows_of
from medgrid.orders.lines import BundlePart, OrderLine, open_lines, plain, unit_price, whole_quantity
from medgrid.orders.money import decimal_places, shares
from medgrid.orders.problems import DoesNotFit, OrderProblem
from medgrid.orders.sales_order import SalesOrder, bill_to, ship_to

# ShipStation's limit.
MAX_ITEM_NAME = 200
NO_SHIPPING_ADDRESS = "The Sales Order has no shipping address. Check Ship To: it is the customer's address."


@dataclass(eq=False)
class NothingToSend(OrderProblem):
	"""The order has no open line of this vendor."""

	order: str


def payload_for(
	order: SalesOrder,
	supplier: str,
	taken: Collection[str],
	kept: Collection[str] = (),
	status: OrderStatus = "awaiting_shipment",
) -> OrderPayload:
	"""Builds the payload with a vendor's open lines.

	:param taken: names of rows that were sent to other Suppliers. They stay with those Suppliers, even if the
		items' default supplier has changed since.
	:param kept: names of rows that were sent to this vendor, and stay with them likewise.
	:param status: the order's status in ShipStation.
	:raises NothingToSend: no open line is this vendor's.
	:raises OrderProblem: the order cannot be sent as it is.
	"""
	own = lines_of_vendor(order, supplier, taken, kept)
	if not open_lines(own):
		raise NothingToSend(order.name)
	try:
		return _payload(order, own, status)
	except ValidationError as error:
		invalid = error.errors(include_url=False, include_input=False)[0]
	raise DoesNotFit(".".join(map(str, invalid["loc"])), invalid["msg"])


def lines_of_vendor(
	order: SalesOrder, supplier: str, taken: Collection[str], kept: Collection[str]
) -> list[OrderLine]:
	"""A vendor's lines, delivered or not; see `payload_for`."""
	return [
		line
		for line in order.lines
		if line.row not in taken and (line.shipper == supplier or line.row in kept)
	]


def undelivered(order: SalesOrder) -> SalesOrder:
	"""An order as if nothing of it was delivered."""
	lines = (
		replace(line, quantity=line.ordered, open_in_uom=line.ordered / line.factor) for line in order.lines
	)
	return replace(order, lines=tuple(lines))


def content_for(
	order: SalesOrder,
	supplier: str,
	taken: Collection[str],
	kept: Collection[str] = (),
	standing: Standing = Standing.OPEN,
) -> Content:
	"""What the order says to a vendor; see `payload_for`.

	:raises OrderProblem: the order cannot be sent as it is.
	"""
	own, places = lines_of_vendor(order, supplier, taken, kept), decimal_places(order.currency)
	shipping = ship_to(order, by_code=False)
	rest = {
		"customerEmail": order.email,
		"amountPaid": amount_of(order, own),
		"billTo": shipstation_address(bill_to(order, shipping, by_code=False)).model_dump(),
		"prices": {line.row: unit_price(line, places) for line in own},
	}
	ship_to_fields = filled(shipstation_address(shipping).model_dump())
	return Content(rows_of(own), ship_to_fields, standing, digest(rest), delivered=delivered(own))


def _payload(order: SalesOrder, own: list[OrderLine], status: OrderStatus) -> OrderPayload:
	places = decimal_places(order.currency)
	items = [_item(line, places) for line in open_lines(own)]
	shipping = ship_to(order, by_code=False)
	return OrderPayload(
		orderNumber=order.name,
		orderKey=order.name,
		orderDate=order.date,
		orderStatus=status,
		customerEmail=order.email,
		amountPaid=amount_of(order, own),
		items=items,
		shipTo=shipstation_address(shipping),
		billTo=shipstation_address(bill_to(order, shipping, by_code=False)),
		weight=total_weight((item.weight, item.quantity) for item in items),
		internalNotes=NO_SHIPPING_ADDRESS if order.ships_to_customer_address else None,
	)


def amount_of(order: SalesOrder, own: Collection[OrderLine]) -> Decimal:
	"""The amount that the customer pays for a vendor's lines, in the order's currency: the order's total if
	all lines are the vendor's, else the vendor's share of it.

	The contract's "Multi-Vendor Order Splitting" does not define the amounts. Each line bears a part of the
	total, with discounts, taxes and charges, in proportion to its net amount.
	"""
	of_lines = shares(order.total, [line.net_amount for line in order.lines], decimal_places(order.currency))
	rows = {line.row for line in own}
	own_shares = (share for line, share in zip(order.lines, of_lines, strict=True) if line.row in rows)
	return sum(own_shares, Decimal())


def _item(line: OrderLine, places: int) -> OrderItem:
	"""Converts a line. Quantity and price are in the stock UOM, because a packer counts pieces. ShipStation
	has one item for each `lineItemKey`, so its unit price is rounded.

	:param places: the number of decimal places of the order's currency.
	"""
	return OrderItem(
		lineItemKey=line.row,
		sku=line.item,
		name=shortened(line.item_name, MAX_ITEM_NAME),
		quantity=whole_quantity(line),
		unitPrice=unit_price(line, places),
		weight=weight_of(line.weight, line.weight_uom),
		options=_options(line) or None,
	)


def _options(line: OrderLine) -> list[ItemOption]:
	"""What a packer must know besides item and quantity: the UOM of the sale, and what is in a Product
	Bundle, whose own Item is on no shelf."""
	options = [_sales_unit(line)] if line.uom != line.stock_uom else []
	return options + [_contained(part) for part in line.parts]


def _contained(part: BundlePart) -> ItemOption:
	"""The quantity in one bundle, e.g. "2 Nos × VD3"."""
	quantity = " ".join(filter(None, (plain(part.quantity), part.uom)))
	return ItemOption(name="Contains", value=f"{quantity} × {part.item}")


def _sales_unit(line: OrderLine) -> ItemOption:
	"""The quantity in the UOM of the sale, e.g. "2 × Case of 12 Nos"."""
	content = f"{plain(line.factor)} {line.stock_uom}"
	return ItemOption(name="Sales unit", value=f"{plain(line.open_in_uom)} × {line.uom} of {content}")

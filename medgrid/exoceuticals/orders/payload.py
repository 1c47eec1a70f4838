"""Builds the variables of orderCreate from a Sales Order. Pure. Contract: "sync_to_exoceuticals"."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from medgrid.clients.shopify.order_inputs import (
	MoneyBagInput,
	MoneyInput,
	OrderCreateLineItemInput,
	OrderCreateOptionsInput,
	OrderCreateOrderInput,
	OrderCreateTaxLineInput,
	OrderCreateVariables,
)
from medgrid.core.text import one_line
from medgrid.exoceuticals.orders.addresses import mailing_address, phone_of
from medgrid.exoceuticals.orders.lines import SelectedLines
from medgrid.orders.content import Content, delivered, digest, filled, rows_of
from medgrid.orders.lines import OrderLine, Pieces, open_pieces, unit_price
from medgrid.orders.money import decimal_places
from medgrid.orders.problems import DoesNotFit, NegativeAmount
from medgrid.orders.sales_order import SalesOrder, bill_to, ship_to
from medgrid.orders.taxes import TaxLine, tax_lines, without_included

# Shopify manages the stock and rejects an order for items out of stock (contract: "out-of-stock").
OPTIONS = OrderCreateOptionsInput(inventoryBehaviour="DECREMENT_OBEYING_POLICY", sendReceipt=False)
# Of a tax line: the length of its title, and the title of a tax whose description is empty.
MAX_TITLE, UNNAMED = 255, "Tax"


def order_variables(
	order: SalesOrder, selection: SelectedLines, tag: str, *, with_taxes: bool = False
) -> OrderCreateVariables:
	"""Builds the variables of orderCreate.

	:param selection: the rows to send.
	:param tag: the tag of the order in Shopify.
	:param with_taxes: whether the taxes of the rows go with them; see `_taxes`.
	:raises OrderProblem: the order cannot be sent as it is.
	"""
	try:
		return OrderCreateVariables(order=_order_input(order, selection, tag, with_taxes), options=OPTIONS)
	except ValidationError as error:
		invalid = error.errors(include_url=False, include_input=False)[0]
	raise DoesNotFit(".".join(map(str, invalid["loc"])), invalid["msg"])


def content_for(order: SalesOrder, lines: Collection[OrderLine]) -> Content:
	"""What an order says to Exoceuticals, if it is open.

	:param lines: the rows that are Exoceuticals', delivered or not.
	:raises OrderProblem: the order cannot be sent as it is.
	"""
	shipping, places = ship_to(order, by_code=True), decimal_places(order.currency)
	rest = {
		"currency": order.currency,
		"email": order.email,
		"poNumber": order.po_number,
		"billingAddress": mailing_address(bill_to(order, shipping, by_code=True)).model_dump(),
		# Without the rows' names: an amended order has others.
		"prices": [unit_price(line, places) for line in sorted(lines, key=lambda line: line.number)],
	}
	rows = tuple(line.row for line in lines)
	ship_to_fields = filled(mailing_address(shipping).model_dump())
	return Content(
		rows_of(lines), ship_to_fields, rest=digest(rest), sent_rows=rows, delivered=delivered(lines)
	)


def _order_input(
	order: SalesOrder, selection: SelectedLines, tag: str, with_taxes: bool
) -> OrderCreateOrderInput:
	places = decimal_places(order.currency)
	# Shopify takes all prices of an order with taxes, or all without.
	prices = without_included(order.taxes, order.lines, places) if with_taxes else {}
	items = [
		_line_item(pieces, selection.variants[line.item], order.currency)
		for line in selection.lines
		for pieces in _pieces(replace(line, amount=prices.get(line.row, line.amount)), places)
	]
	shipping = ship_to(order, by_code=True)
	return OrderCreateOrderInput(
		# By this Shopify's search finds the order after an attempt whose outcome is unknown.
		sourceIdentifier=order.name,
		currency=order.currency,
		lineItems=items,
		shippingAddress=mailing_address(shipping),
		billingAddress=mailing_address(bill_to(order, shipping, by_code=True)),
		tags=[tag],
		note=f"MedGrid Sales Order {order.name}",
		poNumber=order.po_number,
		email=order.email,
		phone=phone_of(order.phones, shipping.country_code),
		**(_taxes(order, selection) if with_taxes else {}),
	)


def _taxes(order: SalesOrder, selection: SelectedLines) -> dict[str, Any]:
	"""One tax line for each tax of the rows that are sent, on the order: Shopify takes them there or on its
	lines. An order without tax has none, and `taxesIncluded` says nothing then."""
	found = tax_lines(order.taxes, selection.lines, order.lines, decimal_places(order.currency))
	if not found:
		return {}
	return {
		"taxLines": [_tax_line(each, order.currency) for each in found],
		"taxesIncluded": order.taxes.are_included or None,
	}


def _tax_line(tax: TaxLine, currency: str) -> OrderCreateTaxLineInput:
	price = MoneyInput(amount=tax.amount, currencyCode=currency)
	title = one_line(tax.title, MAX_TITLE) or UNNAMED
	return OrderCreateTaxLineInput(title=title, rate=tax.rate, priceSet=MoneyBagInput(shopMoney=price))


def _pieces(line: OrderLine, places: int) -> list[Pieces]:
	"""Divides a row into Shopify's line items. A variant is one unit of the Item's stock UOM, so a case of
	twelve counts as 12. If the amount cannot be divided by the quantity, the row becomes two line items:
	orderCreate knows no discount on a line.

	:param places: the number of decimal places of the currency's smallest unit.
	:raises NegativeAmount: the customer is paid for the row.
	"""
	if line.amount < 0:
		raise NegativeAmount(line.number, line.item)
	return open_pieces(line, places)


def _line_item(pieces: Pieces, variant_id: str, currency: str) -> OrderCreateLineItemInput:
	price = MoneyInput(amount=pieces.price, currencyCode=currency)
	return OrderCreateLineItemInput(
		variantId=variant_id, quantity=pieces.quantity, priceSet=MoneyBagInput(shopMoney=price)
	)

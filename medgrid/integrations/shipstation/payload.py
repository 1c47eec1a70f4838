"""From a Sales Order to the order that one vendor's ShipStation gets. Contract: "Order Payload Structure"."""

import json
from decimal import Decimal

import frappe
from frappe import _
from pydantic import ValidationError

from medgrid.clients.shipstation.models import OrderItem, OrderPayload
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.addresses import Recipient, bill_to, ship_to
from medgrid.integrations.shipstation.eligibility import vendor_of_items
from medgrid.integrations.shipstation.shares import shares_of_lines
from medgrid.integrations.shipstation.weights import total_weight, weight_of


class NothingToSend(RequestRejected):
	"""None of the order's lines is this vendor's to send."""


def payload_for(order, supplier: str, others: list) -> OrderPayload:
	"""
	:param order: a Sales Order document.
	:param others: records of other Suppliers that the order was sent to; their lines stay theirs, whoever is
		the items' default supplier now.
	:raises NothingToSend: no open line is this vendor's.
	:raises RequestRejected: it cannot be sent as it is; the message says why.
	"""
	vendors = vendor_of_items({row.item_code for row in order.items}, order.company)
	taken = {line for other in others for line in json.loads(other.lines or "[]")}
	own = [row for row in order.items if vendors.get(row.item_code) == supplier and row.name not in taken]
	open_lines = [row for row in own if row.delivered_qty < row.qty]
	if not open_lines:
		raise NothingToSend(_("none of its lines is yours to send"))
	invalid = None
	try:
		return _payload(order, own, open_lines)
	except ValidationError as error:
		invalid = error.errors(include_url=False, include_input=False)[0]
	field = ".".join(map(str, invalid["loc"]))
	raise RequestRejected(_("ShipStation would not take it: {0}: {1}").format(field, invalid["msg"]))


def _payload(order, own: list, open_lines: list) -> OrderPayload:
	items = [_item(row) for row in open_lines]
	recipient = Recipient(order.customer_name or order.customer, order.contact_mobile or "")
	shipping = ship_to(order.shipping_address_name or order.customer_address, recipient)
	return OrderPayload(
		orderNumber=order.name,
		orderKey=order.name,
		orderDate=order.transaction_date,
		customerEmail=order.contact_email or None,
		amountPaid=amount_of(order, own),
		items=items,
		shipTo=shipping,
		billTo=bill_to(order.customer_address, recipient, shipping),
		weight=total_weight((item.weight, item.quantity) for item in items),
	)


def amount_of(order, own_lines: list) -> Decimal:
	"""What the customer pays for a vendor's lines, in the order's currency: the order's grand total when all
	lines are the vendor's, else the vendor's share of it."""
	net_amounts = [_decimal(row.net_amount) for row in order.items]
	shares = shares_of_lines(net_amounts, _decimal(order.grand_total))
	names = {row.name for row in own_lines}
	return sum(
		(share for row, share in zip(order.items, shares, strict=True) if row.name in names), Decimal()
	)


def _item(row) -> OrderItem:
	quantity = _decimal(row.qty) - _decimal(row.delivered_qty)
	if quantity != int(quantity):
		raise RequestRejected(
			_("row {0} has {1} {2} of {3}: ShipStation only knows whole quantities").format(
				row.idx, quantity.normalize(), row.uom, row.item_code
			)
		)
	return OrderItem(
		lineItemKey=row.name,
		sku=row.item_code,
		name=row.item_name,
		quantity=int(quantity),
		unitPrice=_decimal(row.rate),
		weight=_weight(row),
	)


def _weight(row):
	"""Of one unit in the line's own UOM: ERPNext keeps the weight of one in the stock UOM."""
	per_unit, uom = row.weight_per_unit, row.weight_uom
	if not per_unit:
		per_unit, uom = frappe.get_cached_value("Item", row.item_code, ["weight_per_unit", "weight_uom"])
	return weight_of((per_unit or 0) * (row.conversion_factor or 1), uom)


def _decimal(value) -> Decimal:
	"""A Frappe float as the decimal that it was entered as."""
	return Decimal(str(value or 0))

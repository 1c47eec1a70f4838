"""A Sales Order as MedGrid reads it, and the rules that apply to every system that receives orders. Pure.

`medgrid.orders.reader` creates the value from the document.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from medgrid.orders.address import PostalAddress, problem_of
from medgrid.orders.lines import OrderLine
from medgrid.orders.problems import AddressGone, NoShippingAddress
from medgrid.orders.taxes import OrderTaxes

# ERPNext's states of a submitted order that must not be shipped until a user reopens it.
STOPPED = ("Closed", "On Hold")
# ERPNext's states of an order that needs no shipping any more.
OVER = ("Cancelled", "Completed")
# `exoceuticals_status` of an order that is cancelled in the store.
CANCELLED_AT_STORE = "Cancelled"
# What `is_free_at_store` reads.
AT_STORE = ("exoceuticals_status", "exoceuticals_fulfillments", "exoceuticals_tracking_number")
# The statuses of fulfillments that shipped nothing. REST has the same ones in lower case.
VOID_FULFILLMENTS = {"CANCELLED", "ERROR", "FAILURE"}


@dataclass(frozen=True)
class SalesOrder:
	"""What MedGrid reads from a Sales Order.

	:param total: the amount that the customer pays, in the order's currency.
	:param customer: the customer's name.
	:param phones: the order's phone numbers as people wrote them, the contact's mobile number first.
	:param lines: all rows, including delivered ones.
	:param shipping_address: the name of the Address to ship to; empty if there is none.
	:param ships_to_customer_address: whether that is the customer's address, because the order has no
		shipping address.
	:param shipping: that Address; None if there is none, or if it was deleted.
	:param billing: the customer's Address; None if there is none, or if it was deleted.
	"""

	name: str
	date: date
	currency: str
	total: Decimal
	customer: str
	lines: tuple[OrderLine, ...]
	email: str | None = None
	phones: tuple[str, ...] = ()
	po_number: str | None = None
	shipping_address: str = ""
	ships_to_customer_address: bool = False
	shipping: PostalAddress | None = None
	billing: PostalAddress | None = None
	taxes: OrderTaxes = field(default_factory=OrderTaxes)


def ship_to(order: SalesOrder, *, by_code: bool) -> PostalAddress:
	"""Returns the address to ship to, after checking that it is complete.

	:param by_code: whether the receiving system accepts states by their codes only.
	:raises NoShippingAddress: the order has no shipping address.
	:raises AddressGone: the order's shipping address was deleted.
	:raises CountryWithoutCode: the address's Country has no ISO code.
	:raises AddressIncomplete: the address lacks a part that a parcel needs.
	"""
	if not order.shipping_address:
		raise NoShippingAddress(order.name)
	if not order.shipping:
		raise AddressGone(order.shipping_address)
	if problem := problem_of(order.shipping, by_code=by_code):
		raise problem
	return order.shipping


def bill_to(order: SalesOrder, shipping: PostalAddress, *, by_code: bool) -> PostalAddress:
	"""Returns the customer's address; if there is none or it is incomplete, the shipping address."""
	if order.billing and not problem_of(order.billing, by_code=by_code):
		return order.billing
	return shipping


def is_to_be_shipped(*, docstatus: int, status: str, per_delivered: float) -> bool:
	"""Whether a Sales Order is submitted, its status is neither STOPPED nor OVER, and it is not fully
	delivered.

	:param status: ERPNext's status of the order.
	:param per_delivered: the delivered part, in percent.
	"""
	return docstatus == 1 and status not in (*STOPPED, *OVER) and per_delivered < 100


def is_free_at_store(order: Any) -> bool:
	"""Whether Exoceuticals ships nothing of an order any more, and has shipped nothing: it has cancelled the
	order. Of an order that was cancelled after parts of it were shipped, nobody else gets the rows.

	:param order: a Sales Order with AT_STORE.
	"""
	status, shipments, number = (order.get(field) for field in AT_STORE)
	return status == CANCELLED_AT_STORE and not has_store_shipped(shipments, number)


def has_store_shipped(fulfillments: str | None, number: str | None) -> bool:
	"""Whether Exoceuticals has shipped anything of an order, from what its Sales Order stores.

	:param fulfillments: `exoceuticals_fulfillments` of the Sales Order.
	:param number: its `exoceuticals_tracking_number`. If no fulfillment is stored, it is all that tells: an
		earlier release stored no more.
	"""
	stored = json.loads(fulfillments or "[]")
	return any(each["status"] not in VOID_FULFILLMENTS for each in stored) if stored else bool(number)

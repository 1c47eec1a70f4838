"""What MedGrid reads of a Sales Order, once, and the rules that all receivers of orders share. Pure.

`medgrid.orders.reader` makes it of the document.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from medgrid.orders.address import PostalAddress, problem_of
from medgrid.orders.lines import OrderLine
from medgrid.orders.problems import AddressGone, NoShippingAddress

# ERPNext's states of a submitted order: nobody is to ship it until somebody opens it again …
STOPPED = ("Closed", "On Hold")
# … and nobody has to ship it any more.
OVER = ("Cancelled", "Completed")


@dataclass(frozen=True)
class SalesOrder:
	"""
	:param total: what the customer pays, in the order's currency.
	:param customer: the customer's name, as parcels show it.
	:param phones: as they were written, those that reach the customer first.
	:param lines: all rows, delivered ones included.
	:param shipping_address: the name of the Address to ship to; empty if there is none.
	:param shipping: that Address; None if there is none, or it was deleted.
	:param billing: the customer's Address; None likewise.
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
	shipping: PostalAddress | None = None
	billing: PostalAddress | None = None


def ship_to(order: SalesOrder, *, by_code: bool) -> PostalAddress:
	"""
	:param by_code: the receiver takes states by their codes only.
	:raises NoShippingAddress: the order names none.
	:raises AddressGone: the one it names was deleted.
	:raises CountryWithoutCode: its Country has no ISO code.
	:raises AddressIncomplete: it lacks what a parcel needs.
	"""
	if not order.shipping_address:
		raise NoShippingAddress(order.name)
	if not order.shipping:
		raise AddressGone(order.shipping_address)
	if problem := problem_of(order.shipping, by_code=by_code):
		raise problem
	return order.shipping


def bill_to(order: SalesOrder, shipping: PostalAddress, *, by_code: bool) -> PostalAddress:
	"""The customer's address; the shipping address if there is none or it is not complete."""
	if order.billing and not problem_of(order.billing, by_code=by_code):
		return order.billing
	return shipping


def is_to_be_shipped(*, docstatus: int, status: str, per_delivered: float) -> bool:
	"""Whether a Sales Order is submitted, neither stopped nor over, and not delivered in full.

	:param status: ERPNext's.
	:param per_delivered: percent.
	"""
	return docstatus == 1 and status not in (*STOPPED, *OVER) and per_delivered < 100

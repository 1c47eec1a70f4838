"""A Sales Order that is cancelled here is not cancelled at Shopify: whoever can see to it is told.

MedGrid cancels nothing at Shopify by itself: the goods may be on their way.
"""

import frappe
from frappe import _

from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.notifications import notify_administrators


def warn(order, event=None) -> None:
	"""`Sales Order`'s on_cancel: says to whoever cancels it that Exoceuticals goes on with it."""
	if order.exoceuticals_order_id and order.exoceuticals_status != CANCELLED:
		frappe.msgprint(
			still_there(order.exoceuticals_order_name), title=_("Exoceuticals"), indicator="orange"
		)


def notify_late_order(sales_order: str, order_name: str, status: str) -> None:
	"""Tells the administrators of an order that Shopify had made when the Sales Order was cancelled already:
	whoever cancelled it could not be warned. The caller commits.

	:param status: the order's, as in `exoceuticals_status`.
	"""
	if status != CANCELLED and frappe.db.get_value("Sales Order", sales_order, "docstatus") == 2:
		subject = _("Exoceuticals: {0} is cancelled, its order {1} is not")
		notify_administrators(subject.format(sales_order, order_name), still_there(order_name))


def still_there(order_name: str) -> str:
	return _("Exoceuticals still ships order {0}. If it shall not, cancel it in Shopify, too.").format(
		order_name
	)

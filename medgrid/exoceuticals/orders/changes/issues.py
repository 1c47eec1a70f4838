"""The Integration Issues of orders that the store has, and that are not what the Sales Order says. There is
one of each kind for a Sales Order; the caller commits."""

import frappe
from frappe import _

from medgrid.issues.records import (
	ADMINISTRATOR,
	DOCTYPE,
	MAX_TEXT,
	WHOLESALER,
	Subject,
	open_issue,
	open_issue_of,
	settle_issue,
)


def open_changed(sales_order: str, order_name: str, what: str, *, is_shipped: bool) -> None:
	"""Opens the issue of an order that has changed since it was sent.

	:param order_name: the order's name in Shopify, e.g. "#1042".
	:param what: what differs, in sentences.
	:param is_shipped: whether Exoceuticals has shipped it.
	"""
	if is_shipped:
		why = _("Exoceuticals has shipped order {0} as it was sent.").format(order_name)
		what_to_do = _("Agree with Exoceuticals and the customer on what differs, then settle this issue.")
	else:
		why = _("Order {0} in Shopify is still as it was sent.").format(order_name)
		what_to_do = _(
			"Change order {0} in Shopify as the Sales Order says, then settle this issue. Or change the Sales"
			" Order back."
		).format(order_name)
	open_issue(
		_changed(sales_order),
		title=_("Exoceuticals: {0} has changed since it was sent").format(sales_order),
		detail=f"{what} {why}",
		who_acts=WHOLESALER if is_shipped else ADMINISTRATOR,
		what_to_do=what_to_do,
	)


def settle_changed(sales_order: str) -> None:
	"""Settles the issue of an order that is again what was sent, or that is cancelled."""
	settle_issue(_changed(sales_order))


def open_cancelled_there(sales_order: str, detail: str, *, is_shipped: bool) -> None:
	"""Opens the issue of an order that was cancelled in Shopify, and not in MedGrid.

	:param is_shipped: whether goods of it were shipped before.
	"""
	if is_shipped:
		what_to_do = _(
			"Ask Exoceuticals what it has shipped. Take the rest off the Sales Order, and order it with"
			" another one."
		)
	else:
		what_to_do = _(
			"Ask Exoceuticals why. Cancel the Sales Order, or amend it: the amended order can be sent."
		)
	open_issue(
		_cancelled_there(sales_order),
		title=_("Exoceuticals: {0} was cancelled in Shopify").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=what_to_do,
	)


def open_shipped_though_cancelled(sales_order: str, detail: str) -> None:
	"""Opens the issue of an order that is cancelled here and in Shopify, and of which goods were shipped."""
	open_issue(
		_cancelled_there(sales_order),
		title=_("Exoceuticals: {0} is cancelled, and goods of it were shipped").format(sales_order),
		detail=detail,
		who_acts=WHOLESALER,
		what_to_do=_(
			"Ask Exoceuticals what it has shipped. Amend the Sales Order, which takes the order over, or"
			" arrange the return."
		),
	)


def note_what_was_shipped(sales_order: str, detail: str) -> None:
	"""Says what was shipped in the issue of an order that was cancelled in Shopify, if it is still open."""
	if name := open_issue_of(_cancelled_there(sales_order)):
		frappe.db.set_value(DOCTYPE, name, "detail", detail[:MAX_TEXT])


def settle_cancelled_there(sales_order: str) -> None:
	"""Settles the issue once the Sales Order is cancelled, too, or an amended order has taken the order
	over."""
	settle_issue(_cancelled_there(sales_order))


def _changed(sales_order: str) -> Subject:
	return Subject("exoceuticals", "changed_order", reference=("Sales Order", sales_order))


def _cancelled_there(sales_order: str) -> Subject:
	return Subject("exoceuticals", "cancelled_there", reference=("Sales Order", sales_order))

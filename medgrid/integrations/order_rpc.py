"""RPC: a vendor's own orders. See docs/adr/0045-vendors-read-the-records-themselves.md.

Every function works on the orders of the caller's own Supplier; no parameter can select another vendor's.
"""

from datetime import date
from typing import Annotated, Any

import frappe
from frappe import _
from pydantic import BeforeValidator, Field

from medgrid.api.endpoint import endpoint
from medgrid.api.paging import DEFAULT_PAGE_LENGTH, total_of_last_page
from medgrid.api.parameters import DocumentName, Offset, PageLength, SearchText, json_list
from medgrid.api.responses import csv_file
from medgrid.integrations.accounts import start_date
from medgrid.integrations.shipstation.changes import acknowledgements
from medgrid.integrations.suppliers import supplier_of
from medgrid.integrations.vendor_orders import listing
from medgrid.integrations.vendor_orders import retry as retrying
from medgrid.integrations.vendor_orders.order_file import order_file
from medgrid.integrations.vendor_orders.selection import OrderFilter
from medgrid.outbox.states import State


def _names(value: Any) -> Any:
	"""Several names, as a list or as JSON in a text, or one."""
	given = json_list(value)
	return given if isinstance(given, list) else [value]


Orders = Annotated[list[DocumentName], BeforeValidator(_names), Field(min_length=1, max_length=200)]
Names = Annotated[list[DocumentName], BeforeValidator(_names)]


@endpoint("GET", vendors=True)
def list_orders(
	state: State | None = None,
	query: SearchText | None = None,
	limit_start: Offset = 0,
	limit_page_length: PageLength = DEFAULT_PAGE_LENGTH,
) -> dict:
	"""Lists the caller's orders, newest first.

	:param state: one of the states of docs/api.md; not given: all, but not `not_ours`.
	:param query: only orders whose name, tracking number, item code or item name contains it.
	:returns: `orders`, see `listing.page`; `total`, their number without paging; `counts`, the numbers
		of the vendor's orders in each state and `sent_today`; `do_not_ship`, the orders that were cancelled
		after they were sent, until they are acknowledged, see `open_cancellations`; `user`.
	:raises InvalidInput: a parameter is wrong (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	selection = OrderFilter(supplier_of(user), state, query)
	counts = listing.counts(selection.supplier)
	found = listing.page(selection, offset=limit_start, rows=limit_page_length)
	# Counting what a search finds reads all that the vendor has.
	total = total_of_last_page(limit_start, limit_page_length, len(found))
	return {
		"orders": found,
		"total": listing.total(selection, counts) if total is None else total,
		"counts": counts,
		"do_not_ship": acknowledgements.open_cancellations(selection.supplier),
		"user": user,
	}


@endpoint("GET", vendors=True)
def count_orders_since(orders_since: date) -> dict:
	"""How many of the caller's waiting orders would be sent, if only those of a day and later were.

	:param orders_since: see `connect_shipstation`.
	:returns: `orders`.
	:raises InvalidInput: it is not a date (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	return {"orders": start_date.orders_from(supplier_of(frappe.session.user), orders_since)}


@endpoint("GET", vendors=True)
def export_orders(state: State | None = None, query: SearchText | None = None) -> None:
	"""The caller's orders as a CSV file, newest first, at most 20,000.

	:param state: as in `list_orders`.
	:param query: as in `list_orders`.
	:raises InvalidInput: a parameter is wrong (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	csv_file("orders", order_file(OrderFilter(supplier_of(frappe.session.user), state, query)))


@endpoint("POST", vendors=True)
def retry_orders(orders: Names | None = None) -> dict:
	"""Sends orders again that have failed: they are due at once, and a sync is queued.

	:param orders: names of Sales Orders, or one name; not given: all that have failed, up to 200.
	:returns: `ok`; `retried`, the names of the orders that are due now; `unchanged`, those that had not
		failed and do not wait for a later attempt; `left`, how many failed orders there are still.
	:raises InvalidInput: a parameter is wrong (400).
	:raises NotFound: one of them is not an order of the caller's Supplier; then nothing changes (404).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	outcome = retrying.retry(supplier_of(user), orders, _("Retried by {0}.").format(user))
	return {
		"ok": True,
		"retried": outcome.retried,
		"unchanged": outcome.unchanged,
		"left": outcome.left,
	}


@endpoint("POST", vendors=True)
def acknowledge(orders: Orders) -> dict:
	"""Records that the caller's Supplier does not ship orders that were cancelled after they were sent. The
	same again changes nothing.

	:param orders: names of Sales Orders, or one name.
	:returns: `ok`; `acknowledged`, the orders that are acknowledged now and were not before.
	:raises InvalidInput: `orders` is missing or wrong (400).
	:raises NotFound: one of them is not a cancelled order of the caller's Supplier; then nothing changes
		(404).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	return {"ok": True, "acknowledged": acknowledgements.acknowledge(user, supplier_of(user), orders)}

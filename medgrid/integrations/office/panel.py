"""The panel "Vendors and store" on documents in Desk: the state of their orders at each vendor and in the
store."""

from typing import Any, Literal, get_args

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_text
from medgrid.exceptions import NotFound, NotPermitted
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS
from medgrid.integrations.vendor_orders import listing
from medgrid.outbox.states import State

PanelDoctype = Literal["Sales Order", "Delivery Note", "Supplier"]
PANEL_DOCTYPES = get_args(PanelDoctype)
# The panel of a Supplier has no more orders than this: those that somebody has to look at.
MOST = 20
UNSETTLED = (State.WAITING, State.SENDING, State.UNKNOWN, State.FAILED)
CONNECTION_FIELDS = (
	"name",
	"integration",
	"account_name",
	"status",
	"last_sync_at",
	"last_error",
	"next_sync_at",
	"paused_at",
)
# The records of the store.
STORE = "Exoceuticals Order"
STORE_FIELDS = ("sales_order", "status", "reason", "who_acts", "order_name", "sent_at", "attempts")


def panel_of(doctype: PanelDoctype, name: str) -> dict[str, Any]:
	"""What the panel on a document says.

	:returns: `vendors`, an entry for each order and vendor: as `vendor_orders.listing` describes it, with
		`supplier` and `record` and without `items`; `store`, the orders in the Exoceuticals store;
		`connections`, those of a Supplier.
	:raises NotFound: there is no such document.
	:raises NotPermitted: the user may not read it.
	"""
	check_readable(doctype, name)
	if doctype == "Supplier":
		filters: dict[str, Any] = {
			"supplier": name,
			"status": ("in", [LABELS[state] for state in UNSETTLED]),
		}
		return {"vendors": _vendors(filters, MOST), "store": [], "connections": _connections(name)}
	orders = [name] if doctype == "Sales Order" else _orders_of_note(name)
	return {
		"vendors": _vendors({"sales_order": ("in", orders)}) if orders else [],
		"store": _store(orders) if orders else [],
		"connections": [],
	}


def check_readable(doctype: str, name: str) -> None:
	"""Checks that the user may read a document.

	:raises NotFound: there is no such document.
	:raises NotPermitted: the user may not read it.
	"""
	if not frappe.has_permission(doctype, "read"):
		raise NotPermitted(_("You may not read {0}.").format(_(doctype)))
	if not frappe.db.exists(doctype, name):
		raise NotFound(_("{0} {1} does not exist.").format(_(doctype), name))
	if not frappe.has_permission(doctype, "read", doc=frappe.get_doc(doctype, name)):
		raise NotPermitted(_("You may not read {0}.").format(f"{_(doctype)} {name}"))


def _orders_of_note(name: str) -> list[str]:
	filters = {"parent": name, "parenttype": "Delivery Note", "against_sales_order": ("is", "set")}
	return frappe.get_all("Delivery Note Item", filters=filters, pluck="against_sales_order", distinct=True)


def _vendors(filters: dict[str, Any], most: int | None = None) -> list[dict[str, Any]]:
	rows = frappe.get_all(
		DOCTYPE,
		filters=filters,
		fields=[*listing.FIELDS, "supplier"],
		order_by="creation desc, name desc",
		limit=most,
	)
	parcels = listing.parcels_of([row.name for row in rows])
	return [
		{"supplier": row.supplier or None, "record": row.name, **listing.state_of(row, parcels[row.name])}
		for row in rows
	]


def _store(orders: list[str]) -> list[dict[str, Any]]:
	rows = frappe.get_all(STORE, filters={"sales_order": ("in", orders)}, fields=STORE_FIELDS)
	numbers = dict(
		frappe.get_all(
			"Sales Order",
			filters={"name": ("in", orders)},
			fields=["name", "exoceuticals_tracking_number"],
			as_list=True,
		)
	)
	states = {label: state.value for state, label in LABELS.items()}
	return [
		{
			"sales_order": row.sales_order,
			"state": states[row.status],
			"reason": row.reason or None,
			"who_acts": (row.who_acts or "Nobody").lower(),
			"order_name": row.order_name or None,
			"sent_at": stored_utc_text(row.sent_at),
			"attempts": row.attempts or 0,
			"tracking_number": numbers.get(row.sales_order) or None,
		}
		for row in rows
	]


def _connections(supplier: str) -> list[dict[str, Any]]:
	rows = frappe.get_all(
		"Vendor Connection",
		filters={"supplier": supplier},
		fields=CONNECTION_FIELDS,
		order_by="integration asc, creation asc",
	)
	return [
		{
			"name": row.name,
			"integration": row.integration,
			"account": row.account_name,
			"status": "paused" if row.paused_at else row.status,
			"last_sync_at": stored_utc_text(row.last_sync_at),
			"next_sync_at": None if row.paused_at else stored_utc_text(row.next_sync_at),
			"last_error": row.last_error or None,
		}
		for row in rows
	]

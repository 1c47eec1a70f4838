"""Figures of the Workspace that no filter of Frappe's can count."""

from datetime import timedelta
from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce, Count

from medgrid.core.clock import stored_utc, utc_now
from medgrid.core.site_time import midnight, site_time
from medgrid.outbox.states import LABELS, State
from medgrid.vertex.booking.records import DOCTYPE, FAILED, IN_DOUBT, PENDING, open_mismatches

PUSHED = "ShipStation Order"
# Bookings that have waited for less than this are not counted.
LATE = timedelta(hours=1)
# A list of more names makes too long an address.
MOST_NAMES = 50
# No Supplier has this name: SQL knows no empty list.
NOBODY_CONNECTED = "\n"


@frappe.whitelist(methods=["GET", "POST"])
def orders_pushed_today(filters: Any = None) -> dict[str, Any]:
	"""How many orders were sent to vendors' ShipStation accounts since midnight, in the site's time zone. For
	the Number Card of this name.

	:param filters: the card's; it has none.
	"""
	frappe.has_permission(PUSHED, "read", throw=True)
	since = stored_utc(midnight())
	return {
		"value": frappe.db.count(PUSHED, {"pushed_at": (">=", since)}),
		"fieldtype": "Int",
		"route": ["List", PUSHED],
		"route_options": {"pushed_at": [">=", str(since)]},
	}


@frappe.whitelist(methods=["GET", "POST"])
def orders_nobody_fetches(filters: Any = None) -> dict[str, Any]:
	"""How many orders have rows that nobody fetches: no vendor ships them, or the vendor has not connected
	ShipStation. For the Number Card of this name.

	:param filters: the card's; it has none.
	"""
	frappe.has_permission(PUSHED, "read", throw=True)
	conditions = {"integration": "shipstation", "status": ("!=", "not_connected"), "supplier": ("is", "set")}
	connected = frappe.get_all(
		"Vendor Connection", filters=conditions, pluck="supplier", distinct=True, order_by="supplier asc"
	)
	record = frappe.qb.DocType(PUSHED)
	is_taken = Coalesce(record.supplier, "").isin(connected or [NOBODY_CONNECTED])
	query = frappe.qb.from_(record).select(Count("*"))
	query = query.where((record.status == LABELS[State.WAITING]) & is_taken.negate())
	return {
		"value": query.run()[0][0],
		"fieldtype": "Int",
		"route": ["List", PUSHED],
		"route_options": {"status": LABELS[State.WAITING], "supplier": ["not in", connected]},
	}


@frappe.whitelist(methods=["GET", "POST"])
def taxes_not_booked(filters: Any = None) -> dict[str, Any]:
	"""How many documents Vertex should have booked: refused ones, those of which nobody knows whether it has,
	and those that wait for more than an hour. For the Number Card of this name.

	:param filters: the card's; it has none.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	late = site_time(utc_now() - LATE)
	number = frappe.db.count(DOCTYPE, {"status": ("in", (FAILED, IN_DOUBT))})
	number += frappe.db.count(DOCTYPE, {"status": PENDING, "creation": ("<", late)})
	return {
		"value": number,
		"fieldtype": "Int",
		"route": ["List", DOCTYPE],
		"route_options": {"status": ["in", [PENDING, IN_DOUBT, FAILED]]},
	}


@frappe.whitelist(methods=["GET", "POST"])
def tax_mismatches(filters: Any = None) -> dict[str, Any]:
	"""How many documents Vertex has booked with another tax than they say, and has not taken back. For the
	Number Card of this name.

	:param filters: the card's; it has none.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	names = open_mismatches()
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", DOCTYPE],
		"route_options": {"name": ["in", names[:MOST_NAMES]]} if names else {"mismatch": 1},
	}

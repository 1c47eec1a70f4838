"""ShipStation Order records: one Sales Order pushed for one Supplier. The database keeps them unique."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.query_builder import Order

from medgrid.orders.amendments import originals

DOCTYPE = "ShipStation Order"
# Longer than a push with all its waits and retries: a colleague's older claim is a dead one.
CLAIM_SECONDS = 600


@dataclass(frozen=True)
class PushContext:
	"""Who pushes.

	:param connection: their Vendor Connection.
	:param account: the fingerprint of their ShipStation key.
	"""

	supplier: str
	connection: str
	account: str


@dataclass(frozen=True)
class Claim:
	"""The right, and the duty, to push one order and to record what came of it; `claimed_at` in UTC."""

	name: str
	sales_order: str
	claimed_at: datetime


def claim(vendor: PushContext, sales_order: str, lines: list[str]) -> Claim | None:
	"""Claims an order before it is pushed. Commits.

	:param lines: the names of the order's rows that are this vendor's.
	:returns: None if it is pushed already, or claimed by somebody else.
	"""
	claimed_at = _utc_now()
	values = {
		"sales_order": sales_order,
		"supplier": vendor.supplier,
		"connection": vendor.connection,
		"account": vendor.account,
		"claimed_at": claimed_at,
		"lines": json.dumps(lines),
	}
	try:
		# MedGrid's own bookkeeping: no vendor's role may write it.
		record = frappe.get_doc({"doctype": DOCTYPE, **values}).insert(ignore_permissions=True)
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.clear_messages()
		frappe.db.rollback()
		return None
	frappe.db.commit()
	return Claim(record.name, sales_order, claimed_at)


def orphaned_claims(vendor: PushContext) -> list[Claim]:
	"""Claims whose push ended without a record, for this connection to clear up: its own (it syncs one at a
	time, so what it finds is left over), and those of colleagues whose account nobody can ask any more."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"supplier": vendor.supplier, "status": "Claimed"},
		fields=["name", "sales_order", "claimed_at", "connection", "account"],
		order_by="creation asc",
	)
	return [Claim(row.name, row.sales_order, row.claimed_at) for row in rows if _is_ours(row, vendor)]


def _is_ours(row, vendor: PushContext) -> bool:
	if row.connection == vendor.connection:
		return True
	if _utc_now() - frappe.utils.get_datetime(row.claimed_at) < timedelta(seconds=CLAIM_SECONDS):
		return False
	return not frappe.db.exists("Vendor Connection", {"name": row.connection, "account": row.account})


def drop(claim: Claim) -> None:
	"""Gives up a claim of which ShipStation has nothing. Commits."""
	frappe.db.delete(DOCTYPE, {"name": claim.name, "status": "Claimed"})
	frappe.db.commit()


def record_push(claim: Claim, order_id: str) -> None:
	"""Records what ShipStation has accepted; the first push also marks the Sales Order. Commits.

	An order that was cancelled in the meantime is recorded as such: the vendor has to hear of it.
	"""
	frappe.db.commit()
	# The Sales Order first, as a cancellation locks it first, too.
	fields = ["docstatus", "shipstation_order_id"]
	order = frappe.db.get_value("Sales Order", claim.sales_order, fields, as_dict=True, for_update=True)
	values = {
		"status": "Pushed",
		"shipstation_order_id": order_id,
		"pushed_at": _site_time(claim.claimed_at),
	}
	if order.docstatus == 2:
		values |= {"status": "Cancelled", "remark": cancellation_remark(order_id)}
	frappe.db.set_value(DOCTYPE, claim.name, values)
	if not order.shipstation_order_id:
		name = claim.sales_order
		frappe.db.set_value("Sales Order", name, "shipstation_order_id", order_id, update_modified=False)
	frappe.db.commit()


def cancellation_remark(order_id: str) -> str:
	return _("The Sales Order was cancelled after it was sent. Cancel order {0} in ShipStation.").format(
		order_id
	)


def other_vendors_of(sales_order: str, supplier: str) -> list:
	"""The records of the other Suppliers for whom this order was sent or is being sent."""
	return frappe.get_all(
		DOCTYPE,
		filters={"sales_order": sales_order, "supplier": ("!=", supplier)},
		fields=["supplier", "account", "lines"],
	)


def pushed_ancestor(sales_order: str, supplier: str):
	"""The record of the order that this one amends, or of one that that one amends, if there is one."""
	fields = ["sales_order", "shipstation_order_id"]
	for original in originals(sales_order):
		key = {"sales_order": original, "supplier": supplier}
		if record := frappe.db.get_value(DOCTYPE, key, fields, as_dict=True):
			return record
	return None


def cancellations_since(supplier: str, days: int) -> list:
	"""Recent records whose Sales Order was cancelled after the push, for the vendor to hear of."""
	since = frappe.utils.add_days(frappe.utils.now_datetime(), -days)
	record = frappe.qb.DocType(DOCTYPE)
	return (
		frappe.qb.from_(record)
		.select(record.sales_order, record.remark)
		.where((record.supplier == supplier) & (record.status == "Cancelled") & (record.modified >= since))
		.orderby(record.modified, order=Order.asc)
		.run(as_dict=True)
	)


def _site_time(utc: datetime) -> datetime:
	"""A stored UTC time as Frappe stores its own: in the site's zone."""
	zone = ZoneInfo(frappe.utils.get_system_timezone())
	moment = frappe.utils.get_datetime(utc).replace(tzinfo=timezone.utc)
	return moment.astimezone(zone).replace(tzinfo=None)


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)

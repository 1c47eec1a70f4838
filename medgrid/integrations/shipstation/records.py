"""ShipStation Order records: one Sales Order pushed for one Supplier. The database keeps them unique."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import frappe
from frappe.query_builder import Order

DOCTYPE = "ShipStation Order"
# Longer than a push with all its retries: an older claim's worker is dead or has given up.
CLAIM_SECONDS = 180


@dataclass(frozen=True)
class Claim:
	"""The right to push one order.

	:param in_doubt: an earlier push may have reached ShipStation without our recording it.
	"""

	name: str
	in_doubt: bool = False


def claim(sales_order: str, supplier: str, connection: str, account: str) -> Claim | None:
	"""Claims an order before it is pushed. Commits.

	:returns: None if it is pushed already, or somebody else's to push.
	"""
	key = {"sales_order": sales_order, "supplier": supplier}
	mine = {"connection": connection, "account": account, "claimed_at": _utc_now()}
	try:
		# MedGrid's own bookkeeping: no vendor's role may write it.
		record = frappe.get_doc({"doctype": DOCTYPE, **key, **mine}).insert(ignore_permissions=True)
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.clear_messages()
		frappe.db.rollback()
		return _take_over(key, mine)
	frappe.db.commit()
	return Claim(record.name)


def _take_over(key: dict, mine: dict) -> Claim | None:
	fields = ["name", "status", "claimed_at", "connection", "account"]
	row = frappe.db.get_value(DOCTYPE, key, fields, as_dict=True, for_update=True)
	if not row or row.status != "Claimed" or _is_fresh(row.claimed_at) or _is_anothers(row, mine):
		frappe.db.rollback()
		return None
	frappe.db.set_value(DOCTYPE, row.name, mine)
	frappe.db.commit()
	return Claim(row.name, in_doubt=True)


def _is_anothers(row, mine: dict) -> bool:
	"""Whether another ShipStation account may have got the order and is still there to be asked: then its own
	sync finds out. An account that was disconnected since can be asked by nobody."""
	if row.account == mine["account"]:
		return False
	return bool(frappe.db.exists("Vendor Connection", {"name": row.connection, "account": row.account}))


def doubt(claim: Claim) -> None:
	"""Ends the work on a claim whose outcome is unknown: the next sync may take it over. Commits."""
	frappe.db.set_value(DOCTYPE, claim.name, "claimed_at", _utc_now() - timedelta(seconds=CLAIM_SECONDS))
	frappe.db.commit()


def give_back(claim: Claim) -> None:
	"""Gives up a claim that ShipStation has refused; one in doubt stays in doubt. Commits."""
	if claim.in_doubt:
		doubt(claim)
		return
	frappe.db.delete(DOCTYPE, {"name": claim.name, "status": "Claimed"})
	frappe.db.commit()


def record_push(claim: Claim, sales_order: str, order_id: str) -> None:
	"""Records what ShipStation has accepted; the first push also marks the Sales Order. Commits."""
	values = {"status": "Pushed", "shipstation_order_id": order_id, "pushed_at": frappe.utils.now_datetime()}
	frappe.db.set_value(DOCTYPE, claim.name, {**values, "claimed_at": None})
	order = frappe.qb.DocType("Sales Order")
	is_first = order.shipstation_order_id.isnull() | (order.shipstation_order_id == "")
	(
		frappe.qb.update(order)
		.set(order.shipstation_order_id, order_id)
		.where((order.name == sales_order) & is_first)
		.run()
	)
	frappe.clear_document_cache("Sales Order", sales_order)
	frappe.db.commit()


def pushed_to_account(sales_order: str, account: str, supplier: str) -> str | None:
	"""Another Supplier for whom this order was sent to the same ShipStation account, where one `orderKey` can
	stand for one order only."""
	return frappe.db.get_value(
		DOCTYPE,
		{"sales_order": sales_order, "account": account, "supplier": ("!=", supplier)},
		"supplier",
	)


def pushed_ancestor(sales_order: str, supplier: str):
	"""The record of the order that this one amends, or of one that that one amends, if it was pushed."""
	ancestor = frappe.db.get_value("Sales Order", sales_order, "amended_from")
	while ancestor:
		fields = ["name", "sales_order", "shipstation_order_id"]
		key = {"sales_order": ancestor, "supplier": supplier, "shipstation_order_id": ("is", "set")}
		if record := frappe.db.get_value(DOCTYPE, key, fields, as_dict=True):
			return record
		ancestor = frappe.db.get_value("Sales Order", ancestor, "amended_from")
	return None


def remarks_since(supplier: str, account: str, days: int) -> list:
	"""Recent records whose Sales Order was cancelled after the push, for the vendor to hear of."""
	since = frappe.utils.add_days(frappe.utils.now_datetime(), -days)
	record = frappe.qb.DocType(DOCTYPE)
	return (
		frappe.qb.from_(record)
		.select(record.sales_order, record.remark)
		.where((record.supplier == supplier) & (record.account == account))
		.where((record.status == "Cancelled") & (record.modified >= since))
		.orderby(record.modified, order=Order.asc)
		.run(as_dict=True)
	)


def _is_fresh(claimed_at) -> bool:
	age = _utc_now() - frappe.utils.get_datetime(claimed_at)
	return age < timedelta(seconds=CLAIM_SECONDS)


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)

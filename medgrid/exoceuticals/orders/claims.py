"""The claim on a Sales Order that is being sent: of two callers at once one creates the order, and after a
crash or a lost answer nobody creates a second one.

A claim is committed before Shopify is called, and ends with the record of the order, or when Shopify
certainly did not make it. Whatever else happens leaves it in place, in doubt. Contract: "Can only be called
once per Sales Order (idempotent guard)".
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import frappe
from frappe import _

from medgrid.exceptions import Conflict, RuleViolated
from medgrid.exoceuticals.orders.cancellations import notify_late_order

DOCTYPE = "Sales Order"
CLAIM, CLAIMED_AT = "exoceuticals_claim", "exoceuticals_claimed_at"
ORDER_ID, ORDER_NAME = "exoceuticals_order_id", "exoceuticals_order_name"
# No attempt takes longer, from its claim to Shopify's answer.
ATTEMPT_SECONDS = 60
# So long Shopify's search may not know an order that is there.
SEARCH_LAG_SECONDS = 120


@dataclass(frozen=True)
class Claim:
	"""The right, and the duty, to create one order and to record what came of it."""

	sales_order: str
	token: str


@dataclass(frozen=True)
class UnresolvedAttempt:
	"""An earlier attempt without a record.

	:param certain_from: aware; from then on, an order that Shopify's search does not find is not there.
	"""

	sales_order: str
	token: str
	certain_from: datetime

	def search_is_conclusive(self) -> bool:
		return _utc_now() >= self.certain_from


def begin(sales_order: str) -> Claim | UnresolvedAttempt:
	"""Claims an order, unless an earlier attempt is in doubt. Commits.

	:raises Conflict: the order was sent already.
	:raises RuleViolated: it was cancelled in the meantime.
	"""
	row = _locked(sales_order)
	if row[CLAIM]:
		frappe.db.rollback()
		return _doubt(sales_order, row)
	return _claim(sales_order)


def take_over(doubt: UnresolvedAttempt) -> Claim:
	"""Claims an order whose earlier attempt certainly came to nothing. Commits.

	:raises Conflict: somebody else has settled it, or is settling it.
	"""
	row = _locked(doubt.sales_order)
	if row[CLAIM] != doubt.token:
		frappe.db.rollback()
		raise being_sent(doubt.sales_order)
	return _claim(doubt.sales_order)


def resolvable() -> list[UnresolvedAttempt]:
	"""The attempts without a record that a search can settle by now, oldest first."""
	frappe.db.commit()
	filters = {CLAIM: ("is", "set"), ORDER_ID: ("is", "not set")}
	fields = ["name", CLAIM, CLAIMED_AT]
	rows = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by=f"{CLAIMED_AT} asc")
	doubts = [_doubt(row.name, row) for row in rows]
	return [doubt for doubt in doubts if doubt.search_is_conclusive()]


def drop(doubt: UnresolvedAttempt) -> None:
	"""The attempt came to nothing: the order can be sent again. Commits."""
	frappe.db.commit()
	held = frappe.db.get_value(DOCTYPE, doubt.sales_order, CLAIM, for_update=True)
	if held == doubt.token:
		frappe.db.set_value(
			DOCTYPE, doubt.sales_order, {CLAIM: None, CLAIMED_AT: None}, update_modified=False
		)
	frappe.db.commit()


def release(claim: Claim) -> None:
	"""Shopify certainly did not make the order. Commits."""
	_end(claim, {CLAIM: None, CLAIMED_AT: None})


def doubt(claim: Claim) -> None:
	"""Nobody knows whether Shopify made the order. Commits."""
	_end(claim, {CLAIM: f"doubtful:{claim.token}", CLAIMED_AT: _utc_now().replace(tzinfo=None)})


def record(sales_order: str, order_id: str, order_name: str, status: str) -> None:
	"""Writes down the order that Shopify has, and ends the claim. Administrators hear of it if the Sales
	Order was cancelled in the meantime. Commits.

	:raises Conflict: another order is recorded already; this one has to be looked at by people.
	"""
	frappe.db.commit()
	known = frappe.db.get_value(DOCTYPE, sales_order, ORDER_ID, for_update=True)
	if known and known != order_id:
		frappe.db.rollback()
		frappe.log_error(
			"Exoceuticals: two orders for one Sales Order", f"{sales_order}: {known}, {order_id}"
		)
		frappe.db.commit()
		raise already_sent(sales_order, known)
	values = {CLAIM: None, CLAIMED_AT: None}
	if not known:
		# Contract, "Dates & Times": in UTC, to the second.
		moment = _utc_now().replace(tzinfo=None, microsecond=0)
		sent = {"exoceuticals_status": status, "exoceuticals_sync_date": moment}
		values.update({ORDER_ID: order_id, ORDER_NAME: order_name, **sent})
	frappe.db.set_value(DOCTYPE, sales_order, values)
	if not known:
		notify_late_order(sales_order, order_name, status)
	frappe.db.commit()


def already_sent(sales_order: str, order: str) -> Conflict:
	return Conflict(
		_("{0} was sent to Exoceuticals already, as {1}. Do not send it again.").format(sales_order, order)
	)


def being_sent(sales_order: str) -> Conflict:
	return Conflict(
		_("{0} is being sent, or an earlier attempt is in doubt. Try again shortly.").format(sales_order)
	)


def _locked(sales_order: str):
	# A locking read must be a transaction's first, to see what is there now.
	frappe.db.commit()
	fields = ["docstatus", ORDER_ID, ORDER_NAME, CLAIM, CLAIMED_AT]
	row = frappe.db.get_value(DOCTYPE, sales_order, fields, as_dict=True, for_update=True)
	if row[ORDER_ID]:
		frappe.db.rollback()
		raise already_sent(sales_order, row[ORDER_NAME] or row[ORDER_ID])
	if row.docstatus != 1:
		frappe.db.rollback()
		raise RuleViolated(_("{0} is not submitted any more.").format(sales_order))
	return row


def _doubt(sales_order: str, row) -> UnresolvedAttempt:
	begun = frappe.utils.get_datetime(row[CLAIMED_AT]).replace(tzinfo=timezone.utc)
	seconds = SEARCH_LAG_SECONDS
	if row[CLAIM].startswith("running:"):
		seconds += ATTEMPT_SECONDS
	return UnresolvedAttempt(sales_order, row[CLAIM], begun + timedelta(seconds=seconds))


def _claim(sales_order: str) -> Claim:
	claim = Claim(sales_order, secrets.token_hex(8))
	now = _utc_now().replace(tzinfo=None)
	frappe.db.set_value(
		DOCTYPE,
		sales_order,
		{CLAIM: f"running:{claim.token}", CLAIMED_AT: now},
		update_modified=False,
	)
	frappe.db.commit()
	return claim


def _end(claim: Claim, values: dict) -> None:
	frappe.db.commit()
	held = frappe.db.get_value(DOCTYPE, claim.sales_order, CLAIM, for_update=True)
	if held == f"running:{claim.token}":
		frappe.db.set_value(DOCTYPE, claim.sales_order, values, update_modified=False)
	frappe.db.commit()


def _utc_now() -> datetime:
	return datetime.now(timezone.utc)

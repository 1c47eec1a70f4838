"""Pushing due orders: claim, call, record. No order lost, none sent twice.

A claim is committed before the call and the result after it. When a worker dies in between, or an answer is
lost, the next sync finds the claim and asks ShipStation whether the order is there before it sends anything.
"""

from dataclasses import dataclass, field
from itertools import islice

import frappe
from frappe import _

from medgrid.integrations.errors import IntegrationError, OutOfTime, Refused
from medgrid.integrations.shipstation import records
from medgrid.integrations.shipstation.client import ShipStationClient
from medgrid.integrations.shipstation.eligibility import due_orders
from medgrid.integrations.shipstation.payload import payload_for

# How long a vendor hears of an order that was cancelled after it was sent.
REMARK_DAYS = 7
# More problems than a vendor will read; the orders themselves stay due.
MAX_ERRORS = 50


@dataclass(frozen=True)
class Vendor:
	"""Who pushes.

	:param account: the fingerprint of their ShipStation account.
	"""

	supplier: str
	connection: str
	account: str


@dataclass
class PushReport:
	"""
	:param errors: a sentence for each order that was not sent.
	:param deferred: how many of the orders allowed now are left for later, for want of time.
	"""

	pushed: int = 0
	errors: list[str] = field(default_factory=list)
	deferred: int = 0


def push_due_orders(client: ShipStationClient, vendor: Vendor, limit: int | None) -> PushReport:
	"""Pushes up to `limit` due orders, oldest first; one that cannot be sent does not stop the others.

	:raises IntegrationError: what would stop every order: rejected credentials, ShipStation down, and so on.
	"""
	report = PushReport(errors=_remarks(vendor))
	due = due_orders(vendor.supplier)
	for name in due:
		if limit is not None and report.pushed >= limit:
			break
		try:
			report.pushed += push_order(client, vendor, name)
		except OutOfTime:
			allowed = None if limit is None else limit - report.pushed
			report.deferred = 1 + sum(1 for _name in islice(due, None if allowed is None else allowed - 1))
			break
		except Refused as error:
			_complain(report, name, str(error))
	return report


def push_order(client: ShipStationClient, vendor: Vendor, name: str) -> bool:
	"""Sends one order, unless that was done already or is being done.

	:returns: whether ShipStation has it now because of us.
	:raises Refused: it cannot be sent as it is, or ShipStation will not have it.
	"""
	payload = payload_for(frappe.get_doc("Sales Order", name), vendor.supplier)
	_check_ancestor(client, vendor, name)
	claim = records.claim(name, vendor.supplier, vendor.connection, vendor.account)
	if not claim:
		return False
	try:
		_check_collision(vendor, name)
		found = client.find_order(name) if claim.in_doubt else None
		order_id = (found or client.create_order(payload)).orderId
	except Refused:
		records.give_back(claim)
		raise
	except IntegrationError:
		# It may have reached ShipStation all the same.
		records.doubt(claim)
		raise
	records.record_push(claim, name, order_id)
	return True


def _check_collision(vendor: Vendor, name: str) -> None:
	"""Looked for when our own claim is there: of two vendors at once at least one sees the other's."""
	other = records.pushed_to_account(name, vendor.account, vendor.supplier)
	if other:
		raise Refused(
			_(
				"the same ShipStation account has received this order for {0}; sending it again would"
				" overwrite that. Each vendor needs a ShipStation account of its own"
			).format(other)
		)


def _check_ancestor(client: ShipStationClient, vendor: Vendor, name: str) -> None:
	"""An amended order goes out only when ShipStation has not got the original any more."""
	record = records.pushed_ancestor(name, vendor.supplier)
	if not record:
		return
	remote = client.get_order(record.shipstation_order_id)
	if remote and remote.orderStatus != "cancelled":
		raise Refused(
			_("it amends {0}, which is order {1} in ShipStation: cancel that order there first").format(
				record.sales_order, record.shipstation_order_id
			)
		)


def _remarks(vendor: Vendor) -> list[str]:
	rows = records.remarks_since(vendor.supplier, vendor.account, REMARK_DAYS)
	return [f"{row.sales_order}: {row.remark}" for row in rows]


def _complain(report: PushReport, name: str, reason: str) -> None:
	if len(report.errors) < MAX_ERRORS:
		report.errors.append(f"{name}: {reason}")

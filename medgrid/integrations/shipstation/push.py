"""Pushing due orders: claim, call, record. No order lost, none sent twice.

A claim is committed before the call and the result after it. When a worker dies in between, or an answer is
lost, the next sync begins with what was left: it asks ShipStation whether the order is there.
"""

import json
from dataclasses import dataclass, field
from itertools import islice

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.models import OrderPayload, RemoteOrder
from medgrid.http_client.errors import DeadlineExceeded, RequestRejected
from medgrid.integrations.shipstation import claims
from medgrid.integrations.shipstation.claims import Claim, PushContext
from medgrid.integrations.shipstation.eligibility import due_orders, is_due
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.integrations.shipstation.preparation import prepare
from medgrid.services.failure_texts import failure_text

# How long a vendor hears of an order that was cancelled after it was sent.
REMARK_DAYS = 7
# More problems than a vendor will read; the orders themselves stay due.
MAX_ERRORS = 50


@dataclass
class PushReport:
	"""
	:param errors: a sentence for each order that was not sent.
	:param deferred: how many of the orders allowed now are left for later, for want of time.
	"""

	pushed: int = 0
	errors: list[str] = field(default_factory=list)
	deferred: int = 0

	def complain(self, sales_order: str, reason: str) -> None:
		if len(self.errors) < MAX_ERRORS:
			self.errors.append(f"{sales_order}: {reason}")


def push_due_orders(
	client: ShipStationClient, vendor: PushContext, limit: int | None, report: PushReport
) -> None:
	"""Pushes up to `limit` due orders, oldest first; one that cannot be sent does not stop the others.

	:param report: is filled as the work goes on, so that what was done is known whatever happens then.
	:raises IntegrationError: what would stop every order: rejected credentials, ShipStation down, and so on.
	"""
	due = due_orders(vendor.supplier)
	try:
		_recover_orphaned_claims(client, vendor, report)
		for row in claims.cancellations_since(vendor.supplier, REMARK_DAYS):
			report.complain(row.sales_order, row.remark)
		for name in due:
			if limit is not None and report.pushed >= limit:
				break
			client.keep_alive()
			_push_reporting(client, vendor, name, report)
	except DeadlineExceeded:
		rest = None if limit is None else max(0, limit - report.pushed - 1)
		report.deferred = 1 + sum(1 for _name in islice(due, rest))


def _push_reporting(client: ShipStationClient, vendor: PushContext, name: str, report: PushReport) -> None:
	try:
		report.pushed += push_order(client, vendor, name)
	except NothingToSend:
		return
	except RequestRejected as error:
		report.complain(name, failure_text(error))


def _recover_orphaned_claims(client: ShipStationClient, vendor: PushContext, report: PushReport) -> None:
	"""Finds out what became of pushes that ended without a record, whatever became of their orders since."""
	for claim in claims.orphaned_claims(vendor):
		if found := client.find_order(claim.sales_order):
			claims.record_push(claim, found.orderId)
			report.pushed += 1
		else:
			claims.drop(claim)


def push_order(client: ShipStationClient, vendor: PushContext, name: str) -> bool:
	"""Sends one order, unless that was done already or is being done.

	:returns: whether ShipStation has it now because of us.
	:raises NothingToSend: none of its lines is this vendor's any more.
	:raises RequestRejected: it cannot be sent as it is, or ShipStation will not have it.
	"""
	others = claims.other_vendors_of(name, vendor.supplier)
	taken = {row for other in others for row in json.loads(other.lines or "[]")}
	payload = prepare(frappe.get_doc("Sales Order", name), vendor.supplier, taken)
	_check_ancestor(client, vendor, name)
	claim = claims.claim(vendor, name, [item.lineItemKey for item in payload.items])
	if not claim:
		return False
	try:
		order_id = _send(client, vendor, claim, payload)
	except RequestRejected:
		claims.drop(claim)
		raise
	if order_id:
		claims.record_push(claim, order_id)
	return bool(order_id)


def _send(client: ShipStationClient, vendor: PushContext, claim: Claim, payload: OrderPayload) -> str | None:
	"""The id that ShipStation gives the order; None if it is not due any more.

	An exception other than RequestRejected leaves the claim: the order may have reached ShipStation.
	"""
	if not is_due(claim.sales_order):
		claims.drop(claim)
		return None
	_check_collision(client, vendor, payload)
	return client.create_order(payload).orderId


def _check_collision(client: ShipStationClient, vendor: PushContext, payload: OrderPayload) -> None:
	"""ShipStation has one order for one `orderKey`: another vendor's lines must not be under it already.

	Looked for when our own claim is there: of two vendors at once at least one sees the other's.
	"""
	others = claims.other_vendors_of(payload.orderKey, vendor.supplier)
	if not others:
		return
	same_key = next((other.supplier for other in others if other.account == vendor.account), None)
	if same_key or _has_other_lines(client.find_order(payload.orderKey), payload):
		raise RequestRejected(
			_(
				"The same ShipStation account has received this order for {0}, and would lose that by"
				" receiving it again. Connect a ShipStation account that is yours alone."
			).format(same_key or _("another vendor"))
		)


def _has_other_lines(remote: RemoteOrder | None, payload: OrderPayload) -> bool:
	if not remote:
		return False
	ours = {item.lineItemKey for item in payload.items}
	return any(item.lineItemKey not in ours for item in remote.items or [])


def _check_ancestor(client: ShipStationClient, vendor: PushContext, name: str) -> None:
	"""An amended order goes out only when ShipStation has not got the original any more."""
	record = claims.pushed_ancestor(name, vendor.supplier)
	if not record:
		return
	if not record.shipstation_order_id:
		raise RequestRejected(
			_(
				"The Sales Order amends {0}, and it is not known yet whether ShipStation has that order."
				" The next sync asks ShipStation."
			).format(record.sales_order)
		)
	remote = client.get_order(record.shipstation_order_id)
	if remote and remote.orderStatus != "cancelled":
		raise RequestRejected(
			_(
				"The Sales Order amends {0}, which is order {1} in ShipStation. Cancel that order there,"
				" then the next sync sends this one."
			).format(record.sales_order, record.shipstation_order_id)
		)

"""Sends orders again that have changed since they were sent, while they are open in ShipStation: the whole
order under the same `orderKey`, with the quantities that are not delivered yet.

`medgrid.outbox.operations` claims, calls and records. The claim names the rows and the content before the
call, so that no other receiver gets the rows. ShipStation replaces the order with this key, so an order whose
outcome is unknown is sent once more.
"""

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.order_payload import REPLACEABLE, OrderPayload
from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.changes import comparison, issues
from medgrid.integrations.shipstation.changes.arrivals import record_arrival
from medgrid.integrations.shipstation.changes.cancelling import record_cancelled_there
from medgrid.integrations.shipstation.changes.comparison import rows_of
from medgrid.integrations.shipstation.changes.remote_lines import lines_of, possible_rows
from medgrid.integrations.shipstation.changes.splits import parts_elsewhere
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX, PushContext, is_of
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.integrations.shipstation.preparation import (
	check_held,
	prepare,
	prepare_cancellation,
	read_content,
)
from medgrid.integrations.shipstation.reasons import is_not_made
from medgrid.orders.amendments import originals
from medgrid.orders.content import Content, Difference, Standing, differences, from_json
from medgrid.orders.reader import renamed_items
from medgrid.orders.sentences import what_differs
from medgrid.outbox import operations, records
from medgrid.outbox.destinations import NO_REASON, Reason, Record
from medgrid.outbox.modified import compared_until
from medgrid.outbox.operations import Plan
from medgrid.outbox.states import Operation, State, WhoActs
from medgrid.services.failure_texts import failure_text

# So many changed orders at a time.
MOST = 200
FIELDS = [*comparison.FIELDS, "sales_order", "shipstation_order_id"]


class ChangedThere(RequestRejected):
	"""The order is not in ShipStation as it was sent."""


def changed_orders(context: PushContext) -> list[str]:
	"""Lists the records of a vendor's account whose orders have changed since they were sent, or may have:
	the job that compares them may be lost. Orders that were shipped are not among them.

	:returns: names of ShipStation Orders.
	"""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	address = frappe.qb.DocType("Address")
	is_newer = (order.modified > record.compared_at) | (address.modified > record.compared_at)
	is_next = (record.is_changed == 1) | record.compared_at.isnull() | is_newer
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.left_join(address)
		.on(address.name == order.shipping_address_name)
		.select(record.name)
		.where((record.supplier == context.supplier) & (record.status == LABELS[State.SENT]))
		.where(is_of(record, context) & record.sent_content.notnull() & (order.docstatus == 1) & is_next)
		.orderby(record.pushed_at)
		.limit(MOST)
		.run(pluck=True)
	)


def resend(client: ShipStationClient, name: str) -> bool:
	"""Sends one order again if it has changed. Commits.

	:param name: the record's name.
	:returns: whether it was sent.
	:raises RequestRejected: it cannot be sent; the record and an issue say why.
	:raises IntegrationError: the request failed; the order stays changed.
	"""
	record = in_transaction(partial(_changed_record, name))
	if not record:
		return False
	remote = client.get_order(record.shipstation_order_id)
	keys = (record.sales_order, *originals(record.sales_order))
	parts = _parts(client, record, remote) if remote else []
	if remote and remote.orderStatus == "cancelled" and remote.orderKey in keys and not parts:
		record_cancelled_there(name)
		return False
	if record.resending_content and remote and remote.orderStatus not in REPLACEABLE:
		record_arrival(name, remote)
		record = in_transaction(partial(_changed_record, name))
		if not record:
			return False
	try:
		_check(record, remote, is_split=bool(parts))
		plan = partial(_plan, is_held=_is_held(record, remote))
		claim = operations.claim(OUTBOX, name, Operation.SEND_AGAIN, plan)
		if not claim:
			return False
		operations.call(claim, lambda resent: client.create_order(resent.payload), is_not_made=is_not_made)
	except RequestRejected as error:
		in_transaction(partial(_note_refused, name, error))
		raise
	return operations.record(claim, partial(_record, claim.payload))


@dataclass(frozen=True)
class Resent:
	"""An order that is sent again.

	:param lines: the rows that the vendor has or had, for the tracking of what was delivered.
	"""

	payload: OrderPayload
	content: Content
	lines: list[str]


def _changed_record(name: str) -> Any | None:
	"""The record, if the order has changed."""
	sales_order = frappe.db.get_value(DOCTYPE, name, "sales_order")
	comparison.compare_in_transaction(sales_order)
	record = frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True)
	is_next = record and record.is_changed and record.status == LABELS[State.SENT]
	return record if is_next else None


def _parts(client: ShipStationClient, record: Any, remote: RemoteOrder) -> list[RemoteOrder]:
	"""The other parts of an order that the vendor has split."""
	rows = json.loads(record.lines or "[]")
	return parts_elsewhere(client, remote.orderNumber or record.sales_order, remote.orderId, rows)


def _check(record: Any, remote: RemoteOrder | None, *, is_split: bool) -> None:
	"""Checks that ShipStation has the order as it was sent, and open.

	:param is_split: whether the vendor has split it.
	:raises ChangedThere: it has not.
	"""
	order_id = record.shipstation_order_id
	if remote and remote.orderKey in originals(record.sales_order):
		# It was shipped, so that this Sales Order has taken it over, and its label was voided since.
		sentence = _("Order {0} in ShipStation is still that of {1}, which was amended. Change it there.")
		raise ChangedThere(sentence.format(order_id, remote.orderKey))
	if not remote or remote.orderKey != record.sales_order:
		raise ChangedThere(_("ShipStation has no order {0} any more.").format(order_id))
	if is_split:
		raise ChangedThere(_("Order {0} is split in ShipStation.").format(order_id))
	if remote.orderStatus not in REPLACEABLE:
		raise ChangedThere(_("Order {0} is shipped in ShipStation.").format(order_id))
	if from_json(record.sent_content) and lines_of(remote) not in possible_rows(record):
		sentence = _("Order {0} has other lines in ShipStation than those that were sent; it may be split.")
		raise ChangedThere(sentence.format(order_id))


def _is_held(record: Any, remote: RemoteOrder | None) -> bool:
	"""Whether the vendor has put the order on hold, and not MedGrid."""
	sent = from_json(record.sent_content)
	is_own = sent is not None and sent.standing is Standing.STOPPED
	return bool(remote and remote.orderStatus == "on_hold" and not is_own)


def _plan(locked: Record, *, is_held: bool) -> Plan[Resent] | None:
	"""Builds what is sent, and says which rows are under way with it.

	:param locked: the record; its Sales Order's row is locked.
	:returns: None: nothing, because the order has been cancelled or shipped meanwhile, or all is delivered.
	:raises RequestRejected: the order cannot be sent as it is.
	"""
	document = frappe.get_doc("Sales Order", locked.document)
	if document.docstatus != 1 or locked.state is not State.SENT:
		return None
	record = frappe.db.get_value(DOCTYPE, locked.name, FIELDS, as_dict=True)
	resent = _resent(document, record, is_held=is_held)
	if not resent:
		return None
	lines = list(dict.fromkeys([*json.loads(record.lines or "[]"), *resent.content.sent_rows]))
	return Plan(resent, {"lines": json.dumps(lines), "resending_content": resent.content.as_json()})


def _resent(document: Any, record: Any, *, is_held: bool) -> Resent | None:
	rows = rows_of(document, record.supplier, record.lines)
	try:
		order = prepare(document, record.supplier, rows.taken, rows.kept, is_held=is_held)
	except NothingToSend:
		return _nothing_left(document, record)
	check_held(document, record.supplier, set(order.content.sent_rows) - rows.kept)
	still = [line.name for line in document.items if line.name in rows.kept]
	lines = list(dict.fromkeys([*still, *order.content.sent_rows]))
	return Resent(order.payload, order.content, lines)


def _nothing_left(document: Any, record: Any) -> Resent | None:
	"""What is sent if no open row is this vendor's any more."""
	rows = rows_of(document, record.supplier, record.lines)
	content = read_content(document, record.supplier, rows.taken, rows.kept)
	if content.rows:
		# All is delivered. Whether the vendor has done it, a label will show.
		records.explain(OUTBOX, record.name, NO_REASON, is_changed=0, compared_at=compared_until())
		return None
	payload = _empty(document, record)
	return Resent(payload, replace(content, standing=Standing.CANCELLED), [])


def _empty(document: Any, record: Any) -> OrderPayload:
	"""The order that cancels itself, because all its rows are gone."""
	order = prepare_cancellation(document, record.supplier, [row.name for row in document.items])
	return order.model_copy(update={"items": [], "weight": None, "amountPaid": 0})


def _record(resent: Resent, locked: Record) -> None:
	values = {
		"sent_content": resent.content.as_json(),
		"lines": json.dumps(resent.lines),
		"resending_content": None,
		"is_changed": 0,
		"compared_at": compared_until(),
	}
	name, state = locked.name, locked.state
	if state is State.CANCELLED:
		# It was cancelled meanwhile, and its record says who must act.
		records.advance(OUTBOX, name, state, values)
		return
	record = frappe.db.get_value(DOCTYPE, name, ["supplier", "shipstation_order_id"], as_dict=True)
	reason: str | None = None
	if resent.content.standing is Standing.STOPPED:
		reason = _("The Sales Order is on hold or closed, so the order is on hold in ShipStation.")
	if resent.content.standing is Standing.CANCELLED:
		state = State.CANCELLED
		sentence = _("No row of the Sales Order is left for {0}, so order {1} is cancelled in ShipStation.")
		reason = sentence.format(record.supplier, record.shipstation_order_id)
	records.advance(OUTBOX, name, state, values, Reason(reason))
	issues.settle(name)


def _note_refused(name: str, error: RequestRejected) -> None:
	sales_order = frappe.db.get_value(DOCTYPE, name, "sales_order")
	row = locked_row("Sales Order", sales_order, ["docstatus"])
	record = frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True, for_update=True)
	if not row or row.docstatus != 1 or not record.is_changed:
		return
	found, why = _differences(sales_order, record), failure_text(error)
	what = what_differs(found) if found else _("The Sales Order has changed since it was sent.")
	by_vendor = isinstance(error, ChangedThere)
	reason = Reason(f"{what} {why}", WhoActs.VENDOR if by_vendor else WhoActs.WHOLESALER)
	records.explain(OUTBOX, name, reason, refused_differences=comparison.digest_of(found))
	issues.open_changed(name, sales_order, what, why=why, by_vendor=by_vendor)


def _differences(sales_order: str, record: Any) -> list[Difference]:
	"""
	:returns: empty if the Sales Order cannot be read.
	"""
	document = frappe.get_doc("Sales Order", sales_order)
	rows = rows_of(document, record.supplier, record.lines)
	sent = from_json(record.sent_content)
	try:
		now = read_content(document, record.supplier, rows.taken, rows.kept)
	except RequestRejected:
		return []
	return differences(sent, now, renamed_items(sent, now)) if sent else []

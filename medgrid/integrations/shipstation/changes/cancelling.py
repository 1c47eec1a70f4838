"""Cancels orders in ShipStation whose Sales Orders were cancelled or amended, and notes the orders that the
vendor has cancelled there. `medgrid.outbox.operations` claims, calls and records."""

import json
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.order_payload import REPLACEABLE, OrderPayload
from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.clients.shipstation.shipments import to_pacific
from medgrid.core.clock import from_stored_utc
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import IntegrationError, RequestRejected
from medgrid.integrations.shipstation.changes.issues import (
	open_cancelled_there,
	open_shipped_though_cancelled,
	open_shipped_twice,
	settle,
	settle_do_not_ship,
	settle_part_cancelled,
)
from medgrid.integrations.shipstation.changes.remote_lines import has_other_lines, lines_of, possible_rows
from medgrid.integrations.shipstation.changes.splits import CANCELLED, SHIPPED, parts_elsewhere
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX
from medgrid.integrations.shipstation.preparation import prepare_cancellation
from medgrid.integrations.shipstation.presence import MAY_HAVE, may_have
from medgrid.integrations.shipstation.reasons import is_not_made
from medgrid.orders.amendments import amended_order_of, originals
from medgrid.outbox import operations, records
from medgrid.outbox.destinations import Reason, Record
from medgrid.outbox.failures import is_of_document
from medgrid.outbox.operations import Plan
from medgrid.outbox.states import Operation, State, WhoActs

FIELDS = [
	"name",
	"sales_order",
	"supplier",
	"status",
	"shipstation_order_id",
	"lines",
	"sent_content",
	"resending_content",
]


class CancelledThere(Enum):
	"""What came of cancelling an order in ShipStation."""

	CANCELLED = "cancelled"
	# The account has no such order.
	GONE = "gone"
	SHIPPED = "shipped"
	# The vendor has changed its lines or split it, or its Sales Order cannot be read any more.
	NOT_POSSIBLE = "not possible"
	# Another worker is changing it there.
	UNDER_WAY = "under way"


def cancel_there(client: ShipStationClient, sales_order: str, supplier: str) -> CancelledThere:
	"""Cancels an order in ShipStation while it is open there, and records what came of it. Commits.

	:param sales_order: a cancelled Sales Order, or one whose rows others ship now.
	:raises IntegrationError: the request failed.
	"""
	key = {"sales_order": sales_order, "supplier": supplier}
	record = frappe.db.get_value(DOCTYPE, key, FIELDS, as_dict=True)
	outcome = _outcome_there(client, record)
	if outcome is None:
		return _cancel(client, record)
	operations.observe(OUTBOX, record.name, Operation.CANCEL, partial(_record, record, outcome))
	return outcome


def _outcome_there(client: ShipStationClient, record) -> CancelledThere | None:
	"""What ShipStation says of an order; None: it can be cancelled."""
	remote = client.get_order(record.shipstation_order_id)
	# An order that was taken over has the key of the original.
	keys = (None, record.sales_order, *originals(record.sales_order))
	if not remote or remote.orderKey not in keys:
		return CancelledThere.GONE
	lines = frappe.parse_json(record.lines or "[]")
	parts = parts_elsewhere(client, remote.orderNumber or record.sales_order, remote.orderId, lines)
	statuses = {remote.orderStatus, *(part.orderStatus for part in parts)}
	if statuses <= {CANCELLED, SHIPPED}:
		return CancelledThere.SHIPPED if SHIPPED in statuses else CancelledThere.CANCELLED
	if parts:
		return CancelledThere.NOT_POSSIBLE
	is_whole = any(rows <= lines_of(remote) for rows in possible_rows(record))
	if remote.orderStatus not in REPLACEABLE or has_other_lines(remote, lines) or not is_whole:
		return CancelledThere.NOT_POSSIBLE
	return None


def _cancel(client: ShipStationClient, record) -> CancelledThere:
	outcome = CancelledThere.CANCELLED
	try:
		claim = operations.claim(OUTBOX, record.name, Operation.CANCEL, partial(_plan, record))
		if not claim:
			return CancelledThere.UNDER_WAY
		operations.call(claim, client.create_order, is_not_made=is_not_made)
	except RequestRejected:
		# It was shipped at this moment, or the order cannot be sent any more.
		outcome = CancelledThere.NOT_POSSIBLE
		operations.observe(OUTBOX, record.name, Operation.CANCEL, partial(_record, record, outcome))
	else:
		operations.record(claim, partial(_record, record, outcome))
	return outcome


def _plan(record, _locked: Record) -> Plan[OrderPayload]:
	document = frappe.get_doc("Sales Order", record.sales_order)
	return Plan(prepare_cancellation(document, record.supplier, json.loads(record.lines or "[]")))


def _record(record, outcome: CancelledThere, locked: Record) -> None:
	"""
	:param locked: the record as it is now; its Sales Order's row is locked.
	"""
	if locked.document != record.sales_order:
		# The order that amends it has taken it over.
		return
	if frappe.db.get_value("Sales Order", record.sales_order, "docstatus") == 2:
		_record_cancelled(record, outcome)
	elif locked.state is State.CANCELLED:
		_record_restored(record, outcome)


def _record_cancelled(record, outcome: CancelledThere) -> None:
	"""Of an order whose Sales Order is cancelled."""
	order_id = record.shipstation_order_id
	settle_part_cancelled(record.name)
	if outcome is CancelledThere.CANCELLED:
		sentence = _(
			"The Sales Order was cancelled after it was sent. Order {0} is cancelled in ShipStation, too."
		)
		set_reason(record.name, Reason(sentence.format(order_id)))
		settle(record.name)
		settle_do_not_ship(record.name)
	elif outcome is CancelledThere.SHIPPED:
		# If it is amended already, the amended order takes its record over, unless it was sent, too.
		sentence = _(
			"The Sales Order was cancelled after it was sent, but the vendor has shipped order {0}. Amend the"
			" Sales Order, or agree with the customer and the vendor on a return."
		).format(order_id)
		set_reason(record.name, Reason(sentence, WhoActs.WHOLESALER))
		settle_do_not_ship(record.name)
		amended = amended_order_of(record.sales_order)
		if not amended or _has(amended, record.supplier):
			open_shipped_though_cancelled(record.name, record.sales_order, sentence)


def _has(sales_order: str, supplier: str) -> bool:
	"""Whether a vendor has, or may have, a Sales Order."""
	key = {"sales_order": sales_order, "supplier": supplier}
	row = frappe.db.get_value(DOCTYPE, key, MAY_HAVE, as_dict=True)
	return bool(row) and may_have(row)


def _record_restored(record, outcome: CancelledThere) -> None:
	"""Of an order that the vendor had cancelled and has restored, and whose rows others ship now."""
	order_id = record.shipstation_order_id
	if outcome is CancelledThere.CANCELLED:
		sentence = _("{0} has cancelled order {1} in ShipStation, and others ship its rows.")
		set_reason(record.name, Reason(sentence.format(record.supplier, order_id), WhoActs.WHOLESALER))
		settle_do_not_ship(record.name)
	elif outcome is CancelledThere.SHIPPED:
		sentence = _(
			"{0} cancelled order {1} in ShipStation, its items went to another shipper, and {0} then shipped"
			" it anyway. The customer may get the goods twice."
		).format(record.supplier, order_id)
		# The issue says who acts: the order is not watched any more.
		set_reason(record.name, Reason(sentence))
		settle_do_not_ship(record.name)
		open_shipped_twice(record.name, record.sales_order, sentence)


def set_reason(name: str, reason: Reason) -> None:
	records.explain(OUTBOX, name, reason, is_changed=0)


def cancelled_there(
	client: ShipStationClient, oldest: datetime, note_problem: Callable[[str], None]
) -> dict[str, RemoteOrder] | None:
	"""Requests which orders are cancelled in ShipStation.

	:param oldest: when the oldest order in question was sent, as MedGrid stores it: in UTC.
	:param note_problem: is called with a sentence if ShipStation's answer cannot be used.
	:returns: the orders by ID; None: they are not known.
	:raises IntegrationError: a failure that affects all orders.
	"""
	try:
		found = client.cancelled_orders(to_pacific(from_stored_utc(oldest)))
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		note_problem(_("ShipStation did not say which orders are cancelled there. The next sync asks again."))
		return None
	return {order.orderId: order for order in found}


def record_cancelled_there(name: str) -> None:
	"""Records that the vendor has cancelled an order in ShipStation: it is CANCELLED, and an issue says so to
	the wholesaler. Commits."""
	in_transaction(partial(_record_cancelled_there, name))


def _record_cancelled_there(name: str) -> None:
	sales_order = frappe.db.get_value(DOCTYPE, name, "sales_order")
	row = sales_order and locked_row("Sales Order", sales_order, ["docstatus"])
	if not row:
		return
	fields = ["status", "shipstation_order_id", "supplier"]
	record = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	if not record or record.status != LABELS[State.SENT] or row.docstatus != 1:
		return
	sentence = _("{0} has cancelled order {1} in ShipStation, and will not ship it.").format(
		record.supplier, record.shipstation_order_id
	)
	records.advance(OUTBOX, name, State.CANCELLED, {"is_changed": 0})
	set_reason(name, Reason(sentence, WhoActs.WHOLESALER))
	settle_part_cancelled(name)
	open_cancelled_there(name, sales_order, sentence)

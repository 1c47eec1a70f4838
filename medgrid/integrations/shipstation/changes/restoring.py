"""Orders that were cancelled in ShipStation, and that the vendor has restored there since.

If the Sales Order is valid and no other receiver has the rows, the record becomes Sent again. Otherwise
MedGrid cancels the order in ShipStation again: its goods would be shipped twice, or for a cancelled Sales
Order. Likewise, an order that MedGrid has put on hold there and the vendor has released is put on hold again.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.order_payload import REPLACEABLE
from medgrid.core.database_clock import stored_database_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations.shipstation.changes.cancelling import CancelledThere, cancel_there, set_reason
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.changes.issues import settle
from medgrid.integrations.shipstation.changes.splits import CANCELLED, SHIPPED
from medgrid.integrations.shipstation.changes.takeover import take_over
from medgrid.integrations.shipstation.order_records import (
	DOCTYPE,
	LABELS,
	OUTBOX,
	PushContext,
	is_of,
	other_vendors_of,
)
from medgrid.integrations.shipstation.reasons import cancellation_reason
from medgrid.orders.amendments import amended_order_of, originals
from medgrid.orders.content import Standing, from_json
from medgrid.orders.sales_order import STOPPED
from medgrid.outbox import records
from medgrid.outbox.destinations import Reason
from medgrid.outbox.rows import names_held_by_others
from medgrid.outbox.states import State, WhoActs

# Cancelled orders are watched for so many days; of those that are not among the cancelled ones any more, so
# many are requested at a time.
DAYS, MOST = 30, 20
ON_HOLD = "on_hold"


@dataclass(frozen=True)
class CancelledPush:
	"""An order that is cancelled in ShipStation, as far as MedGrid knows.

	:param name: the record's name.
	:param pushed_at: in UTC, as it is stored.
	:param acknowledged_at: when the vendor said that it is not shipped, although ShipStation has it as open.
	"""

	name: str
	sales_order: str
	order_id: str
	pushed_at: datetime
	acknowledged_at: datetime | None = None


def cancelled_pushes(context: PushContext) -> list[CancelledPush]:
	"""Lists an account's orders that were cancelled in ShipStation lately: by the vendor, or by MedGrid
	because their Sales Orders are cancelled; and those of which the vendor has said that they are not
	shipped."""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	by_vendor = (order.docstatus == 1) & (record.who_acts == WhoActs.WHOLESALER.value)
	by_medgrid = (order.docstatus == 2) & (record.who_acts == WhoActs.NOBODY.value)
	is_promised = (order.docstatus == 2) & record.acknowledged_at.notnull()
	is_promised &= record.who_acts == WhoActs.VENDOR.value
	rows = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(record.name, record.sales_order, record.shipstation_order_id, record.pushed_at)
		.select(record.acknowledged_at)
		.where((record.supplier == context.supplier) & (record.status == LABELS[State.CANCELLED]))
		.where(is_of(record, context) & record.shipstation_order_id.notnull())
		.where(record.modified >= stored_database_now() - timedelta(days=DAYS))
		.where(record.pushed_at.notnull() & (by_vendor | by_medgrid | is_promised))
		.orderby(record.modified)
		.run()
	)
	return [CancelledPush(*row) for row in rows]


def note_restored(client: ShipStationClient, context: PushContext, pushes: list[CancelledPush]) -> int:
	"""Looks at orders that are not among ShipStation's cancelled ones any more. Commits each.

	:returns: how many of them go on.
	:raises IntegrationError: a request failed.
	"""
	going_on = 0
	for push in pushes[:MOST]:
		client.keep_alive()
		remote = client.get_order(push.order_id)
		keys = (push.sales_order, *originals(push.sales_order))
		if not remote or remote.orderKey not in keys or remote.orderStatus == CANCELLED:
			continue
		if push.acknowledged_at and remote.orderStatus != SHIPPED:
			continue
		if not push.acknowledged_at and in_transaction(partial(_restore, push, context.supplier)):
			going_on += 1
			compare(push.sales_order)
		else:
			_cancel_again(client, push.sales_order, context.supplier)
	return going_on


def note_released(client: ShipStationClient, context: PushContext) -> None:
	"""Notes the orders that are on hold or closed, and that the vendor has released in ShipStation: what it
	has is not what was sent any more, so that they are sent again. Commits each.

	:raises IntegrationError: a request failed.
	"""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	held = dict(
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(record.shipstation_order_id, record.name)
		.where((record.supplier == context.supplier) & (record.status == LABELS[State.SENT]))
		.where(is_of(record, context) & record.sent_content.notnull() & (record.is_changed == 0))
		.where((order.docstatus == 1) & order.status.isin(STOPPED))
		.run()
	)
	there = {remote.orderId for remote in client.held_orders()} if held else set()
	for order_id in [each for each in held if each not in there][:MOST]:
		client.keep_alive()
		remote = client.get_order(order_id)
		if remote and remote.orderStatus in REPLACEABLE and remote.orderStatus != ON_HOLD:
			in_transaction(partial(_note_open_there, held[order_id]))


def _note_open_there(name: str) -> None:
	frappe.get_meta(DOCTYPE)
	locked_row("Sales Order", frappe.db.get_value(DOCTYPE, name, "sales_order"), ["docstatus"])
	record = frappe.db.get_value(DOCTYPE, name, ["status", "sent_content"], as_dict=True, for_update=True)
	sent = from_json(record.sent_content)
	if sent and sent.standing is Standing.STOPPED and record.status == LABELS[State.SENT]:
		values = {"sent_content": replace(sent, standing=Standing.OPEN).as_json(), "compared_at": None}
		frappe.db.set_value(DOCTYPE, name, values, update_modified=False)


def _cancel_again(client: ShipStationClient, sales_order: str, supplier: str) -> None:
	outcome, amended = cancel_there(client, sales_order, supplier), amended_order_of(sales_order)
	if outcome is CancelledThere.SHIPPED and amended:
		take_over(amended, sales_order, supplier)


def _restore(push: CancelledPush, supplier: str) -> bool:
	"""
	:returns: whether the order goes on; else it must be cancelled again.
	"""
	frappe.get_meta(DOCTYPE)
	row = locked_row("Sales Order", push.sales_order, ["docstatus"])
	fields = ["status", "lines", "acknowledged_at"]
	record = frappe.db.get_value(DOCTYPE, push.name, fields, as_dict=True, for_update=True)
	if not row or not record or record.status != LABELS[State.CANCELLED] or record.acknowledged_at:
		return False
	if row.docstatus == 2:
		set_reason(push.name, cancellation_reason(push.sales_order, push.order_id))
		return False
	if set(json.loads(record.lines or "[]")) & _rows_of_others(push.sales_order, supplier):
		sentence = _("Another shipper now has the items of order {0}. Cancel the order in ShipStation again.")
		set_reason(push.name, Reason(sentence.format(push.order_id), WhoActs.VENDOR))
		return False
	records.replace_document(OUTBOX, push.name, State.SENT, {"is_changed": 0})
	settle(push.name)
	return True


def _rows_of_others(sales_order: str, supplier: str) -> set[str]:
	others = other_vendors_of(sales_order, supplier)
	document = frappe.get_doc("Sales Order", sales_order)
	return {row for other in others for row in other.lines} | names_held_by_others(DOCTYPE, document)

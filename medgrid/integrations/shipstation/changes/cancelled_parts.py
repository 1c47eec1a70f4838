"""Parts of split orders that the vendor cancels in ShipStation while others are shipped: the wholesaler must
learn what nobody ships. An order whose parts are all cancelled is cancelled itself; see `cancelling`.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations.shipstation.changes.issues import open_part_cancelled, settle_part_cancelled
from medgrid.integrations.shipstation.changes.remote_lines import lines_of
from medgrid.integrations.shipstation.changes.splits import CANCELLED
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX
from medgrid.integrations.shipstation.parcels.open_pushes import OpenPush
from medgrid.integrations.shipstation.parcels.reading import RECORD, ROW
from medgrid.orders.content import from_json
from medgrid.orders.lines import plain
from medgrid.outbox import records
from medgrid.outbox.destinations import NO_REASON, Reason
from medgrid.outbox.states import State, WhoActs

# The record's field that holds the IDs of the cancelled parts of which somebody was told.
TOLD = "cancelled_parts"


def shipped_in_part(pushes: Iterable[OpenPush]) -> list[OpenPush]:
	"""Those of some orders of which labels hold a part only, as far as anybody knows what is in them."""
	shipped = {push.name: push for push in pushes if push.status != LABELS[State.SENT]}
	if not shipped:
		return []
	named = ("in", list(shipped))
	packed = defaultdict[str, defaultdict[str, Decimal]](lambda: defaultdict(Decimal))
	filters = {"parent": named, "parenttype": RECORD, "voided": 0, "quantities": ("is", "set")}
	for parcel in frappe.get_all(ROW, filters, ["parent", "quantities"]):
		for row, quantity in json.loads(parcel.quantities).items():
			packed[parcel.parent][row] += Decimal(str(quantity))
	fields = {"name": ("in", list(packed)), "sent_content": ("is", "set")}
	contents = frappe.get_all(DOCTYPE, fields, ["name", "sent_content"]) if packed else []
	return [
		shipped[row.name]
		for row in contents
		if any(packed[row.name][line] < quantity for line, quantity in _sent(row.sent_content).items())
	]


def note_cancelled_parts(
	client: ShipStationClient, pushes: Collection[OpenPush], cancelled: Mapping[str, RemoteOrder]
) -> None:
	"""Opens the issue of each order of which parts are cancelled in ShipStation, once for each part, and
	settles it when the vendor ships them after all. Commits each.

	:param cancelled: the orders that are cancelled there, by ID.
	:raises IntegrationError: a request failed.
	"""
	filters = {"name": ("in", [push.name for push in pushes]), TOLD: ("is", "set")}
	told = dict(frappe.get_all(DOCTYPE, filters, ["name", TOLD], as_list=True)) if pushes else {}
	for push in pushes:
		parts = {order.orderId for order in cancelled.values() if _is_part(order, push)}
		if parts != set(json.loads(told.get(push.name) or "[]")):
			client.keep_alive()
			in_transaction(partial(_record, push.name, sorted(parts), _missing(client, push)))


def _is_part(order: RemoteOrder, push: OpenPush) -> bool:
	return order.orderNumber == push.sales_order and bool(lines_of(order) & push.lines)


def _missing(client: ShipStationClient, push: OpenPush) -> dict[str, Decimal]:
	"""What was sent of an order, and is in cancelled parts only; empty if all of them are cancelled."""
	parts = [order for order in client.orders_with_number(push.sales_order) if _is_part(order, push)]
	alive = [order for order in parts if order.orderStatus != CANCELLED]
	if not alive:
		return {}
	going, gone = _added(alive), _added(order for order in parts if order.orderStatus == CANCELLED)
	sent = _sent(frappe.db.get_value(DOCTYPE, push.name, "sent_content"))
	left = {
		row: min(gone[row], sent.get(row, gone[row] + going[row]) - going[row])
		for row in gone
		if row in push.lines
	}
	return {row: quantity for row, quantity in left.items() if quantity > 0}


def _added(orders: Iterable[RemoteOrder]) -> defaultdict[Any, Decimal]:
	quantities = defaultdict[Any, Decimal](Decimal)
	for order in orders:
		for item in order.items:
			quantities[item.lineItemKey] += Decimal(item.quantity or 0)
	return quantities


def _record(name: str, parts: list[str], missing: Mapping[str, Decimal]) -> None:
	frappe.get_meta(DOCTYPE)
	sales_order = frappe.db.get_value(DOCTYPE, name, "sales_order")
	row = locked_row("Sales Order", sales_order, ["docstatus"])
	fields = ["supplier", "status", "is_changed", "who_acts"]
	record = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	if not row or row.docstatus != 1 or not record or record.status == LABELS[State.CANCELLED]:
		return
	told = {TOLD: json.dumps(parts) if parts else None}
	if missing:
		sentence = _("{0} has cancelled a part of the order in ShipStation, and will not ship: {1}.").format(
			record.supplier, _in_words(missing)
		)
		records.explain(OUTBOX, name, Reason(sentence, WhoActs.WHOLESALER), **told)
		open_part_cancelled(name, sales_order, sentence)
	elif settle_part_cancelled(name) and not record.is_changed:
		records.explain(OUTBOX, name, NO_REASON, **told)
	else:
		frappe.db.set_value(DOCTYPE, name, told, update_modified=False)


def _in_words(missing: Mapping[str, Decimal]) -> str:
	filters = {"name": ("in", list(missing)), "parenttype": "Sales Order"}
	rows = frappe.get_all("Sales Order Item", filters, ["name", "item_code"], order_by="idx asc")
	return ", ".join(f"{plain(missing[row.name])} × {row.item_code}" for row in rows)


def _sent(content: str | None) -> dict[str, Decimal]:
	"""The quantities that were sent, by row; empty if nobody knows them."""
	sent = from_json(content)
	return sent.sent_quantities if sent else {}

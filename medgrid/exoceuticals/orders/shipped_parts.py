"""What Exoceuticals had shipped of orders that it cancelled afterwards, row by row.

The fulfillments that webhooks and the reconciliation read say that goods were shipped, and not which. So a
job asks Shopify for the lines of such an order once. What cannot be read stays unknown: then all rows count
as shipped.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.documents import ORDER_SHIPPED
from medgrid.clients.shopify.order_results import ShippedOrder
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.orders.changes.issues import note_what_was_shipped
from medgrid.exoceuticals.orders.order_records import DOCTYPE, OUTBOX
from medgrid.orders.content import Content, from_json
from medgrid.orders.lines import plain
from medgrid.orders.sales_order import VOID_FULFILLMENTS
from medgrid.orders.shippers import VARIANT
from medgrid.outbox import records
from medgrid.outbox.destinations import Reason
from medgrid.outbox.modified import days_ago
from medgrid.outbox.states import State, WhoActs
from medgrid.services.failure_texts import failure_text

SECONDS = 20
# An order whose job was lost is found for this long.
DAYS, MOST = 14, 50
FIELD = "shipped_rows"


def queue_reading(sales_order: str) -> None:
	"""Queues `read_shipped` once the caller's transaction is committed."""
	enqueue_after_commit(read_shipped, queue=SHORT, sales_order=sales_order)


@job
def read_shipped(sales_order: str) -> None:
	"""Asks Shopify what was shipped of a cancelled order, and says it on its record and issue. Commits."""
	if frappe.db.get_value(DOCTYPE, {"sales_order": sales_order}, FIELD):
		# The order that was amended had it already.
		in_transaction(partial(_tell, sales_order))
		return
	store = settings.load()
	order_id = frappe.db.get_value("Sales Order", sales_order, "exoceuticals_order_id")
	if not order_id or not store.is_connected():
		return
	try:
		with store_client(store, seconds=SECONDS) as client:
			found = client.find(ORDER_SHIPPED, {"id": order_id})
	except MedgridError as error:
		frappe.logger("medgrid").warning(
			f"Exoceuticals: what was shipped of {sales_order} is unknown: {failure_text(error)}"
		)
		return
	if found and found.is_complete:
		in_transaction(partial(_record, sales_order, found))


def read_missed() -> None:
	"""Does so for the orders whose jobs were lost or failed. Commits each."""
	record, order = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order")
	missed = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.where((record.status == OUTBOX.labels[State.CANCELLED]) & record[FIELD].isnull())
		.where((record.who_acts == WhoActs.WHOLESALER.value) & record.sent_content.notnull())
		.where(order.exoceuticals_fulfillments.notnull() & (record.modified >= days_ago(DAYS)))
		.limit(MOST)
		.run(pluck=True)
	)
	for sales_order in missed:
		read_shipped(sales_order)


def _record(sales_order: str, found: ShippedOrder) -> None:
	locked_row("Sales Order", sales_order, ["docstatus"])
	record = _cancelled_record(sales_order)
	sent = from_json(record.sent_content) if record else None
	if record and sent and not record[FIELD]:
		shipped = _by_row(json.loads(record.lines or "[]"), sent, _by_variant(found))
		record[FIELD] = json.dumps(shipped)
		frappe.db.set_value(DOCTYPE, record.name, FIELD, record[FIELD], update_modified=False)
		_explain(sales_order, record)


def _tell(sales_order: str) -> None:
	"""Says what is known already."""
	locked_row("Sales Order", sales_order, ["docstatus"])
	if record := _cancelled_record(sales_order):
		_explain(sales_order, record)


def _explain(sales_order: str, record: Any) -> None:
	sent = from_json(record.sent_content)
	if not sent or not record[FIELD] or record.who_acts != WhoActs.WHOLESALER.value:
		return
	words, reason = in_words(sent, json.loads(record[FIELD])), record.reason or ""
	if words not in reason:
		text = f"{reason} {words}".strip()
		records.explain(OUTBOX, record.name, Reason(text, WhoActs.WHOLESALER))
		note_what_was_shipped(sales_order, text)


def _cancelled_record(sales_order: str) -> Any | None:
	filters = {"sales_order": sales_order, "status": OUTBOX.labels[State.CANCELLED]}
	fields = ["name", "reason", "who_acts", "lines", "sent_content", FIELD]
	return frappe.db.get_value(DOCTYPE, filters, fields, as_dict=True)


def _by_variant(found: ShippedOrder) -> dict[str, int]:
	quantities: dict[str, int] = {}
	for fulfillment in found.fulfillments:
		if (fulfillment.status or "").upper() in VOID_FULFILLMENTS:
			continue
		for line in fulfillment.lines:
			quantities[line.variant_id] = quantities.get(line.variant_id, 0) + line.quantity
	return quantities


def _by_row(rows: Iterable[str], sent: Content, shipped: Mapping[str, int]) -> dict[str, int]:
	"""How many pieces of each row were shipped: those of a variant are counted off its rows, in their
	order."""
	known = sorted((row for row in rows if row in sent.rows), key=lambda row: sent.rows[row].number)
	items = {sent.rows[row].item for row in known}
	variants = dict(
		frappe.get_all("Item", {"name": ("in", list(items))}, ["name", VARIANT], as_list=True)
		if items
		else ()
	)
	left, found = dict(shipped), {}
	for row in known:
		variant = variants.get(sent.rows[row].item)
		quantity = min(int(Decimal(sent.rows[row].quantity)), left.get(variant or "", 0))
		left[variant or ""] = left.get(variant or "", 0) - quantity
		found[row] = quantity
	return found


def in_words(sent: Content, shipped: Mapping[str, int]) -> str:
	"""Describes what was shipped and what was not, in the reader's language."""
	rows = sorted(shipped, key=lambda row: sent.rows[row].number)
	gone = [f"{shipped[row]} × {sent.rows[row].item}" for row in rows if shipped[row]]
	left = {row: Decimal(sent.rows[row].quantity) - shipped[row] for row in rows}
	open_ones = [f"{plain(left[row])} × {sent.rows[row].item}" for row in rows if left[row] > 0]
	sentence = _("Shipped: {0}. Not shipped: {1}.")
	nothing = _("nothing")
	return sentence.format(", ".join(gone) or nothing, ", ".join(open_ones) or nothing)


def rows_shipped(record: Any) -> list[str] | None:
	"""The rows of which something was shipped before the order was cancelled; None: nobody knows which.

	:param record: an Exoceuticals Order with `shipped_rows`.
	"""
	if not record[FIELD]:
		return None
	return [row for row, quantity in json.loads(record[FIELD]).items() if quantity]

"""Gives what the store has of a Sales Order to the order that amends it: it is not sent again. The tracking
that comes later goes to the amended order."""

import json
from functools import partial

import frappe

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exoceuticals.fulfillment.changes import CHECKED_AT, FIELDS, ORDER_ID, SENT_AT, STATUS
from medgrid.exoceuticals.fulfillment.status import CANCELLED
from medgrid.exoceuticals.orders.cancellations import note_cancelled_order, settle_cancelled_order
from medgrid.exoceuticals.orders.changes import issues
from medgrid.exoceuticals.orders.changes.comparison import compare
from medgrid.exoceuticals.orders.order_records import DOCTYPE, OUTBOX
from medgrid.exoceuticals.orders.shipped_parts import rows_shipped
from medgrid.orders.amendments import amended_rows, originals
from medgrid.orders.content import from_json, taken_over
from medgrid.orders.sales_order import is_free_at_store
from medgrid.outbox import records
from medgrid.outbox.states import CLAIMABLE, State

# The fields of a Sales Order that describe the store's order.
OF_ORDER = (*FIELDS, SENT_AT, CHECKED_AT)


def take_over(sales_order: str) -> str | None:
	"""Gives a Sales Order what the store has of an order that it amends, directly or through others, unless
	that is cancelled there and nothing of it was shipped. Commits.

	:returns: the name of the original; None: there was nothing to take over.
	"""
	for original in originals(sales_order):
		if in_transaction(partial(_take_over, sales_order, original)):
			compare(sales_order)
			return original
	return None


def _take_over(sales_order: str, original: str) -> bool:
	frappe.get_meta(DOCTYPE)
	locked_row("Sales Order", original, ["name"])
	before, after = (
		frappe.db.get_value("Sales Order", name, ["docstatus", *OF_ORDER], as_dict=True, for_update=True)
		for name in (original, sales_order)
	)
	if not before or not after or (before.docstatus, after.docstatus) != (2, 1):
		return False
	if not before[ORDER_ID] or is_free_at_store(before) or after[ORDER_ID]:
		return False
	if not _move_record(sales_order, original):
		return False
	values = {field: before[field] for field in OF_ORDER}
	frappe.db.set_value("Sales Order", sales_order, values, update_modified=False)
	# Shopify's order belongs to one Sales Order, by its ID.
	frappe.db.set_value("Sales Order", original, ORDER_ID, None, update_modified=False)
	settle_cancelled_order(original)
	issues.settle_changed(original)
	issues.settle_cancelled_there(original)
	if before[STATUS] == CANCELLED:
		# Goods of it were shipped before.
		note_cancelled_order(sales_order)
	return True


def _move_record(sales_order: str, original: str) -> bool:
	"""
	:returns: False: the amended order has a record of its own, of an attempt.
	"""
	fields = ["name", "status", "lines", "rows_known", "sent_content", "shipped_rows"]
	old, new = (
		frappe.db.get_value(DOCTYPE, {"sales_order": name}, fields, as_dict=True)
		for name in (original, sales_order)
	)
	if new and new.status not in OUTBOX.labels_of(CLAIMABLE):
		return False
	if not old:
		# An earlier system has sent it.
		return True
	if new:
		frappe.db.delete(DOCTYPE, {"name": new.name})
	known = json.loads(old.rows_known or "[]")
	rows = amended_rows(original, sales_order, {*known, *json.loads(old.lines or "[]")})
	sent, shipped = from_json(old.sent_content), json.loads(old.shipped_rows or "{}")
	# What it cancelled without having shipped any of it, others may ship now.
	lines = json.loads(old.lines or "[]") if (gone := rows_shipped(old)) is None else gone
	values = {
		"sales_order": sales_order,
		"lines": json.dumps([rows[row] for row in lines if row in rows]),
		"shipped_rows": json.dumps({rows.get(row, row): shipped[row] for row in shipped})
		if shipped
		else None,
		"rows_known": json.dumps([rows[row] for row in known if row in rows]),
		"sent_content": taken_over(sent, rows).as_json() if sent else None,
		"is_changed": 0,
		"difference": None,
	}
	records.replace_document(OUTBOX, old.name, State.SENT, values)
	return True

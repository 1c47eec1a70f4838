"""Which rows of a Sales Order Exoceuticals has, or may have."""

import json
from collections.abc import Collection
from typing import Any

import frappe

from medgrid.exoceuticals.orders.order_records import DOCTYPE, OUTBOX
from medgrid.exoceuticals.orders.shipped_parts import rows_shipped
from medgrid.orders.amendments import amended_rows, originals
from medgrid.orders.sales_order import is_free_at_store
from medgrid.orders.shippers import items_sold_by_store
from medgrid.outbox.rows import Sent
from medgrid.outbox.states import OPEN


class StoreHoldings:
	"""A `medgrid.outbox.rows.Holder`. The store is no Supplier."""

	doctype = DOCTYPE

	def sent(self, document: Any) -> list[Sent]:
		rows = _at_store(document)
		return [Sent(None, tuple(rows))] if rows else []

	def held(self, document: Any) -> list[Sent]:
		found = []
		for original in originals(document.name) if document.get("amended_from") else []:
			before = frappe.get_doc("Sales Order", original)
			if not is_free_at_store(before) and (rows := _at_store(before)):
				amended = amended_rows(original, document.name, rows)
				found.append(Sent(None, tuple(amended.values()), original))
		return found

	def can_send_to(self, suppliers: Collection[str]) -> set[str]:
		return set()


STORE = StoreHoldings()


def _at_store(document: Any) -> set[str]:
	fields = ["lines", "status", "order_id", "shipped_rows"]
	record = frappe.db.get_value(DOCTYPE, {"sales_order": document.name}, fields, as_dict=True)
	if record and not record.order_id and record.status not in OUTBOX.labels_of(OPEN):
		record = None
	if record and document.docstatus == 2 and (shipped := rows_shipped(record)) is not None:
		return set(shipped)
	if record and record.lines:
		return set(json.loads(record.lines))
	if not record and not document.get("exoceuticals_order_id"):
		return set()
	# Release 0.1, or another system, sent the order: all that Exoceuticals sells.
	sold = items_sold_by_store({row.item_code for row in document.items})
	return {row.name for row in document.items if row.item_code in sold}

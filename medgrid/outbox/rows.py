"""Which rows of a Sales Order were sent where. The records of all destinations say so; each destination asks
here, with the Sales Order's row locked, so that no row is sent to two of them."""

import json
from dataclasses import dataclass
from typing import Any

import frappe

from medgrid.orders.shippers import items_sold_by_store
from medgrid.outbox.states import LABELS, OPEN

STORE, VENDORS = "Exoceuticals Order", "ShipStation Order"
_OPEN = [LABELS[state] for state in OPEN]


@dataclass(frozen=True)
class Sent:
	"""Rows that another system has, or may have.

	:param record: the name of the record.
	:param supplier: the vendor; None: Exoceuticals.
	:param rows: the names of the Sales Order's rows.
	"""

	record: str
	supplier: str | None
	rows: tuple[str, ...]


def sent_to_vendors(sales_order: str) -> list[Sent]:
	"""The rows that vendors' ShipStation accounts have, or may have."""
	fields = ["name", "supplier", "lines", "status", "shipstation_order_id"]
	rows = frappe.get_all(VENDORS, {"sales_order": sales_order}, fields, order_by="creation asc")
	return [
		Sent(row.name, row.supplier, tuple(json.loads(row.lines or "[]")))
		for row in rows
		if row.shipstation_order_id or row.status in _OPEN
	]


def sent_to_store(document: Any) -> set[str]:
	"""The names of the rows that Exoceuticals has, or may have.

	:param document: a Sales Order document.
	"""
	fields = ["lines", "status", "order_id"]
	record = frappe.db.get_value(STORE, {"sales_order": document.name}, fields, as_dict=True)
	if record and not record.order_id and record.status not in _OPEN:
		record = None
	if record and record.lines:
		return set(json.loads(record.lines))
	if not record and not document.get("exoceuticals_order_id"):
		return set()
	# Release 0.1, or another system, sent the order: all that Exoceuticals sells.
	sold = items_sold_by_store({row.item_code for row in document.items})
	return {row.name for row in document.items if row.item_code in sold}

"""Which rows of a Sales Order vendors' ShipStation accounts have, or may have."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import frappe

from medgrid.integrations.shipstation.due.vendors import with_shipstation
from medgrid.integrations.shipstation.order_records import DOCTYPE
from medgrid.integrations.shipstation.presence import (
	CANCELLATION_FIELDS,
	MAY_HAVE,
	is_over,
	may_have,
	may_ship,
)
from medgrid.orders.amendments import amended_rows, originals
from medgrid.orders.shippers import vendors_of
from medgrid.outbox.rows import Sent


class VendorsHoldings:
	"""A `medgrid.outbox.rows.Holder`."""

	doctype = DOCTYPE

	def sent(self, document: Any) -> list[Sent]:
		return sent_to_vendors(document)

	def held(self, document: Any) -> list[Sent]:
		return held_by_vendors(document, with_unrecorded=True)

	def can_send_to(self, suppliers: Collection[str]) -> set[str]:
		return with_shipstation(suppliers)


VENDORS = VendorsHoldings()


def sent_to_vendors(document: Any) -> list[Sent]:
	"""The rows that vendors' ShipStation accounts have, or may have.

	:param document: a submitted Sales Order document.
	"""
	found = [sent for sent, row in _at_vendors(document.name) if may_ship(row)]
	return found or _sent_without_record(document)


def _sent_without_record(document: Any) -> list[Sent]:
	"""What release 0.1, or another system, has sent of a Sales Order: each vendor's rows."""
	if not document.get("shipstation_order_id") or has_vendor_records(document.name):
		return []
	vendors = vendors_of(document)
	return [
		Sent(supplier, tuple(row for row, each in vendors.items() if each == supplier))
		for supplier in dict.fromkeys(vendors.values())
	]


def has_vendor_records(sales_order: str) -> bool:
	"""Whether there is a ShipStation Order of a Sales Order."""
	return bool(frappe.db.exists(DOCTYPE, {"sales_order": sales_order}))


def held_by_vendors(document: Any, *, with_unrecorded: bool) -> list[Sent]:
	"""The rows that vendors may ship for the orders that a Sales Order amends.

	:param document: a Sales Order document.
	:param with_unrecorded: also those of orders that MedGrid did not send. Nobody tells it when such an order
		is cancelled; the vendor's own sync looks for it in ShipStation.
	"""
	found: list[Sent] = []
	chain = originals(document.name) if document.get("amended_from") else []
	# What an amended order has taken over is no more its original's.
	taken = {"sales_order": ("in", [document.name, *chain]), "shipstation_order_id": ("is", "set")}
	recorded = set(frappe.get_all(DOCTYPE, taken, pluck="shipstation_order_id")) if chain else set()
	for original in chain:
		held = [sent for sent, row in _at_vendors(original) if not is_over(row)]
		if with_unrecorded:
			before = frappe.get_doc("Sales Order", original)
			held += [] if before.get("shipstation_order_id") in recorded else _sent_without_record(before)
		for sent in held:
			rows = amended_rows(original, document.name, sent.rows)
			found.append(replace(sent, rows=tuple(rows.values()), original=original))
	return found


def _at_vendors(sales_order: str) -> Iterator[tuple[Sent, Any]]:
	fields = ["supplier", "lines", *{*CANCELLATION_FIELDS, *MAY_HAVE}]
	for row in frappe.get_all(DOCTYPE, {"sales_order": sales_order}, fields, order_by="creation asc"):
		if may_have(row):
			yield Sent(row.supplier, tuple(json.loads(row.lines or "[]"))), row

"""What is under way to ShipStation with a change of an order, until it is known whether it arrived.

The record names it before the call. An answer may be lost: then the order in ShipStation shows whether the
change arrived, for example if the vendor has shipped it before the next sync.
"""

import json
from collections.abc import Mapping
from typing import Any

import frappe

from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.core.transactions import locked_row
from medgrid.integrations.shipstation.order_records import DOCTYPE
from medgrid.orders.content import Content, from_json

# The record's fields that say so.
FIELDS = ("lines", "resending_content")
Before = Mapping[str, str | None]


def note(record: Any, content: Content) -> Before:
	"""Writes what is sent now, in the caller's transaction.

	:param record: with `name` and FIELDS.
	:returns: what the fields said before.
	"""
	lines = list(dict.fromkeys([*json.loads(record.lines or "[]"), *content.sent_rows]))
	before = {field: record[field] for field in FIELDS}
	frappe.db.set_value(
		DOCTYPE, record.name, dict(zip(FIELDS, (json.dumps(lines), content.as_json()), strict=True))
	)
	return before


def take_back(name: str, content: Content, before: Before) -> None:
	"""Notes that it certainly did not arrive, so that somebody else may get its rows; as the first step of
	the caller's transaction.

	:param content: what was sent.
	:param before: what `note` returned.
	"""
	_lock(name)
	# Another sync may have written its own since.
	if frappe.db.get_value(DOCTYPE, name, "resending_content", for_update=True) == content.as_json():
		frappe.db.set_value(DOCTYPE, name, dict(before))


def settle(name: str, remote: RemoteOrder | None) -> None:
	"""Notes what the order in ShipStation shows of a change whose answer was lost; as the first step of the
	caller's transaction.

	:param remote: the order in ShipStation, which can no more be changed there.
	"""
	_lock(name)
	fields = ["sent_content", *FIELDS]
	record = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	sent, resent = from_json(record.sent_content), from_json(record.resending_content)
	if not sent or not resent:
		return
	there = resent if remote and has_arrived(remote, sent, resent) else sent
	# Rows that were delivered before the last content was sent stay the vendor's.
	gone = {*sent.rows, *resent.rows} - set(there.rows)
	lines = [row for row in json.loads(record.lines or "[]") if row not in gone]
	values = {"sent_content": there.as_json(), "resending_content": None, "lines": json.dumps(lines)}
	frappe.db.set_value(DOCTYPE, name, values)


def has_arrived(remote: RemoteOrder, sent: Content, resent: Content) -> bool:
	"""Whether an order in ShipStation shows that a change of it arrived. Only changes of rows and quantities
	can be detected.

	:param sent: what ShipStation had before.
	:param resent: what was sent then.
	"""
	before, after = sent.sent_quantities, resent.sent_quantities
	there = {item.lineItemKey: item.quantity for item in remote.items}
	return before != after and there == after


def _lock(name: str) -> None:
	frappe.get_meta(DOCTYPE)
	locked_row("Sales Order", frappe.db.get_value(DOCTYPE, name, "sales_order"), ["docstatus"])

"""Compares a Sales Order with what was sent of it to Exoceuticals, and opens or settles the issue that says
what differs."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exoceuticals.fulfillment.status import CANCELLED, FULFILLED
from medgrid.exoceuticals.orders.changes import issues
from medgrid.exoceuticals.orders.order_records import DOCTYPE, OUTBOX
from medgrid.exoceuticals.orders.other_shippers import shipped_by_others
from medgrid.exoceuticals.orders.payload import content_for
from medgrid.exoceuticals.orders.preparation import variants_of
from medgrid.orders import reader
from medgrid.orders.content import (
	Content,
	Difference,
	OtherwiseChanged,
	Renamed,
	Restood,
	Standing,
	Undelivered,
	differences,
	digest,
	from_json,
)
from medgrid.orders.lines import OrderLine
from medgrid.orders.problems import OrderProblem
from medgrid.orders.sales_order import STOPPED
from medgrid.orders.sentences import what_differs, what_is_wrong
from medgrid.outbox import records
from medgrid.outbox.destinations import NO_REASON, Reason
from medgrid.outbox.modified import compared_until
from medgrid.outbox.states import ACCEPTED, WhoActs

FIELDS = ["name", "status", "order_name", "lines", "rows_known", "sent_content", "is_changed", "difference"]
# What was shipped can no more be changed; an order that is delivered is closed.
_OF_NO_CONCERN = (Restood, OtherwiseChanged, Renamed)


def compare(sales_order: str) -> None:
	"""Compares a Sales Order with what was sent of it. Commits.

	:raises Busy: somebody else has the order locked.
	"""
	in_transaction(partial(compare_in_transaction, sales_order))


def compare_in_transaction(sales_order: str) -> None:
	"""As `compare`, as the first step of the caller's transaction."""
	frappe.get_meta(DOCTYPE)
	order = locked_row("Sales Order", sales_order, ["docstatus", "exoceuticals_status"])
	filters = {
		"sales_order": sales_order,
		"sent_content": ("is", "set"),
		"status": ("in", OUTBOX.labels_of(ACCEPTED)),
	}
	record = order and frappe.db.get_value(DOCTYPE, filters, FIELDS, as_dict=True)
	if not record or order.docstatus != 1 or order.exoceuticals_status == CANCELLED:
		return
	is_shipped = order.exoceuticals_status == FULFILLED
	what, key = _difference(frappe.get_doc("Sales Order", sales_order), record, is_shipped=is_shipped)
	if not what:
		_note_same(sales_order, record)
	elif key != record.difference:
		# A difference that somebody has settled stays settled.
		issues.open_changed(sales_order, record.order_name, what, is_shipped=is_shipped)
		who = WhoActs.WHOLESALER if is_shipped else WhoActs.ADMINISTRATOR
		_write(record.name, Reason(what, who), is_changed=1, difference=key)
	else:
		_write(record.name, None)


def _difference(document: Any, record: Any, *, is_shipped: bool) -> tuple[str, str]:
	"""What differs, in sentences; empty: nothing. And what identifies this difference."""
	sent = from_json(record.sent_content)
	assert sent is not None
	try:
		now = read_content(document, json.loads(record.lines or "[]"), json.loads(record.rows_known or "[]"))
	except OrderProblem as error:
		problem = what_is_wrong(error, "Shopify")
		return f"{_('The Sales Order has changed since it was sent.')} {problem}", digest(problem)
	found = differences(sent, now, reader.renamed_items(sent, now))
	# Shopify knows a row by its variant, whatever the Item is called.
	no_concern = _OF_NO_CONCERN if is_shipped else Renamed
	found = [each for each in found if not isinstance(each, no_concern)]
	return what_differs(found), _key(now, found) if found else ""


def _key(now: Content, found: list[Difference]) -> str:
	"""What is delivered of what was sent makes no other difference."""
	missing = [repr(each) for each in found if isinstance(each, Undelivered)]
	return digest([replace(now, delivered={}).as_json(), *missing])


def read_content(document: Any, sent: list[str], known: list[str]) -> Content:
	"""What a Sales Order says to Exoceuticals now.

	:param sent: the names of the rows that were sent.
	:param known: the names of all rows that the order had then. Of rows that were added since, those that
		Exoceuticals sells and nobody else ships belong to it.
	:raises OrderProblem: the order cannot be read as one that could be sent.
	"""
	order = reader.read(document, ships_to_customer_address=False)
	added = [line for line in order.lines if line.row not in {*sent, *known}] if known else []
	variants = variants_of({line.item for line in added}) if added else {}
	others = shipped_by_others(document) if added else {}

	def is_its(line: OrderLine) -> bool:
		return line.row in sent or (line in added and line.item in variants and line.row not in others)

	standing = Standing.STOPPED if document.status in STOPPED else Standing.OPEN
	return replace(content_for(order, list(filter(is_its, order.lines))), standing=standing)


def _note_same(sales_order: str, record: Any) -> None:
	if record.is_changed or record.difference:
		issues.settle_changed(sales_order)
		_write(record.name, NO_REASON, is_changed=0, difference=None)
	else:
		_write(record.name, None)


def _write(name: str, reason: Reason | None, **values: Any) -> None:
	"""
	:param reason: None: as it was.
	"""
	values |= {"compared_at": compared_until()}
	if reason is not None:
		records.explain(OUTBOX, name, reason, **values)
	else:
		frappe.db.set_value(DOCTYPE, name, values, update_modified=False)

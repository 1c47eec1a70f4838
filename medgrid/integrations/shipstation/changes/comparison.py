"""Compares a Sales Order with the content that was sent, and records the differences and who acts on them.

While ShipStation's order is open, a sync sends it again; see `resending`. An order that was shipped, or
cancelled there, cannot be changed: an Integration Issue names the differences.
"""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation import order_records
from medgrid.integrations.shipstation.changes import issues
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.integrations.shipstation.preparation import read_content
from medgrid.orders.content import (
	Added,
	Difference,
	OtherwiseChanged,
	Readdressed,
	Removed,
	Renamed,
	Restood,
	differences,
	digest,
	from_json,
)
from medgrid.orders.reader import renamed_items
from medgrid.orders.sentences import what_differs
from medgrid.outbox import records as outbox_records
from medgrid.outbox.destinations import NO_REASON, Reason
from medgrid.outbox.modified import compared_until
from medgrid.outbox.rows import names_held_by_others
from medgrid.outbox.states import ACCEPTED, State, WhoActs
from medgrid.services.failure_texts import failure_text

FIELDS = [
	"name",
	"supplier",
	"status",
	"lines",
	"sent_content",
	"resending_content",
	"is_changed",
	"refused_differences",
	"reason",
	"who_acts",
]
# What was shipped can no more be changed. What nobody has to do anything about makes no issue.
_OF_NO_CONCERN: dict[State, tuple[type, ...]] = {
	State.SHIPPED: (Restood, OtherwiseChanged, Renamed),
	State.DELIVERED: (Restood, OtherwiseChanged, Renamed, Readdressed),
	State.CANCELLED: (Restood, OtherwiseChanged, Renamed, Readdressed, Removed),
}


@dataclass(frozen=True)
class Rows:
	"""Which rows of a Sales Order concern a vendor who has rows of it already.

	:param taken: the names of rows that others have.
	:param kept: the names of rows that the vendor has.
	"""

	taken: frozenset[str]
	kept: frozenset[str]


def rows_of(document: Any, supplier: str, lines: str | None) -> Rows:
	"""Finds the rows of a vendor who has rows of a Sales Order already.

	:param lines: the record's `lines`.
	"""
	kept = frozenset(json.loads(lines or "[]"))
	others = order_records.other_vendors_of(document.name, supplier)
	taken = {row for other in others for row in other.lines} | names_held_by_others(DOCTYPE, document)
	return Rows(frozenset(taken) - kept, kept)


def compare(sales_order: str) -> None:
	"""Compares a Sales Order with what was sent of it to its vendors. Commits.

	:raises Busy: somebody else has the order locked.
	"""
	in_transaction(partial(compare_in_transaction, sales_order))


def compare_in_transaction(sales_order: str) -> None:
	"""As `compare`, as the first step of the caller's transaction."""
	frappe.get_meta(DOCTYPE)
	row = locked_row("Sales Order", sales_order, ["docstatus"])
	if not row or row.docstatus != 1:
		return
	sent = OUTBOX.labels_of(ACCEPTED | {State.CANCELLED})
	filters = {"sales_order": sales_order, "sent_content": ("is", "set"), "status": ("in", sent)}
	records = frappe.get_all(DOCTYPE, filters, FIELDS)
	if records:
		document = frappe.get_doc("Sales Order", sales_order)
		for record in records:
			_compare_record(document, record)


def _compare_record(document: Any, record: Any) -> None:
	sent = from_json(record.sent_content)
	if not sent:
		return
	if record.resending_content and OUTBOX.state_of(record.status) in (State.SHIPPED, State.DELIVERED):
		# Which of two contents was shipped, the next sync reads in ShipStation.
		_note_compared(record.name)
		return
	rows = rows_of(document, record.supplier, record.lines)
	try:
		now = read_content(document, record.supplier, rows.taken, rows.kept)
	except RequestRejected as error:
		_note_unreadable(document.name, record, error)
		return
	note_differences(document.name, record, differences(sent, now, renamed_items(sent, now)))


def note_differences(sales_order: str, record: Any, found: list[Difference]) -> None:
	"""Writes onto a record what differs, in the caller's transaction.

	:param record: with FIELDS.
	"""
	state = OUTBOX.state_of(record.status)
	concerns = [each for each in found if not isinstance(each, _OF_NO_CONCERN.get(state, ()))]
	if state is State.CANCELLED:
		# Its vendor cancelled it, which has an issue of its own, unless rows were added since.
		concerns = concerns if any(isinstance(each, Added) for each in concerns) else []
	if not concerns:
		_note_same(record, state)
		return
	what = what_differs(concerns)
	if state is State.SENT and _is_refused(record, concerns):
		_note_compared(record.name)
		return
	if state is State.SENT:
		sentence = _("The Sales Order has changed since it was sent. {0} The next sync sends it again.")
		_write(record, Reason(sentence.format(what)), is_changed=True)
		return
	why = (
		_("The order is cancelled in ShipStation, and cannot be changed there.")
		if state is State.CANCELLED
		else _("The vendor has shipped it, so that it cannot be sent again.")
	)
	_write(record, Reason(f"{what} {why}", WhoActs.WHOLESALER), is_changed=True)
	issues.open_changed(record.name, sales_order, what, why=why)


def _is_refused(record: Any, found: list[Difference]) -> bool:
	"""Whether sending the order again was refused as it is now: then the record says who must act."""
	says_who = record.who_acts != WhoActs.NOBODY.value
	return bool(record.is_changed and says_who and record.refused_differences == digest_of(found))


def digest_of(found: list[Difference]) -> str:
	"""A digest of differences, whatever the language of the sentence that names them."""
	return digest([repr(each) for each in found])


def _note_same(record: Any, state: State) -> None:
	if record.is_changed and state is not State.CANCELLED:
		_write(record, NO_REASON, is_changed=False)
		issues.settle(record.name)
	else:
		_note_compared(record.name)


def _note_unreadable(sales_order: str, record: Any, error: MedgridError) -> None:
	"""The Sales Order is invalid by now, so it cannot be compared."""
	if OUTBOX.state_of(record.status) is not State.SENT:
		_note_compared(record.name)
		return
	what = _("The Sales Order has changed since it was sent.")
	why = failure_text(error)
	_write(record, Reason(f"{what} {why}", WhoActs.WHOLESALER), is_changed=True)
	issues.open_changed(record.name, sales_order, what, why=why)


def _write(record: Any, reason: Reason, *, is_changed: bool) -> None:
	outbox_records.explain(OUTBOX, record.name, reason, is_changed=int(is_changed), **_compared())


def _note_compared(name: str) -> None:
	frappe.db.set_value(DOCTYPE, name, _compared(), update_modified=False)


def _compared() -> dict[str, Any]:
	return {"compared_at": compared_until()}

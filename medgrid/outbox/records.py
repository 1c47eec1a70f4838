"""Locks, reads and writes the records of documents that are sent to other systems, in the caller's
transaction, which `lock_document` begins.

`attempts`, `due_documents` and `cancellations` have the steps that change a record. Each step locks the
document's row first and its record's row second, so if two workers meet, the second one sees what the first
one did.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc
from medgrid.core.database_clock import stored_database_now
from medgrid.core.transactions import locked_row
from medgrid.exceptions import NotFound
from medgrid.outbox.destinations import NO_REASON, Destination, Outbox, Reason, Record
from medgrid.outbox.states import OPEN, Operation, State, check

FIELDS = ("status", "claim", "claimed_at", "attempts")


def lock_document(outbox: Outbox, document: str) -> bool:
	"""Locks a document's row; this must be the first statement of a transaction. Commits the caller's earlier
	changes.

	:returns: whether the document is cancelled.
	:raises NotFound: there is no such document.
	"""
	# Loading a DocType's meta reads from the database, so it must come before the transaction.
	frappe.get_meta(outbox.doctype)
	row = locked_row(outbox.source, document, ["docstatus"])
	if not row:
		raise NotFound(_("{0} {1} does not exist.").format(_(outbox.source), document))
	return row.docstatus == 2


def locked_record(outbox: Outbox, key: Mapping[str, str]) -> Record | None:
	"""Reads a record and locks its row, in the caller's transaction, which has locked the document's row.

	:param key: the fields and values that identify the record.
	:returns: None if there is no such record.
	"""
	# The first read takes no lock: if there is no record, it would lock the gap and block other workers that
	# insert records of other documents.
	name = frappe.db.get_value(outbox.doctype, dict(key), "name")
	if not name:
		return None
	row = frappe.db.get_value(outbox.doctype, name, _fields(outbox), as_dict=True, for_update=True)
	return _record(outbox, row) if row else None


def open_attempts(outbox: Outbox, filters: Mapping[str, Any] | None = None) -> list[Record]:
	"""The attempts whose outcome is not recorded, oldest first, in the caller's transaction.

	:param filters: conditions on other fields of the record.
	"""
	rows = frappe.get_all(
		outbox.doctype,
		filters={**(filters or {}), "status": ("in", outbox.labels_of(OPEN))},
		fields=_fields(outbox),
		order_by="claimed_at asc, name asc",
	)
	return [_record(outbox, row) for row in rows]


def put(
	destination: Destination[Any, Any],
	document: str,
	record: Record | None,
	state: State,
	values: Mapping[str, Any],
	reason: Reason = NO_REASON,
) -> str:
	"""Writes a document's record, and creates it if there is none, in the caller's transaction.

	:param record: the record, as `locked_record` returned it.
	:param values: of the record's other fields.
	:returns: the record's name.
	"""
	if record:
		update(record, state, values, reason)
		return record.name
	return insert(destination.outbox, document, destination.key(document), state, values, reason)


def insert(
	outbox: Outbox,
	document: str,
	key: Mapping[str, str],
	state: State,
	values: Mapping[str, Any],
	reason: Reason,
) -> str:
	"""Creates a document's record, in the caller's transaction.

	:param key: the fields and values that identify the record.
	:param values: of the record's other fields.
	:returns: the record's name.
	"""
	described = {**_state_values(outbox, state, reason), **_since(outbox)}
	new = {"doctype": outbox.doctype, **key, **values, **described}
	# MedGrid's own record: no vendor's or seller's role may write it.
	name = frappe.get_doc(new).insert(ignore_permissions=True).name
	if state is State.FAILED and outbox.parked:
		outbox.parked(replace(new_record(outbox, document), name=name), reason)
	return name


def update(record: Record, state: State, values: Mapping[str, Any], reason: Reason = NO_REASON) -> None:
	"""Writes a record's state, its reason and other values, in the caller's transaction, and calls the
	outbox's functions for this change, see `Outbox`.

	:param record: the record, as `locked_record` returned it.
	:param values: of the record's other fields.
	:raises TransitionForbidden: a fault of MedGrid.
	"""
	outbox = record.outbox
	check(record.state, state)
	described = _state_values(outbox, state, reason)
	if state is not record.state:
		described |= _since(outbox)
	frappe.db.set_value(outbox.doctype, record.name, {**values, **described})
	if state is State.FAILED and outbox.parked:
		outbox.parked(record, reason)
	elif record.state is State.FAILED and state is not State.FAILED and outbox.unparked:
		outbox.unparked(record)
	if state is State.WAITING and record.is_open() and outbox.not_made:
		outbox.not_made(record, reason)
	if state is State.UNKNOWN and outbox.outcome_unknown:
		outbox.outcome_unknown(record)
	elif record.state is State.UNKNOWN and state is not State.UNKNOWN and outbox.outcome_known:
		outbox.outcome_known(record)


def explain(outbox: Outbox, name: str, reason: Reason, **values: Any) -> None:
	"""Writes why a record is in its state and who must act, in the caller's transaction. The state stays.

	:param values: of the record's other fields.
	"""
	frappe.db.set_value(outbox.doctype, name, {**values, **outbox.reason_values(reason)})


def advance(
	outbox: Outbox, name: str, state: State, values: Mapping[str, Any], reason: Reason | None = None
) -> None:
	"""Writes the later states of a document that the other system has, in the caller's transaction. A
	cancelled record stays cancelled; only its values are written.

	:param reason: None: it stays.
	:raises TransitionForbidden: a fault of MedGrid.
	"""
	record = locked_record(outbox, {"name": name})
	if record:
		state = State.CANCELLED if record.state is State.CANCELLED else state
		check(record.state, state)
		since = _since(outbox) if state is not record.state else {}
		why = outbox.reason_values(reason) if reason else {}
		frappe.db.set_value(outbox.doctype, name, {**values, "status": outbox.labels[state], **since, **why})


def replace_document(outbox: Outbox, name: str, state: State, values: Mapping[str, Any]) -> None:
	"""Gives a record to the document that amends the record's document, in the caller's transaction. The
	record was cancelled with its document; it goes on in the state that the other system knows.

	:param values: of the record's own fields, the document among them.
	"""
	described = {**_state_values(outbox, state, NO_REASON), **no_operation(outbox)}
	frappe.db.set_value(outbox.doctype, name, {**values, **described, **_since(outbox)})


def new_record(outbox: Outbox, document: str) -> Record:
	"""A record that is not stored yet."""
	return Record(outbox, "", document, State.WAITING, None, None, 0)


def no_failures(outbox: Outbox) -> dict[str, None]:
	"""The values of a record none of whose attempts has failed."""
	return {"first_failed_at": None} if outbox.schedule else {}


def no_operation(outbox: Outbox) -> dict[str, None]:
	"""The values of a record on whose document no operation is under way."""
	return {"operation": None, "claim": None} if outbox.has_operations else {}


def _fields(outbox: Outbox) -> list[str]:
	of_schedule = ["first_failed_at"] if outbox.schedule else []
	of_operations = ["operation"] if outbox.has_operations else []
	return ["name", outbox.source_field, *FIELDS, *of_schedule, *of_operations]


def _record(outbox: Outbox, row: Mapping[str, Any]) -> Record:
	return Record(
		outbox,
		row["name"],
		row[outbox.source_field],
		outbox.state_of(row["status"]),
		row["claim"] or None,
		from_stored_utc(row["claimed_at"]) if row["claimed_at"] else None,
		row["attempts"] or 0,
		from_stored_utc(row["first_failed_at"]) if row.get("first_failed_at") else None,
		Operation(row["operation"]) if row.get("operation") else None,
	)


def _state_values(outbox: Outbox, state: State, reason: Reason) -> dict[str, Any]:
	return {"status": outbox.labels[state], **outbox.reason_values(reason)}


def _since(outbox: Outbox) -> dict[str, datetime]:
	"""The values of a record whose state changes now."""
	return {outbox.since_field: stored_database_now()} if outbox.since_field else {}

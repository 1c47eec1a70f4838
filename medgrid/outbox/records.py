"""The records of documents on their way to another system, changed by one transaction a step.

Each step locks the document's row first and its record's second, so of two workers the second one sees what
the first one did. It commits what its caller did before. Only `advance` and `open_attempts` belong to the
caller's transaction.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc, stored_utc, utc_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import NotFound
from medgrid.outbox.destinations import (
	NO_REASON,
	Claim,
	Destination,
	Outbox,
	Payload,
	Reason,
	Receipt,
	Record,
)
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State, check

FIELDS = ("status", "claim", "claimed_at", "attempts")


def claim(destination: Destination[Payload, Receipt], document: str) -> Claim[Payload] | Record:
	"""Claims a document, reads it and prepares what is to be sent.

	:param document: the name of one.
	:returns: the record instead, if the document was sent or cancelled, or if an attempt is open.
	:raises NotFound: there is no such document.
	:raises MedgridError: it cannot be sent as it is (`Destination.prepare`); nothing is claimed.
	"""
	return in_transaction(partial(_claim, destination, document))


def _claim(destination: Destination[Payload, Receipt], document: str) -> Claim[Payload] | Record:
	outbox = destination.outbox
	_lock(outbox, document)
	record = _locked_record(outbox, destination.key(document))
	if record and record.state not in CLAIMABLE:
		return record
	payload = destination.prepare(frappe.get_doc(outbox.source, document))
	token = secrets.token_hex(8)
	values = {
		**destination.content(payload),
		"claim": token,
		"claimed_at": stored_utc(utc_now()),
		"attempts": (record.attempts if record else 0) + 1,
		"next_attempt_at": None,
	}
	name = _put(destination, document, record, State.SENDING, values)
	return Claim(outbox, name, document, token, payload)


def record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	"""Records that the other side has the document, whoever claimed it, and ends the claim.

	:raises Conflict: another one is recorded already (`Destination.outcome`).
	"""
	in_transaction(partial(_record_sent, destination, document, receipt))


def _record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	outbox = destination.outbox
	_lock(outbox, document)
	record = _locked_record(outbox, destination.key(document))
	outcome = destination.outcome(document, record, receipt)
	if record and record.state in ACCEPTED:
		# Somebody else recorded it, and it may have gone on since.
		return
	state = State.CANCELLED if record and record.state is State.CANCELLED else outcome.state
	values = {**outcome.values, "claim": None, "next_attempt_at": None}
	_put(destination, document, record, state, values, outcome.reason)


def release(claim: Claim[Any], reason: Reason, *, next_attempt_at: datetime | None = None) -> None:
	"""The other side certainly has not made the document: it waits for another attempt.

	:param next_attempt_at: aware; None: at the destination's next turn.
	"""
	values = {"claim": None, "next_attempt_at": next_attempt_at and stored_utc(next_attempt_at)}
	_end(claim, State.WAITING, values, reason)


def fail(claim: Claim[Any], reason: Reason) -> None:
	"""The other side certainly has not made the document, and it is parked until somebody retries it."""
	_end(claim, State.FAILED, {"claim": None, "next_attempt_at": None}, reason)


def leave_unknown(claim: Claim[Any], reason: Reason) -> None:
	"""The call was made and its answer lost: the next step is to ask the other side."""
	_end(claim, State.UNKNOWN, {"claimed_at": stored_utc(utc_now())}, reason)


def resolve(destination: Destination[Any, Receipt], attempt: Record, receipt: Receipt | None) -> None:
	"""Records what became of an open attempt, also of a worker that died: the other side was asked.

	:param receipt: None: it came to nothing, and the document waits for another attempt. To be said only of
		an attempt that was conclusive before the other side was asked.
	:raises Conflict: as `record_sent`.
	"""
	if receipt is not None:
		record_sent(destination, attempt.document, receipt)
	else:
		values = {"claim": None, "next_attempt_at": None}
		_end(attempt, State.WAITING, values, destination.reason_of_nothing())


def _end(attempt: Claim[Any] | Record, state: State, values: Mapping[str, Any], reason: Reason) -> None:
	in_transaction(partial(_end_attempt, attempt, state, values, reason))


def _end_attempt(
	attempt: Claim[Any] | Record, state: State, values: Mapping[str, Any], reason: Reason
) -> None:
	"""Ends an attempt, unless somebody else has recorded its outcome, or made another one."""
	is_cancelled = _lock(attempt.outbox, attempt.document)
	record = _locked_record(attempt.outbox, {"name": attempt.name})
	if not record or not record.is_open() or record.token != attempt.token:
		return
	if is_cancelled and state in CLAIMABLE:
		state, reason = State.CANCELLED, cancelled_before_sent()
	_update(record, state, values, reason)


def postpone(
	destination: Destination[Any, Any],
	document: str,
	reason: Reason,
	*,
	next_attempt_at: datetime | None = None,
) -> None:
	"""Records that a document could not be prepared: it waits until that is put right. This counts as an
	attempt.

	:param next_attempt_at: as for `release`.
	"""

	def work() -> None:
		_lock(destination.outbox, document)
		record = _locked_record(destination.outbox, destination.key(document))
		if record and record.state not in CLAIMABLE:
			return
		values = {
			"attempts": (record.attempts if record else 0) + 1,
			"next_attempt_at": next_attempt_at and stored_utc(next_attempt_at),
		}
		_put(destination, document, record, State.WAITING, values, reason)

	in_transaction(work)


def note_not_ours(destination: Destination[Any, Any], document: str) -> None:
	"""Records that nothing of a document is for this destination any more."""

	def work() -> None:
		_lock(destination.outbox, document)
		record = _locked_record(destination.outbox, destination.key(document))
		if record and (record.state not in CLAIMABLE or record.state is State.NOT_OURS):
			return
		_put(destination, document, record, State.NOT_OURS, {"attempts": 0, "next_attempt_at": None})

	in_transaction(work)


def retry(outbox: Outbox, name: str) -> None:
	"""Makes a parked document due again, with all its attempts. One that is not parked stays as it is.

	:param name: of the record.
	:raises NotFound: there is no such record.
	"""

	def work() -> None:
		document = frappe.db.get_value(outbox.doctype, name, outbox.source_field)
		if not document:
			raise NotFound(_("{0} {1} does not exist.").format(_(outbox.doctype), name))
		_lock(outbox, document)
		record = _locked_record(outbox, {"name": name})
		if record and record.state is State.FAILED:
			_update(record, State.WAITING, {"attempts": 0, "next_attempt_at": None})

	in_transaction(work)


def note_cancellation(outbox: Outbox, document: str, reason_of: Callable[[Record], Reason]) -> None:
	"""Records that a document was cancelled here. What the other side has of it says what is to be done
	there. An open attempt is left to whoever records its outcome. Does nothing if the document is not
	cancelled.

	:param reason_of: what people read of a record that the other side has accepted.
	"""

	def work() -> None:
		try:
			is_cancelled = _lock(outbox, document)
		except NotFound:
			return
		if not is_cancelled:
			return
		for name in frappe.get_all(outbox.doctype, {outbox.source_field: document}, pluck="name"):
			record = _locked_record(outbox, {"name": name})
			if record and record.state in CLAIMABLE:
				_update(record, State.CANCELLED, {}, cancelled_before_sent())
			elif record and not record.is_open():
				_update(record, State.CANCELLED, {}, reason_of(record))

	in_transaction(work)


def advance(outbox: Outbox, name: str, state: State, values: Mapping[str, Any]) -> None:
	"""Writes how a document that the other side has goes on there, in the caller's transaction. A record that
	is cancelled stays so, and takes the values.

	:raises TransitionForbidden: a fault of ours.
	"""
	record = _locked_record(outbox, {"name": name})
	if record:
		state = State.CANCELLED if record.state is State.CANCELLED else state
		check(record.state, state)
		frappe.db.set_value(outbox.doctype, name, {**values, "status": outbox.labels[state]})


def open_attempts(outbox: Outbox, filters: Mapping[str, Any] | None = None) -> list[Record]:
	"""The attempts whose outcome is not recorded, oldest first, in the caller's transaction.

	:param filters: on more of the record's fields.
	"""
	rows = frappe.get_all(
		outbox.doctype,
		filters={**(filters or {}), "status": ("in", outbox.labels_of(OPEN))},
		fields=["name", outbox.source_field, *FIELDS],
		order_by="claimed_at asc, name asc",
	)
	return [_record(outbox, row) for row in rows]


def cancelled_before_sent() -> Reason:
	"""What people read of a document that will not be sent."""
	return Reason(_("It was cancelled before it was sent."))


def _lock(outbox: Outbox, document: str) -> bool:
	"""Locks a document's row; this must be the first statement of a transaction.

	:returns: whether the document is cancelled.
	:raises NotFound: there is none.
	"""
	# Loading a DocType's meta reads, and would begin the transaction.
	frappe.get_meta(outbox.doctype)
	row = locked_row(outbox.source, document, ["docstatus"])
	if not row:
		raise NotFound(_("{0} {1} does not exist.").format(_(outbox.source), document))
	return row.docstatus == 2


def _locked_record(outbox: Outbox, key: Mapping[str, str]) -> Record | None:
	# Looked up without a lock: a lock on what is not there yet would be one on the gap, and keep others from
	# inserting records of other documents.
	name = frappe.db.get_value(outbox.doctype, dict(key), "name")
	if not name:
		return None
	fields = ["name", outbox.source_field, *FIELDS]
	row = frappe.db.get_value(outbox.doctype, name, fields, as_dict=True, for_update=True)
	return _record(outbox, row) if row else None


def _record(outbox: Outbox, row: Mapping[str, Any]) -> Record:
	return Record(
		outbox,
		row["name"],
		row[outbox.source_field],
		outbox.state_of(row["status"]),
		row["claim"] or None,
		from_stored_utc(row["claimed_at"]) if row["claimed_at"] else None,
		row["attempts"] or 0,
	)


def _put(
	destination: Destination[Any, Any],
	document: str,
	record: Record | None,
	state: State,
	values: Mapping[str, Any],
	reason: Reason = NO_REASON,
) -> str:
	"""Writes a document's record, a new one if it has none.

	:returns: its name.
	"""
	if record:
		_update(record, state, values, reason)
		return record.name
	outbox = destination.outbox
	new = {"doctype": outbox.doctype, **destination.key(document), **values, **_said(outbox, state, reason)}
	# MedGrid's own bookkeeping: no vendor's or seller's role may write it.
	return frappe.get_doc(new).insert(ignore_permissions=True).name


def _update(record: Record, state: State, values: Mapping[str, Any], reason: Reason = NO_REASON) -> None:
	check(record.state, state)
	frappe.db.set_value(record.outbox.doctype, record.name, {**values, **_said(record.outbox, state, reason)})


def _said(outbox: Outbox, state: State, reason: Reason) -> dict[str, Any]:
	said = {"status": outbox.labels[state], outbox.reason_field: reason.text}
	if outbox.who_acts_field:
		said[outbox.who_acts_field] = reason.who_acts.value
	return said

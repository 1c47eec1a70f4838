"""The records of documents that are sent to other systems; each step changes them in one transaction.

Each step locks the document's row first and its record's row second, so if two workers meet, the second one
sees what the first one did. A step commits its caller's earlier changes. Only `advance`, `park` and
`open_attempts` run in the caller's transaction.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc, stored_utc
from medgrid.core.database_clock import database_now, stored_database_now
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
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State, WhoActs, check

FIELDS = ("status", "claim", "claimed_at", "attempts")


def claim(destination: Destination[Payload, Receipt], document: str) -> Claim[Payload] | Record:
	"""Claims a document, reads it and prepares its payload.

	:param document: the document's name.
	:returns: the claim; the document's record if it was sent or cancelled, or if an attempt is open.
	:raises NotFound: there is no such document.
	:raises MedgridError: the document cannot be sent as it is (`Destination.prepare`); nothing is claimed.
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
		"claimed_at": stored_database_now(),
		"attempts": (record.attempts if record else 0) + 1,
		"next_attempt_at": None,
	}
	name = _put(destination, document, record, State.SENDING, values)
	return Claim(outbox, name, document, token, payload)


def record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	"""Records that the other system has the document, and ends the claim, also another worker's claim.

	:raises Conflict: another receipt is recorded already (`Destination.outcome`).
	"""
	in_transaction(partial(_record_sent, destination, document, receipt))


def _record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	outbox = destination.outbox
	_lock(outbox, document)
	record = _locked_record(outbox, destination.key(document))
	outcome = destination.outcome(document, record, receipt)
	if record and record.state in ACCEPTED:
		# Another worker recorded it, and its state may have advanced since.
		return
	state = State.CANCELLED if record and record.state is State.CANCELLED else outcome.state
	values = {**outcome.values, "claim": None, "next_attempt_at": None, **_no_failures(outbox)}
	_put(destination, document, record, state, values, outcome.reason)


def release(claim: Claim[Any], reason: Reason, *, next_attempt_at: datetime | None = None) -> None:
	"""Ends a claim whose document certainly was not created: the document waits for another attempt, or is
	parked.

	:param next_attempt_at: aware; None: as the outbox's schedule says, else the destination's next run.
	"""
	values = {"claim": None, "next_attempt_at": next_attempt_at and stored_utc(next_attempt_at)}
	_end(claim, State.WAITING, values, reason, failed=next_attempt_at is None)


def fail(claim: Claim[Any], reason: Reason) -> None:
	"""Ends a claim whose document certainly was not created: the document is not sent again until a user
	retries it. Earlier attempts that failed do not count: a record without `first_failed_at` was parked here,
	not by the schedule."""
	values = {"claim": None, "next_attempt_at": None, **_no_failures(claim.outbox)}
	_end(claim, State.FAILED, values, reason)


def leave_unknown(claim: Claim[Any], reason: Reason) -> None:
	"""Records that a call was made and its response was lost: `look_up` must search the other system next.
	The schedule of the outbox says when; after its end, the document is parked."""
	_end(claim, State.UNKNOWN, {"claimed_at": stored_database_now()}, reason, failed=True)


def resolve(destination: Destination[Any, Receipt], attempt: Record, receipt: Receipt | None) -> None:
	"""Records the outcome of an open attempt, also a dead worker's, after a search in the other system.

	:param receipt: None: the document was not created and waits for another attempt. Pass None only if the
		attempt was conclusive before the search.
	:raises Conflict: see `record_sent`.
	"""
	if receipt is not None:
		record_sent(destination, attempt.document, receipt)
	else:
		values = {"claim": None, "next_attempt_at": None}
		failed = not attempt.outbox.parks_open
		_end(attempt, State.WAITING, values, destination.reason_of_nothing(), failed=failed)


def note_failed_search(attempt: Record, reason: Reason) -> None:
	"""Records that a search for an open attempt gave no usable answer. It counts as an attempt; after the
	end of the outbox's schedule the document is parked: it is neither searched nor sent until a user retries
	it."""

	def work() -> None:
		_lock(attempt.outbox, attempt.document)
		record = _locked_record(attempt.outbox, {"name": attempt.name})
		if not record or not record.is_open() or record.token != attempt.token:
			return
		record = replace(record, attempts=record.attempts + 1)
		state, values = _after_failure(record, record.state, reason)
		ended = {"claim": None} if state is State.FAILED else {}
		_update(record, state, {"attempts": record.attempts, **values, **ended}, reason)

	in_transaction(work)


def _after_failure(record: Record, state: State, reason: Reason) -> tuple[State, dict[str, Any]]:
	"""What the outbox's schedule makes of a failed attempt.

	:param record: the record; its `attempts` contain the failed one.
	:param state: the state that the record would have without a schedule.
	:returns: the state, and the values to write.
	"""
	schedule = record.outbox.schedule
	if not schedule or state is State.FAILED:
		return state, {}
	if not reason.counts:
		return state, {"attempts": max(0, record.attempts - 1), "next_attempt_at": None}
	now = database_now()
	first = record.first_failed_at or now
	moment = schedule.next_attempt_at(record.attempts, first_failed_at=first, now=now)
	if not moment and state in OPEN and not record.outbox.parks_open:
		moment = now + schedule.pause_after(record.attempts)
	values = {"first_failed_at": stored_utc(first), "next_attempt_at": moment and stored_utc(moment)}
	return (state, values) if moment else (State.FAILED, {**values, "claim": None})


def _end(
	attempt: Claim[Any] | Record,
	state: State,
	values: Mapping[str, Any],
	reason: Reason,
	*,
	failed: bool = False,
) -> None:
	in_transaction(partial(_end_attempt, attempt, state, values, reason, failed=failed))


def _end_attempt(
	attempt: Claim[Any] | Record, state: State, values: Mapping[str, Any], reason: Reason, *, failed: bool
) -> None:
	"""Ends an attempt, unless another worker has recorded its outcome or begun another attempt.

	:param failed: whether it counts as a failure that the outbox's schedule judges.
	"""
	is_cancelled = _lock(attempt.outbox, attempt.document)
	record = _locked_record(attempt.outbox, {"name": attempt.name})
	if not record or not record.is_open() or record.token != attempt.token:
		return
	more: dict[str, Any] = {}
	if is_cancelled and state in CLAIMABLE:
		state, reason = State.CANCELLED, cancelled_before_sent()
	elif failed:
		state, more = _after_failure(record, state, reason)
	_update(record, state, {**values, **more}, reason)


def postpone(
	destination: Destination[Any, Any],
	document: str,
	reason: Reason,
	*,
	next_attempt_at: datetime | None = None,
) -> None:
	"""Records that a document could not be prepared: it waits until its data is corrected, or is parked. This
	counts as an attempt.

	:param next_attempt_at: see `release`.
	"""
	outbox = destination.outbox

	def work() -> None:
		_lock(outbox, document)
		record = _locked_record(outbox, destination.key(document))
		if record and record.state not in CLAIMABLE:
			return
		attempts = (record.attempts if record else 0) + 1
		values = {"attempts": attempts, "next_attempt_at": next_attempt_at and stored_utc(next_attempt_at)}
		state = State.WAITING
		if not next_attempt_at:
			failed = replace(record or _new_record(outbox, document), attempts=attempts)
			state, more = _after_failure(failed, state, reason)
			values |= more
		_put(destination, document, record, state, values, reason)

	in_transaction(work)


def note_not_ours(destination: Destination[Any, Any], document: str) -> None:
	"""Records that no line of a document is for this destination any more."""

	def work() -> None:
		_lock(destination.outbox, document)
		record = _locked_record(destination.outbox, destination.key(document))
		if record and (record.state not in CLAIMABLE or record.state is State.NOT_OURS):
			return
		values = {"attempts": 0, "next_attempt_at": None, **_no_failures(destination.outbox)}
		_put(destination, document, record, State.NOT_OURS, values)

	in_transaction(work)


def expect(outbox: Outbox, document: str, key: Mapping[str, str], reason: Reason = NO_REASON) -> None:
	"""Records that a document is due, in the caller's transaction, which has locked the document's row. A
	record that waits already, or that was not for this destination, gets the reason; others do not change.

	:param key: the fields and values that identify the record.
	:param reason: why the document cannot be sent as things are.
	"""
	record = _locked_record(outbox, key)
	if record is None:
		_insert(outbox, document, key, State.WAITING, {}, reason)
	elif record.state is State.NOT_OURS or (record.state is State.WAITING and not record.attempts):
		_update(record, State.WAITING, {"next_attempt_at": None}, reason)


def expect_nothing(outbox: Outbox, key: Mapping[str, str]) -> None:
	"""Records that no line of a document is for this destination any more, in the caller's transaction,
	which has locked the document's row. Records of documents that were sent, or may have been, stay."""
	record = _locked_record(outbox, key)
	if record and record.state in CLAIMABLE and record.state is not State.NOT_OURS:
		values = {"attempts": 0, "next_attempt_at": None, **_no_failures(outbox)}
		_update(record, State.NOT_OURS, values)


def retry(outbox: Outbox, name: str) -> None:
	"""Makes a failed document due again and resets its attempts. One that waits for a later attempt is due at
	once. A document in another state does not change.

	:param name: the record's name.
	:raises NotFound: there is no such record.
	"""

	def work() -> None:
		document = frappe.db.get_value(outbox.doctype, name, outbox.source_field)
		if not document:
			raise NotFound(_("{0} {1} does not exist.").format(_(outbox.doctype), name))
		_lock(outbox, document)
		record = _locked_record(outbox, {"name": name})
		if record and record.state is State.FAILED:
			values = {"attempts": 0, "next_attempt_at": None, **_no_failures(outbox)}
			_update(record, State.WAITING, values)
		elif record and record.state is State.WAITING:
			# Its attempts count on: else nobody would learn that it fails for days.
			frappe.db.set_value(outbox.doctype, name, "next_attempt_at", None)

	in_transaction(work)


def park(outbox: Outbox, name: str) -> None:
	"""Parks a document that waits, in the caller's transaction: it is not sent until a user retries it. Its
	reason stays.

	:param name: the record's name.
	"""
	record = _locked_record(outbox, {"name": name})
	if not record or record.state is not State.WAITING:
		return
	fields = [outbox.reason_field, *([outbox.who_acts_field] if outbox.who_acts_field else [])]
	stored = frappe.db.get_value(outbox.doctype, name, fields, as_dict=True)
	who_acts = WhoActs(stored.get(outbox.who_acts_field or "") or WhoActs.NOBODY.value)
	reason = Reason(stored[outbox.reason_field], who_acts)
	_update(record, State.FAILED, {"next_attempt_at": None}, reason)


def note_cancellation(outbox: Outbox, document: str, reason_of: Callable[[Record], Reason | None]) -> None:
	"""Records that a document was cancelled in MedGrid. It leaves an open attempt to the worker that records
	its outcome, and does nothing if the document is not cancelled.

	:param reason_of: returns the reason for a record whose document the other system has accepted: what must
		be done there. None: the record says already what came of the cancellation.
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
				reason = reason_of(record)
				if reason is not None:
					_update(record, State.CANCELLED, {}, reason)

	in_transaction(work)


def advance(outbox: Outbox, name: str, state: State, values: Mapping[str, Any]) -> None:
	"""Writes the later states of a document that the other system has, in the caller's transaction. A
	cancelled record stays cancelled; only its values are written.

	:raises TransitionForbidden: a fault of MedGrid.
	"""
	record = _locked_record(outbox, {"name": name})
	if record:
		state = State.CANCELLED if record.state is State.CANCELLED else state
		check(record.state, state)
		since = _since(outbox) if state is not record.state else {}
		frappe.db.set_value(outbox.doctype, name, {**values, "status": outbox.labels[state], **since})


def replace_document(outbox: Outbox, name: str, state: State, values: Mapping[str, Any]) -> None:
	"""Gives a record to the document that amends the record's document, in the caller's transaction. The
	record was cancelled with its document; it goes on in the state that the other system knows.

	:param values: of the record's own fields, the document among them.
	"""
	described = _state_values(outbox, state, NO_REASON)
	frappe.db.set_value(outbox.doctype, name, {**values, **described, **_since(outbox)})


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


def cancelled_before_sent() -> Reason:
	"""The reason that people read if a document was cancelled before it was sent."""
	return Reason(_("The document was cancelled before it was sent."))


def _lock(outbox: Outbox, document: str) -> bool:
	"""Locks a document's row; this must be the first statement of a transaction.

	:returns: whether the document is cancelled.
	:raises NotFound: there is no such document.
	"""
	# Loading a DocType's meta reads from the database, so it must come before the transaction.
	frappe.get_meta(outbox.doctype)
	row = locked_row(outbox.source, document, ["docstatus"])
	if not row:
		raise NotFound(_("{0} {1} does not exist.").format(_(outbox.source), document))
	return row.docstatus == 2


def _locked_record(outbox: Outbox, key: Mapping[str, str]) -> Record | None:
	# The first read takes no lock: if there is no record, it would lock the gap and block other workers that
	# insert records of other documents.
	name = frappe.db.get_value(outbox.doctype, dict(key), "name")
	if not name:
		return None
	row = frappe.db.get_value(outbox.doctype, name, _fields(outbox), as_dict=True, for_update=True)
	return _record(outbox, row) if row else None


def _fields(outbox: Outbox) -> list[str]:
	of_schedule = ["first_failed_at"] if outbox.schedule else []
	return ["name", outbox.source_field, *FIELDS, *of_schedule]


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
	)


def _new_record(outbox: Outbox, document: str) -> Record:
	"""A record that is not stored yet."""
	return Record(outbox, "", document, State.WAITING, None, None, 0)


def _since(outbox: Outbox) -> dict[str, datetime]:
	"""The values of a record whose state changes now."""
	return {outbox.since_field: stored_database_now()} if outbox.since_field else {}


def _no_failures(outbox: Outbox) -> dict[str, None]:
	"""The values of a record none of whose attempts has failed."""
	return {"first_failed_at": None} if outbox.schedule else {}


def _put(
	destination: Destination[Any, Any],
	document: str,
	record: Record | None,
	state: State,
	values: Mapping[str, Any],
	reason: Reason = NO_REASON,
) -> str:
	"""Writes a document's record, and creates it if there is none.

	:returns: the record's name.
	"""
	if record:
		_update(record, state, values, reason)
		return record.name
	return _insert(destination.outbox, document, destination.key(document), state, values, reason)


def _insert(
	outbox: Outbox,
	document: str,
	key: Mapping[str, str],
	state: State,
	values: Mapping[str, Any],
	reason: Reason,
) -> str:
	described = {**_state_values(outbox, state, reason), **_since(outbox)}
	new = {"doctype": outbox.doctype, **key, **values, **described}
	# MedGrid's own record: no vendor's or seller's role may write it.
	name = frappe.get_doc(new).insert(ignore_permissions=True).name
	if state is State.FAILED and outbox.parked:
		outbox.parked(replace(_new_record(outbox, document), name=name), reason)
	return name


def _update(record: Record, state: State, values: Mapping[str, Any], reason: Reason = NO_REASON) -> None:
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
	if state is State.UNKNOWN and outbox.in_doubt:
		outbox.in_doubt(record)
	elif record.state is State.UNKNOWN and state is not State.UNKNOWN and outbox.certain:
		outbox.certain(record)


def _state_values(outbox: Outbox, state: State, reason: Reason) -> dict[str, Any]:
	values = {"status": outbox.labels[state], outbox.reason_field: reason.text}
	if outbox.who_acts_field:
		values[outbox.who_acts_field] = reason.who_acts.value
	return values

"""An attempt to send a document, from its claim to its recorded outcome.

Each step changes the document's record in one transaction, and commits its caller's earlier changes.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import frappe

from medgrid.core.clock import stored_utc
from medgrid.core.database_clock import database_now, stored_database_now
from medgrid.core.transactions import in_transaction
from medgrid.outbox import records
from medgrid.outbox.cancellations import cancelled_before_sent
from medgrid.outbox.destinations import Claim, Destination, Payload, Reason, Receipt, Record
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, OPEN, State


def claim(destination: Destination[Payload, Receipt], document: str) -> Claim[Payload] | Record:
	"""Claims a document, reads it and prepares its payload.

	:param document: the document's name.
	:returns: the claim; the document's record if it was sent or cancelled, or if the outcome of an attempt is
		not known.
	:raises NotFound: there is no such document.
	:raises MedgridError: the document cannot be sent as it is (`Destination.prepare`); nothing is claimed.
	"""
	return in_transaction(partial(_claim, destination, document))


def _claim(destination: Destination[Payload, Receipt], document: str) -> Claim[Payload] | Record:
	outbox = destination.outbox
	records.lock_document(outbox, document)
	record = records.locked_record(outbox, destination.key(document))
	if record and not record.may_be_claimed():
		return record
	payload = destination.prepare(frappe.get_doc(outbox.source, document))
	token, number = secrets.token_hex(8), (record.attempts if record else 0) + 1
	values = {
		**destination.content(payload),
		"claim": token,
		"claimed_at": stored_database_now(),
		"attempts": number,
		"next_attempt_at": None,
	}
	name = records.put(destination, document, record, State.SENDING, values)
	return Claim(outbox, name, document, token, payload, number)


def record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	"""Records that the other system has the document, and ends the claim, also another worker's claim.

	:raises Conflict: another receipt is recorded already (`Destination.outcome`).
	"""
	in_transaction(partial(_record_sent, destination, document, receipt))


def _record_sent(destination: Destination[Any, Receipt], document: str, receipt: Receipt) -> None:
	outbox = destination.outbox
	records.lock_document(outbox, document)
	record = records.locked_record(outbox, destination.key(document))
	outcome = destination.outcome(document, record, receipt)
	if record and record.state in ACCEPTED:
		# Another worker recorded it, and its state may have advanced since.
		return
	state = State.CANCELLED if record and record.state is State.CANCELLED else outcome.state
	values = {**outcome.values, "claim": None, "next_attempt_at": None, **records.no_failures(outbox)}
	records.put(destination, document, record, state, values, outcome.reason)


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
	values = {"claim": None, "next_attempt_at": None, **records.no_failures(claim.outbox)}
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
	is_cancelled = records.lock_document(attempt.outbox, attempt.document)
	record = records.locked_record(attempt.outbox, {"name": attempt.name})
	if not record or not record.is_open() or record.token != attempt.token:
		return
	more: dict[str, Any] = {}
	if is_cancelled and state in CLAIMABLE:
		state, reason = State.CANCELLED, cancelled_before_sent()
	elif failed:
		state, more = _after_failure(record, state, reason)
	records.update(record, state, {**values, **more}, reason)


def note_failed_search(attempt: Record, reason: Reason) -> None:
	"""Records that a search for an open attempt gave no usable answer. It counts as an attempt; after the
	end of the outbox's schedule the document is parked with an unknown outcome: it is neither searched nor
	sent until a user retries it."""

	def work() -> None:
		records.lock_document(attempt.outbox, attempt.document)
		record = records.locked_record(attempt.outbox, {"name": attempt.name})
		if not record or not record.is_open() or record.token != attempt.token:
			return
		record = replace(record, attempts=record.attempts + 1)
		state, values = _after_failure(record, record.state, reason)
		records.update(record, state, {"attempts": record.attempts, **values}, reason)

	in_transaction(work)


def park_unknown(attempt: Record, reason: Reason) -> None:
	"""Parks an open attempt that no search can resolve. It keeps its claim, so that no other receiver gets
	the document before a user retries it."""

	def work() -> None:
		records.lock_document(attempt.outbox, attempt.document)
		record = records.locked_record(attempt.outbox, {"name": attempt.name})
		if record and record.is_open() and record.token == attempt.token:
			records.update(record, State.FAILED, {"next_attempt_at": None}, reason)

	in_transaction(work)


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
		records.lock_document(outbox, document)
		record = records.locked_record(outbox, destination.key(document))
		if record and not record.may_be_claimed():
			return
		attempts = (record.attempts if record else 0) + 1
		values = {"attempts": attempts, "next_attempt_at": next_attempt_at and stored_utc(next_attempt_at)}
		state = State.WAITING
		if not next_attempt_at:
			failed = replace(record or records.new_record(outbox, document), attempts=attempts)
			state, more = _after_failure(failed, state, reason)
			values |= more
		records.put(destination, document, record, state, values, reason)

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
	return (state if moment else State.FAILED), values

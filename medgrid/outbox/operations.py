"""Operations on documents that the other system has: they are sent again, or cancelled there. Claim, call,
record, with the leases of `attempts`. See docs/adr/0050-changes-at-the-other-side-have-a-claim.md.

The record keeps its state, since the other system has the document whatever comes of the operation:
`operation` says what is done, and `claim` that a worker does it. An operation without a claim is one whose
outcome is unknown. It needs no search: the other system replaces the document under its key, so the
destination's next run looks at the document there, and repeats the operation if it is still needed.

Each step changes the record in one transaction, and commits its caller's earlier changes.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import frappe

from medgrid.core.database_clock import stored_database_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound
from medgrid.outbox import records
from medgrid.outbox.destinations import Outbox, Payload, Record
from medgrid.outbox.states import Operation

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Plan(Generic[Payload]):
	"""What an operation sends.

	:param content: the record's fields and values that describe it; they are stored before the call.
	"""

	payload: Payload
	content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OperationClaim(Generic[Payload]):
	"""The exclusive right to carry out an operation on one document.

	:param name: the record's name.
	:param before: the values that the claim has overwritten.
	"""

	outbox: Outbox
	name: str
	document: str
	token: str
	payload: Payload
	before: Mapping[str, Any]


def claim(
	outbox: Outbox, name: str, operation: Operation, plan: Callable[[Record], Plan[Payload] | None]
) -> OperationClaim[Payload] | None:
	"""Claims a document that the other system has.

	:param name: the record's name.
	:param plan: is called with the record, in the claim's transaction, with the document's and the record's
		rows locked. It calls no other system. None: nothing is to be done any more.
	:returns: None: nothing is to be done, or another worker does something with the document.
	:raises MedgridError: what `plan` raised; nothing is claimed.
	"""
	return in_transaction(partial(_claim, outbox, name, operation, plan))


def _claim(
	outbox: Outbox, name: str, operation: Operation, plan: Callable[[Record], Plan[Payload] | None]
) -> OperationClaim[Payload] | None:
	record = _locked(outbox, name)
	if not record or record.is_open() or record.is_parked_unknown() or record.is_being_changed():
		return None
	planned = plan(record)
	if planned is None:
		return None
	token = secrets.token_hex(8)
	values = {
		**planned.content,
		"operation": operation.value,
		"claim": token,
		"claimed_at": stored_database_now(),
		"attempts": record.attempts + 1,
	}
	before = frappe.db.get_value(outbox.doctype, name, [*planned.content, "operation"], as_dict=True)
	_write(outbox, name, values)
	return OperationClaim(outbox, name, record.document, token, planned.payload, dict(before))


def call(
	claim: OperationClaim[Payload],
	send: Callable[[Payload], Answer],
	*,
	is_not_made: Callable[[Exception], bool],
) -> Answer:
	"""Calls the other system. If it fails, the claim ends: the record says again what it said before if
	certainly nothing was done, else that the outcome is unknown. If the worker dies before that, the claim
	ends with its lease.

	:param is_not_made: whether a failure of `send` means that the other system certainly did nothing.
	:raises Exception: what `send` raised.
	"""
	try:
		return send(claim.payload)
	except Exception as error:
		values = claim.before if is_not_made(error) else {}
		_end(claim, lambda _record: _write(claim.outbox, claim.name, {**values, "claim": None}))
		raise


def record(claim: OperationClaim[Any], work: Callable[[Record], None]) -> bool:
	"""Records that the other system has carried the operation out, and ends the claim.

	:param work: writes the outcome; it is called with the record, in the transaction that ends the claim.
		The record's state may have changed since the claim.
	:returns: False: the lease was over, and another worker has claimed the document since. Nothing is
		written.
	"""

	def both(found: Record) -> None:
		_write(claim.outbox, claim.name, records.no_operation(claim.outbox))
		work(found)

	return _end(claim, both)


def observe(outbox: Outbox, name: str, operation: Operation, work: Callable[[Record], None]) -> bool:
	"""Records what a look at the document in the other system has shown, unless a worker is changing it.

	:param operation: the look shows what came of this one, if its outcome is unknown.
	:param work: writes it; it is called with the record, with the document's and the record's rows locked.
	:returns: whether `work` was called.
	"""

	def step() -> bool:
		found = _locked(outbox, name)
		if not found or found.is_being_changed():
			return False
		if found.operation is operation:
			_write(outbox, name, records.no_operation(outbox))
		work(found)
		return True

	return in_transaction(step)


def _end(claim: OperationClaim[Any], work: Callable[[Record], None]) -> bool:
	def step() -> bool:
		found = _locked(claim.outbox, claim.name)
		if not found or found.token != claim.token:
			return False
		work(found)
		return True

	return in_transaction(step)


def _locked(outbox: Outbox, name: str) -> Record | None:
	document = frappe.db.get_value(outbox.doctype, name, outbox.source_field)
	try:
		records.lock_document(outbox, document)
	except NotFound:
		return None
	return records.locked_record(outbox, {"name": name})


def _write(outbox: Outbox, name: str, values: Mapping[str, Any]) -> None:
	# `modified` says since when the record says what it says to people: an operation alone changes nothing.
	frappe.db.set_value(outbox.doctype, name, dict(values), update_modified=False)

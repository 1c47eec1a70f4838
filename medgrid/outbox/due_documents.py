"""Which documents are due: makes them due, due no more, due again, or parks them.

`note_not_ours` and `retry` commit their caller's earlier changes; the others run in the caller's transaction.
"""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound
from medgrid.outbox import records
from medgrid.outbox.destinations import NO_REASON, Destination, Outbox, Reason
from medgrid.outbox.states import State, WhoActs


def expect(outbox: Outbox, document: str, key: Mapping[str, str], reason: Reason = NO_REASON) -> None:
	"""Records that a document is due, in the caller's transaction, which has locked the document's row. A
	record that waits already, or that was not for this destination, gets the reason; others do not change.

	:param key: the fields and values that identify the record.
	:param reason: why the document cannot be sent as things are.
	"""
	record = records.locked_record(outbox, key)
	if record is None:
		records.insert(outbox, document, key, State.WAITING, {}, reason)
	elif record.state is State.NOT_OURS or (record.state is State.WAITING and not record.attempts):
		records.update(record, State.WAITING, {"next_attempt_at": None}, reason)


def expect_nothing(outbox: Outbox, key: Mapping[str, str]) -> None:
	"""Records that no line of a document is for this destination any more, in the caller's transaction,
	which has locked the document's row. Records of documents that were sent, or may have been, stay."""
	record = records.locked_record(outbox, key)
	if record and record.may_be_claimed() and record.state is not State.NOT_OURS:
		values = {"attempts": 0, "next_attempt_at": None, **records.no_failures(outbox)}
		records.update(record, State.NOT_OURS, values)


def note_not_ours(destination: Destination[Any, Any], document: str) -> None:
	"""Records that no line of a document is for this destination any more."""

	def work() -> None:
		records.lock_document(destination.outbox, document)
		record = records.locked_record(destination.outbox, destination.key(document))
		if record and (not record.may_be_claimed() or record.state is State.NOT_OURS):
			return
		values = {"attempts": 0, "next_attempt_at": None, **records.no_failures(destination.outbox)}
		records.put(destination, document, record, State.NOT_OURS, values)

	in_transaction(work)


def retry(outbox: Outbox, name: str) -> None:
	"""Makes a failed document due again and resets its attempts. If it was parked with an unknown outcome,
	the next step is a search. One that waits for a later attempt is due at once. A document in another state
	does not change.

	:param name: the record's name.
	:raises NotFound: there is no such record.
	"""

	def work() -> None:
		document = frappe.db.get_value(outbox.doctype, name, outbox.source_field)
		if not document:
			raise NotFound(_("{0} {1} does not exist.").format(_(outbox.doctype), name))
		records.lock_document(outbox, document)
		record = records.locked_record(outbox, {"name": name})
		if record and record.state is State.FAILED:
			values = {"attempts": 0, "next_attempt_at": None, **records.no_failures(outbox)}
			records.update(record, State.UNKNOWN if record.is_parked_unknown() else State.WAITING, values)
		elif record and record.state is State.WAITING:
			# Its attempts count on: else nobody would learn that it fails for days.
			frappe.db.set_value(outbox.doctype, name, "next_attempt_at", None)

	in_transaction(work)


def park(outbox: Outbox, name: str) -> None:
	"""Parks a document that waits, in the caller's transaction: it is not sent until a user retries it. Its
	reason stays.

	:param name: the record's name.
	"""
	record = records.locked_record(outbox, {"name": name})
	if not record or record.state is not State.WAITING:
		return
	fields = [outbox.reason_field, *([outbox.who_acts_field] if outbox.who_acts_field else [])]
	stored = frappe.db.get_value(outbox.doctype, name, fields, as_dict=True)
	who_acts = WhoActs(stored.get(outbox.who_acts_field or "") or WhoActs.NOBODY.value)
	reason = Reason(stored[outbox.reason_field], who_acts)
	records.update(record, State.FAILED, {"next_attempt_at": None}, reason)

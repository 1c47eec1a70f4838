"""What a document's cancellation in MedGrid means for its records."""

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Criterion

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound
from medgrid.outbox import records
from medgrid.outbox.destinations import Outbox, Reason, Record
from medgrid.outbox.states import CLAIMABLE, State, WhoActs


def note_cancellation(outbox: Outbox, document: str, reason_of: Callable[[Record], Reason | None]) -> None:
	"""Records that a document was cancelled in MedGrid. It leaves an open attempt to the worker that records
	its outcome; one that was parked with an unknown outcome is open again. Does nothing if the document is
	not cancelled. Commits.

	:param reason_of: returns the reason for a record whose document the other system has accepted: what must
		be done there. None: the record says already what came of the cancellation.
	"""

	def work() -> None:
		try:
			is_cancelled = records.lock_document(outbox, document)
		except NotFound:
			return
		if not is_cancelled:
			return
		for name in frappe.get_all(outbox.doctype, {outbox.source_field: document}, pluck="name"):
			record = records.locked_record(outbox, {"name": name})
			if record and record.is_parked_unknown():
				values = {"attempts": 0, "next_attempt_at": None, **records.no_failures(outbox)}
				records.update(record, State.UNKNOWN, values, cancelled_while_unknown())
			elif record and record.state in CLAIMABLE:
				records.update(record, State.CANCELLED, {}, cancelled_before_sent())
			elif record and not record.is_open():
				reason = reason_of(record)
				if reason is not None:
					records.update(record, State.CANCELLED, {}, reason)

	in_transaction(work)


def was_cancelled_there_first(outbox: Outbox, record: Any, document: Any) -> Criterion:
	"""The condition that a document was cancelled after the other system had cancelled it, which its record
	does not say yet: then nobody has to act any more.

	:param record: the query's record.
	:param document: its document.
	"""
	is_cancelled = record.status == outbox.labels[State.CANCELLED]
	is_waiting = record.who_acts == WhoActs.WHOLESALER.value
	return is_cancelled & is_waiting & (record.modified < document.modified)


def cancelled_before_sent() -> Reason:
	"""The reason that people read if a document was cancelled before it was sent."""
	return Reason(_("The document was cancelled before it was sent."))


def cancelled_while_unknown() -> Reason:
	"""The reason that people read if a document was cancelled before it was known whether the other system
	has it."""
	return Reason(
		_("The document was cancelled. Whether it was sent is not known yet; the next sync checks it.")
	)

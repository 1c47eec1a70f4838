"""Integration Event: what was received and what came of it. It makes each webhook count once.

The order is the same for every webhook: first the work, then its record, in one transaction. A repetition
shows as a violation of the unique index on source and `event_id`, when its work is done. If the first was
processed, the transaction is rolled back and the answer is what is on record; else the record is replaced and
the work stays. Looking first would cost every webhook a round trip to the database, and repetitions are rare;
and it would not see a twin that is being handled at this moment, for which the index is needed anyway. After
a crash neither work nor record is there, and the sender's next try finds nothing in its way.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import frappe

from medgrid.core.bulk import CHUNK
from medgrid.core.text import MAX_LENGTH
from medgrid.core.transactions import in_transaction
from medgrid.webhooks import statements
from medgrid.webhooks.source import Outcome

DOCTYPE, SETTINGS = "Integration Event", "Medgrid Settings"
DEFAULT_DAYS = 90
MAX_ERROR = 500
# A header that anybody may have written: what looks otherwise is not stored.
_TOPIC = re.compile(r"[a-z0-9_./-]{1,60}", re.ASCII)
_CONTENT = ("topic", "shop", "outcome", "order_id", "sales_order", "error")


@dataclass(frozen=True)
class Event:
	"""
	:param source: the sender, see `Source.name`.
	:param id: unique among the source's, see `event_id`.
	:param error: why it was ignored, or what is not readable; never a customer's data.
	"""

	source: str
	id: str
	topic: str
	shop: str
	outcome: Outcome
	order_id: str | None = None
	sales_order: str | None = None
	error: str | None = None


class AlreadyProcessed(Exception):
	"""A repetition of what was processed before: the transaction must be rolled back.

	:param event: what is on record.
	"""

	def __init__(self, event: Event):
		super().__init__(event.id)
		self.event = event


def event_id(topic: str, identity: bytes) -> str:
	"""What a webhook is known by: the SHA-256 of its topic and its body.

	Not the sender's id, which is in a header: nobody signs that. Release 0.1 preferred that one; its events
	stay as they are, and a repetition of one of them is carried out once more, which changes nothing, since
	it is as old.

	:param topic: empty for topics that the site does not know: one signed body makes one event, however many
		topics somebody claims for it.
	:param identity: see `Delivery.identity`.
	"""
	return hashlib.sha256(topic.encode() + b"\n" + identity).hexdigest()


def record(event: Event, *, always: bool = False) -> Event:
	"""Records what a webhook's work has done. Adds to the caller's transaction.

	:param always: whether the work of a repetition counts although the first was processed.
	:returns: what is on record now.
	:raises AlreadyProcessed: it is a repetition; the transaction must be rolled back.
	"""
	stamps = _stamps()
	row = {"name": frappe.generate_hash(length=16), "creation": stamps["modified"], **stamps}
	row |= {"owner": row["modified_by"], "source": event.source, "event_id": event.id, **_content(event)}
	try:
		statements.insert(DOCTYPE, row)
	except frappe.db._conn.IntegrityError as error:
		# The driver's own class, which Python's connections name (PEP 249): Frappe knows several drivers.
		if not frappe.db.is_unique_key_violation(error):
			raise
	else:
		return event
	return _repeated(event, always)


def find(source: str, event_id: str) -> Event | None:
	"""What is on record, as the caller's transaction sees it."""
	row = _row(source, event_id)
	return _event(source, event_id, row) if row else None


def prune(days: int | None = None) -> int:
	"""The daily job: deletes the old events of all sources, in chunks. Commits.

	:param days: how long an event is kept; None: as Medgrid Settings say.
	:returns: how many were deleted.
	"""
	kept = _days_kept() if days is None else days
	if not kept:
		return 0
	before, deleted = frappe.utils.add_to_date(None, days=-kept), 0
	while count := in_transaction(lambda: _delete_some(before)):
		deleted += count
	return deleted


def _days_kept() -> int:
	"""0: for good."""
	# As it is stored: a site that was set up before there was this setting has none, which Frappe reads as 0.
	stored = frappe.db.get_singles_dict(SETTINGS).get("event_days")
	return DEFAULT_DAYS if stored in (None, "") else frappe.utils.cint(stored)


def _repeated(event: Event, always: bool) -> Event:
	# A locking read sees what the twin has just committed, whenever this transaction began.
	row = _row(event.source, event.id, for_update=True)
	known = _event(event.source, event.id, row)
	if known.outcome.is_processed and not always:
		raise AlreadyProcessed(known)
	if known.outcome.is_processed and not event.outcome.is_processed:
		# Nothing was left to do.
		return known
	statements.update(DOCTYPE, row.name, {**_stamps(), **_content(event)})
	return event


def _row(source: str, event_id: str, *, for_update: bool = False) -> Any:
	key = {"source": source, "event_id": event_id}
	return frappe.db.get_value(DOCTYPE, key, ["name", *_CONTENT], as_dict=True, for_update=for_update)


def _event(source: str, event_id: str, row: Any) -> Event:
	content = {name: row[name] for name in _CONTENT}
	return Event(source, event_id, **{**content, "outcome": Outcome(row.outcome)})


def _stamps() -> dict[str, Any]:
	now = frappe.utils.now()
	return {"modified": now, "modified_by": frappe.session.user, "received_at": now}


def _content(event: Event) -> dict[str, Any]:
	return {
		"topic": event.topic if _TOPIC.fullmatch(event.topic) else "",
		"shop": event.shop[:MAX_LENGTH],
		"outcome": event.outcome.value,
		"order_id": event.order_id,
		"sales_order": event.sales_order,
		"error": event.error and event.error[:MAX_ERROR],
	}


def _delete_some(before: Any) -> int:
	"""The oldest first, along the index on `received_at`: any other order would read the whole table."""
	event = frappe.qb.DocType(DOCTYPE)
	old = frappe.qb.from_(event).select(event.name).where(event.received_at < before)
	names = old.orderby(event.received_at).limit(10 * CHUNK).run(pluck=True)
	if names:
		frappe.db.delete(DOCTYPE, {"name": ("in", names)})
	return len(names)

"""The DocType Integration Event: each received webhook with its outcome, so that each is processed once.

For every webhook the receiver first does the work and then inserts the record, in one transaction. A
repetition violates the unique index on `source` and `event_id` when its record is inserted. If the first
delivery was processed, the transaction is rolled back, and the response is built from the existing record.
Otherwise the record is replaced and the work is kept. A query before the work would cost every webhook a
round trip to the database, although repetitions are rare; and it would not find a delivery that another
process is handling at the same time, for which the index is needed anyway. After a crash neither work nor
record exists, and the sender's next attempt is processed normally.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe

from medgrid.clients.shopify.domains import is_shop_domain
from medgrid.core.bulk import delete_older, stamps_of_insert, stamps_of_update
from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import job
from medgrid.webhooks import statements
from medgrid.webhooks.source import WebhookOutcome

DOCTYPE, SETTINGS = "Integration Event", "Medgrid Settings"
DEFAULT_DAYS = 90
MAX_ERROR = 500
# Topic and shop come from unsigned headers; what does not match is not stored.
_TOPIC = re.compile(r"[a-z0-9_./-]{1,60}", re.ASCII)
_CONTENT = ("topic", "shop", "outcome", "order_id", "sales_order", "error")


@dataclass(frozen=True)
class Event:
	"""The record of one webhook.

	:param source: the sender, see `Source.name`.
	:param id: unique per source, see `event_id`.
	:param topic: the topic that the sender states, e.g. "orders/fulfilled".
	:param shop: the shop that the sender states.
	:param order_id: the GID of the Shopify order.
	:param sales_order: the name of the Sales Order.
	:param error: why the webhook was ignored, or what cannot be read; never customer data.
	"""

	source: str
	id: str
	topic: str
	shop: str
	outcome: WebhookOutcome
	order_id: str | None = None
	sales_order: str | None = None
	error: str | None = None


class AlreadyProcessed(Exception):
	"""The webhook repeats one that was processed before; the transaction must be rolled back.

	:param event: the existing record.
	"""

	def __init__(self, event: Event):
		super().__init__(event.id)
		self.event = event


def event_id(topic: str, identity: bytes) -> str:
	"""The ID of a webhook: the SHA-256 of its topic and its body.

	The sender's own ID is not used, because it is in a header, which is not signed. Release 0.1 used it; its
	events keep their IDs. A repetition of such an event is processed once more, and changes nothing because
	it is older than the current state.

	:param topic: empty for topics that the site does not handle, so that one signed body makes one event even
		if it is sent with several topics.
	:param identity: see `Delivery.identity`.
	:returns: 64 hexadecimal digits.
	"""
	return hashlib.sha256(topic.encode() + b"\n" + identity).hexdigest()


def record(event: Event, *, always: bool = False) -> Event:
	"""Records a webhook after its work, in the caller's transaction.

	:param always: whether to keep the work of a repetition even if the first delivery was processed.
	:returns: the event that is on record now.
	:raises AlreadyProcessed: the webhook is a repetition; the transaction must be rolled back.
	"""
	row = {"name": frappe.generate_hash(length=16), **stamps_of_insert(), "received_at": stored_utc_now()}
	row |= {"source": event.source, "event_id": event.id, **_content(event)}
	try:
		statements.insert(DOCTYPE, row)
	except frappe.db._conn.IntegrityError as error:
		# The class of the current database driver (PEP 249), because Frappe supports several drivers.
		if not frappe.db.is_unique_key_violation(error):
			raise
	else:
		return event
	return _repeated(event, always)


def find(source: str, event_id: str) -> Event | None:
	"""The recorded event, as the caller's transaction sees it; None if there is none."""
	row = _row(source, event_id)
	return _event(source, event_id, row) if row else None


@job
def prune(days: int | None = None) -> int:
	"""Deletes the old events of all sources, in chunks; commits each chunk. The scheduler calls it daily.

	:param days: how many days an event is kept; 0: forever; None: the value in Medgrid Settings.
	:returns: the number of deleted events.
	"""
	kept = _days_kept() if days is None else days
	if not kept:
		return 0
	return delete_older(DOCTYPE, "received_at", stored_utc_now() - timedelta(days=kept))


def _days_kept() -> int:
	"""The days from Medgrid Settings; 0: forever."""
	# Read the stored value: a site that is older than this setting has none, and Frappe would read that as 0.
	stored = frappe.db.get_singles_dict(SETTINGS).get("event_days")
	return DEFAULT_DAYS if stored in (None, "") else frappe.utils.cint(stored)


def _repeated(event: Event, always: bool) -> Event:
	# A locking read sees what another process has just committed, even if this transaction began before.
	row = _row(event.source, event.id, for_update=True)
	known = _event(event.source, event.id, row)
	if known.outcome.is_processed and not always:
		raise AlreadyProcessed(known)
	if known.outcome.is_processed and not (event.outcome.is_processed or event.outcome.is_waiting):
		# The first delivery left nothing to do.
		return known
	stamps = {**stamps_of_update(), "received_at": stored_utc_now()}
	statements.update(DOCTYPE, row.name, {**stamps, **_content(event)})
	return event


def _row(source: str, event_id: str, *, for_update: bool = False) -> Any:
	key = {"source": source, "event_id": event_id}
	return frappe.db.get_value(DOCTYPE, key, ["name", *_CONTENT], as_dict=True, for_update=for_update)


def _event(source: str, event_id: str, row: Any) -> Event:
	content = {name: row[name] for name in _CONTENT}
	return Event(source, event_id, **{**content, "outcome": WebhookOutcome(row.outcome)})


def _content(event: Event) -> dict[str, Any]:
	return {
		"topic": event.topic if _TOPIC.fullmatch(event.topic) else "",
		"shop": event.shop if is_shop_domain(event.shop) else "",
		"outcome": event.outcome.value,
		"order_id": event.order_id,
		"sales_order": event.sales_order,
		"error": event.error and event.error[:MAX_ERROR],
		"attempts": 0,
	}

"""The record of received webhooks, which makes each of them count once. Design: "Integration Event"."""

from dataclasses import dataclass

import frappe

from medgrid.core.lock_waits import bounded
from medgrid.exoceuticals.fulfillment.fulfillments import MAX_TEXT

DOCTYPE = "Integration Event"
SOURCE = "exoceuticals"
KEPT_DAYS = 90
CHUNK = 1000
MAX_ERROR = 500
# Neither Document.insert nor the query builder, which take longer for it than all the rest of a webhook does:
# nobody but this module writes events, so there is nothing to validate and no one to tell.
_COLUMNS = (
	*("name", "creation", "modified", "received_at", "owner", "modified_by", "source", "event_id"),
	*("topic", "shop", "outcome", "order_id", "sales_order", "error"),
)
_INSERT = (
	f"INSERT INTO `tabIntegration Event` ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


class AlreadyRecorded(Exception):
	"""Somebody else has handled the same webhook in the meantime."""


@dataclass(frozen=True)
class Event:
	"""
	:param id: unique among those of the Exoceuticals store.
	:param outcome: one of the options of the DocType's field.
	:param error: what made no sense; never a customer's data.
	"""

	id: str
	topic: str
	shop: str
	outcome: str
	order_id: str | None = None
	sales_order: str | None = None
	error: str | None = None


def find(event_id: str) -> Event | None:
	"""The record of a webhook that was handled."""
	fields = ["topic", "shop", "outcome", "order_id", "sales_order", "error"]
	row = frappe.db.get_value(DOCTYPE, {"source": SOURCE, "event_id": event_id}, fields, as_dict=True)
	return Event(event_id, **row) if row else None


def record(event: Event, lock_seconds: int | None = None) -> None:
	"""Adds to the caller's transaction: what the webhook did and that it did it stand or fall together.

	:param lock_seconds: how long to wait for one of the same id that is being recorded; None: as the database
		is set up.
	:raises AlreadyRecorded: the database holds one of this id; the transaction must be rolled back.
	"""
	moment, user = frappe.utils.now(), frappe.session.user
	values = (frappe.generate_hash(length=16), moment, moment, moment, user, user, SOURCE, event.id)
	told = (event.topic[:MAX_TEXT], event.shop[:MAX_TEXT], event.outcome, event.order_id, event.sales_order)
	statement = bounded(_INSERT, lock_seconds)
	try:
		frappe.db.sql(statement, (*values, *told, event.error and event.error[:MAX_ERROR]))
	except frappe.db._conn.IntegrityError as error:
		# The driver's own class, which Python's connections name (PEP 249): Frappe knows several drivers.
		if not frappe.db.is_unique_key_violation(error):
			raise
		raise AlreadyRecorded from None


def prune(days: int = KEPT_DAYS) -> int:
	"""The daily job: deletes old events, in chunks. Commits.

	:param days: how long an event is kept.
	:returns: how many were deleted.
	"""
	filters = {"source": SOURCE, "received_at": ("<", frappe.utils.add_to_date(None, days=-days))}
	deleted = 0
	while names := frappe.get_all(DOCTYPE, filters=filters, pluck="name", limit=CHUNK):
		frappe.db.delete(DOCTYPE, {"name": ("in", names)})
		frappe.db.commit()
		deleted += len(names)
	return deleted

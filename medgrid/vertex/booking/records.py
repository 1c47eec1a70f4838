"""The rows of Vertex Tax Document: what is booked at Vertex, once each. See
docs/adr/0032-an-invoice-is-booked-once.md.

`contents` says what a new row contains.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.bulk import stamps_of_insert
from medgrid.core.database_clock import stored_database_now
from medgrid.core.transactions import in_transaction
from medgrid.outbox.destinations import Outbox
from medgrid.outbox.states import State, Timing

DOCTYPE = "Vertex Tax Document"
# What is booked, by `kind`.
INVOICE, CREDIT, REVERSAL = "Invoice", "Credit", "Reversal"
# The DocType of what a shop books through the API; MedGrid has no such documents.
SHOPIFY_ORDER = "Shopify Order"
PENDING, SENDING, IN_DOUBT, COMMITTED, FAILED, VOID = (
	"Pending",
	"Sending",
	"In Doubt",
	"Committed",
	"Failed",
	"Void",
)
# `redaction` of a row whose buyer was blanked.
REDACTED = "Done"
# A worker that has sent for 5 minutes is dead, and what Vertex has is found after 2 minutes.
TIMING = Timing(claim_seconds=180, search_lag_seconds=120)
OUTBOX = Outbox(
	doctype=DOCTYPE,
	timing=TIMING,
	# The document that is sent is the record itself.
	source=DOCTYPE,
	source_field="name",
	labels={
		State.WAITING: PENDING,
		State.SENDING: SENDING,
		State.UNKNOWN: IN_DOUBT,
		State.SENT: COMMITTED,
		State.FAILED: FAILED,
		State.CANCELLED: VOID,
	},
	reason_field="error",
	who_acts_field=None,
)
_FIELDS = ("name", "status", "request", "request_hash", "answer", "claimed_at", "attempts", "redaction")


@dataclass(frozen=True)
class TaxDocument:
	"""One row, as it is stored.

	:param request: the canonical JSON of what is sent.
	:param answer: the JSON of what Vertex said; None: there is none.
	:param is_new: whether `contents.add` has just made it.
	"""

	name: str
	status: str
	request: str
	request_hash: str
	answer: str | None
	claimed_at: datetime | None
	attempts: int
	redaction: str | None = None
	is_new: bool = field(default=False, compare=False)

	@property
	def is_redacted(self) -> bool:
		"""Whether the buyer in `request` was blanked."""
		return self.redaction == REDACTED


def find(transaction: str) -> TaxDocument | None:
	"""The row with a transaction ID, as it is committed now. Commits the caller's changes."""
	return in_transaction(partial(_find, transaction))


def _find(transaction: str) -> TaxDocument | None:
	row = frappe.db.get_value(DOCTYPE, {"transaction_id": transaction}, _FIELDS, as_dict=True)
	return TaxDocument(**row) if row else None


def insert(values: Mapping[str, Any]) -> str:
	"""Adds a row in the caller's transaction, unless there is one with the same transaction ID.

	:param values: of the fields; see `contents`.
	:returns: the row's name, if it is new.
	"""
	# One statement: of two workers that add the same invoice at once, the second one changes nothing.
	table = frappe.qb.DocType(DOCTYPE)
	name = frappe.generate_hash(length=10)
	row = {"name": name, **_standard_values(), **values}
	query = frappe.qb.into(table).columns(*row).insert(*row.values())
	query.on_duplicate_key_update(table.transaction_id, table.transaction_id).run()
	return name


def void_needless_reversals() -> list[str]:
	"""A reversal of what was never booked is needless: it becomes `Void`, and so does what Vertex refused.
	The caller commits.

	:returns: the reversals.
	"""
	reversal, original = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(DOCTYPE).as_("original")
	query = (
		frappe.qb.from_(reversal)
		.join(original)
		.on(original.name == reversal.reverses)
		.select(reversal.name, original.name)
		.where(reversal.status == PENDING)
		.where(reversal.kind == REVERSAL)
		.where(original.status.isin((VOID, FAILED)))
	)
	names = []
	for name, reversed_name in query.run():
		names.append(name)
		for each in (name, reversed_name):
			frappe.db.set_value(DOCTYPE, each, "status", VOID)
	return names


def open_mismatches() -> list[str]:
	"""The rows that Vertex has booked with another tax than their document says, and still has: what was
	taken back since is nobody's concern."""
	row, reversal = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(DOCTYPE).as_("reversal")
	query = (
		frappe.qb.from_(row)
		.left_join(reversal)
		.on((reversal.reverses == row.name) & (reversal.status == COMMITTED))
		.select(row.name)
		.where((row.mismatch == 1) & reversal.name.isnull())
		.orderby(row.creation)
	)
	return [name for (name,) in query.run()]


def _standard_values() -> dict[str, Any]:
	return {**stamps_of_insert(), "docstatus": 0, "idx": 0}


def redacted(name: str) -> str:
	"""The sentence about a row that is not booked, and whose buyer was blanked."""
	return _(
		"The buyer's data in {0} were deleted, because Shopify demanded it. Only the shop can send this "
		"invoice again."
	).format(name)


def due(limit: int) -> list[tuple[str, str]]:
	"""The rows that a job may send now, oldest first.

	:returns: their names, and the names of their merchants.
	"""
	table = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.merchant)
		.where(table.status == PENDING)
		.where(table.next_attempt_at.isnull() | (table.next_attempt_at <= stored_database_now()))
		.orderby(table.creation)
		.limit(limit)
	)
	return [(row[0], row[1]) for row in query.run()]


def make_due(merchant: str) -> None:
	"""Makes all pending rows of a merchant due at once. The caller commits."""
	names: Iterable[str] = frappe.get_all(DOCTYPE, {"merchant": merchant, "status": PENDING}, pluck="name")
	for name in names:
		frappe.db.set_value(DOCTYPE, name, "next_attempt_at", None)

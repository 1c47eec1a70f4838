"""Reverses the bookings of cancelled Sales Invoices. See docs/adr/0032-an-invoice-is-booked-once.md.

The transaction that cancels an invoice does not write Vertex Tax Documents: if a job wrote the same row at
that moment, the user's cancellation would be rolled back. The reversal is written directly after the commit;
if that fails, a job writes it, and the five-minute job writes those that were missed.
"""

from functools import partial
from typing import Any

import frappe

from medgrid.core.faults.borders import job, report
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.issues.records import settle_issue
from medgrid.outbox.modified import days_ago
from medgrid.vertex.booking import queueing, records
from medgrid.vertex.booking.contents import reversal_values
from medgrid.vertex.booking.records import FAILED, PENDING, REVERSAL, VOID
from medgrid.vertex.booking.sales_invoices import DOCTYPE, QUOTED, REVERSAL_PENDING
from medgrid.vertex.booking.subjects import of_document

# A cancellation whose process died is found for this long.
DAYS, MOST = 7, 500


def note_cancelled(document: Any) -> None:
	"""Has what was booked of an invoice taken back once its cancellation is committed. The answer to the user
	shows that already."""
	transaction = document.get("vertex_transaction_id") or ""
	for status in frappe.get_all(records.DOCTYPE, _of(document.name, transaction), pluck="status"):
		if status != VOID:
			document.vertex_status, document.vertex_error = _shown(status), None
	frappe.db.after_commit.add(partial(_after_cancellation, document.name, transaction))


def _after_cancellation(invoice: str, transaction: str) -> None:
	try:
		in_transaction(partial(_take_back, invoice, transaction))
	except Exception as error:
		# The user's cancellation is done, whatever became of this.
		report(error, "Vertex: taking back a cancelled invoice")
		enqueue(take_back, queue=SHORT, invoice=invoice, transaction=transaction)


@job
def take_back(invoice: str, transaction: str) -> None:
	"""Writes what is to be taken back of a cancelled invoice, unless it is written. The RQ job.

	:param invoice: the name of the Sales Invoice.
	:param transaction: its ID at Vertex.
	"""
	in_transaction(partial(_take_back, invoice, transaction))


def catch_up() -> None:
	"""Takes back what was missed. Commits each."""
	for invoice, transaction in in_transaction(_missed):
		in_transaction(partial(_take_back, invoice, transaction))


def _take_back(invoice: str, transaction: str) -> None:
	"""Writes a reversal of what was booked, or may have been. What certainly was not booked is void instead,
	and nothing is sent."""
	document = locked_row(DOCTYPE, invoice, ["docstatus", "vertex_transaction_id"])
	# A cancelled invoice may be deleted, and another one may have got its name.
	is_there = document and document.vertex_transaction_id == transaction
	if is_there and document.docstatus != 2:
		return
	for name in frappe.get_all(records.DOCTYPE, _of(invoice, transaction), pluck="name"):
		# A job may be sending it at this moment: the lock waits for its claim.
		row = frappe.db.get_value(records.DOCTYPE, name, "*", as_dict=True, for_update=True)
		if row.status == VOID or frappe.db.exists(records.DOCTYPE, {"reverses": name}):
			continue
		if row.status in (PENDING, FAILED):
			frappe.db.set_value(records.DOCTYPE, name, {"status": VOID, "next_attempt_at": None})
			settle_issue(of_document(name, row.merchant))
		else:
			reversal = records.insert(reversal_values(row, frappe.utils.today()))
			queueing.queue_after_commit(reversal)
		if is_there:
			values = {"vertex_status": _shown(row.status), "vertex_error": None}
			frappe.db.set_value(DOCTYPE, invoice, values, update_modified=False)


def _of(invoice: str, transaction: str) -> dict[str, Any]:
	return {
		"reference_doctype": DOCTYPE,
		"reference_name": invoice,
		"kind": ("!=", REVERSAL),
		"transaction_id": transaction,
	}


def _shown(status: str) -> str:
	return QUOTED if status in (PENDING, FAILED) else REVERSAL_PENDING


def _missed() -> list[tuple[str, str]]:
	invoice = frappe.qb.DocType(DOCTYPE)
	booking, reversal = (frappe.qb.DocType(records.DOCTYPE).as_(name) for name in ("booking", "reversal"))
	query = (
		frappe.qb.from_(invoice)
		.join(booking)
		.on(booking.transaction_id == invoice.vertex_transaction_id)
		.left_join(reversal)
		.on(reversal.reverses == booking.name)
		.select(invoice.name, booking.transaction_id)
		.where(invoice.docstatus == 2)
		.where(invoice.modified >= days_ago(DAYS))
		.where((booking.kind != REVERSAL) & (booking.status != VOID) & reversal.name.isnull())
		.limit(MOST)
	)
	return [(row[0], row[1]) for row in query.run()]

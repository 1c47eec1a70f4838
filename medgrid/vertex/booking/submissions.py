"""Creates the Vertex Tax Documents of submitted Sales Invoices. See
docs/adr/0032-an-invoice-is-booked-once.md."""

from typing import Any

from frappe import _

from medgrid.issues.records import ADMINISTRATOR, open_issue
from medgrid.vertex.booking import queueing, records
from medgrid.vertex.booking.contents import NewInvoice, content_values
from medgrid.vertex.booking.records import FAILED, PENDING
from medgrid.vertex.booking.subjects import of_document


def note_submitted(document: Any, invoice: NewInvoice) -> None:
	"""Writes what is to be booked in the transaction of the submit; a job books it once that is committed."""
	name = records.insert(content_values(invoice))
	document.db_set(
		{"vertex_status": PENDING, "vertex_transaction_id": invoice.request.transactionId},
		update_modified=False,
	)
	queueing.queue_after_commit(name)


def note_unsendable(document: Any, values: dict[str, Any]) -> None:
	"""Writes that an invoice is to be booked that cannot be sent as it is, in the transaction of the submit.
	People correct what is wrong, and have it booked.

	:param values: see `contents.values_without_content`.
	"""
	name = records.insert(values)
	document.db_set(
		{
			"vertex_status": FAILED,
			"vertex_error": values["error"],
			"vertex_transaction_id": values["transaction_id"],
		},
		update_modified=False,
	)
	open_issue(
		of_document(name, values["merchant"]),
		title=_("An invoice cannot be sent to Vertex"),
		detail=values["error"],
		who_acts=ADMINISTRATOR,
		what_to_do=_("Correct what the reason names, then press Book Now on the invoice."),
		status=400,
	)

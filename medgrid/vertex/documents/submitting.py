"""Books a Sales Invoice that is submitted, and reverses the booking of one that is cancelled. See
docs/adr/0049-quoted-before-validation.md and docs/adr/0032-an-invoice-is-booked-once.md."""

from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.orders.reader import exact
from medgrid.services.desk_messages import refuse
from medgrid.services.failure_texts import failure_text
from medgrid.vertex.booking import contents, records, submissions, taking_back
from medgrid.vertex.documents.request import invoice_of, quotation_of
from medgrid.vertex.documents.scope import SALES_INVOICE, Scope, scope_of


def note_submitted(invoice) -> None:
	"""Writes what is to be booked, in the transaction of the submit.

	:raises frappe.ValidationError: the invoice cannot be sent as it is, and the settings do not say that it
		is submitted all the same.
	"""
	scope = scope_of(invoice)
	if scope is None or not scope.settings.commit_invoices:
		return
	try:
		booking = _booking_of(invoice, scope)
	except MedgridError as error:
		booking, sentence = None, failure_text(error)
	if booking:
		submissions.note_submitted(invoice, booking)
	elif scope.settings.submit_without_tax:
		submissions.note_unsendable(invoice, _values_without_content(invoice, scope, sentence))
	else:
		refuse(sentence)


def renew(name: str) -> None:
	"""Builds anew what is sent of an invoice that Vertex has refused, or that could not be sent: an address
	or a customer may have been corrected since. Commits. Other bookings stay as they are.

	:param name: of the Vertex Tax Document.
	:raises RuleViolated: it cannot be sent still; the sentence says why.
	"""
	fields = ["kind", "status", "reference_doctype", "reference_name", "transaction_id", "request"]
	row = frappe.db.get_value(records.DOCTYPE, name, fields, as_dict=True)
	is_open = row.status == records.FAILED and row.kind != records.REVERSAL
	if not is_open or row.reference_doctype != SALES_INVOICE:
		return
	invoice = frappe.get_doc(SALES_INVOICE, row.reference_name)
	scope = scope_of(invoice)
	if scope and invoice.docstatus == 1 and invoice.vertex_transaction_id == row.transaction_id:
		contents.replace_content(name, _booking_of(invoice, scope))
	elif not row.request:
		raise RuleViolated(_("{0} is not taxed by Vertex any more.").format(row.reference_name))


def _booking_of(invoice, scope: Scope) -> contents.NewInvoice:
	"""
	:raises MedgridError: the invoice cannot be sent as it is.
	"""
	quotation = quotation_of(invoice, scope)
	return contents.NewInvoice(
		merchant=scope.merchant,
		reference=(invoice.doctype, invoice.name),
		request=invoice_of(invoice, quotation, _transaction_of(invoice)),
		quoted_tax=exact(invoice.vertex_total_tax),
		kind=_kind_of(invoice),
	)


def _values_without_content(invoice, scope: Scope, sentence: str) -> dict[str, Any]:
	return contents.values_without_content(
		scope.merchant,
		(invoice.doctype, invoice.name),
		sentence,
		kind=_kind_of(invoice),
		transaction_id=_transaction_of(invoice),
		document_date=invoice.posting_date,
		currency=invoice.currency,
		quoted_tax=exact(invoice.vertex_total_tax),
	)


def _transaction_of(invoice) -> str:
	# As it is stored, so that an amended or imported invoice gets its own.
	created = str(frappe.utils.get_datetime(invoice.creation))
	return contents.transaction_id(invoice.doctype, invoice.name, created)


def _kind_of(invoice) -> str:
	return records.CREDIT if invoice.is_return else records.INVOICE


def note_cancelled(invoice) -> None:
	"""Has what was booked taken back, once the cancellation is committed. It does not matter whether the
	company is taxed still."""
	taking_back.note_cancelled(invoice)

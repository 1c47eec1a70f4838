"""What a submitted and a cancelled Sales Invoice leave to be booked. Design (Vertex): sections 4.1, 5.1."""

import frappe

from medgrid.exceptions import MedgridError
from medgrid.orders.reader import exact
from medgrid.services.failure_texts import failure_text
from medgrid.vertex.booking import records, sales_invoices
from medgrid.vertex.documents.request import invoice_of, quotation_of
from medgrid.vertex.documents.scope import scope_of
from medgrid.vertex.merchants.accounts import account_of


def note_submitted(invoice) -> None:
	"""Writes what is to be booked, in the transaction of the submit.

	:raises frappe.ValidationError: the invoice cannot be sent as it is.
	"""
	scope = scope_of(invoice)
	if scope is None or not scope.settings.commit_invoices:
		return
	try:
		quotation = quotation_of(invoice, scope, account_of(scope.merchant))
	except MedgridError as error:
		sentence = failure_text(error)
		quotation = None
	if quotation is None:
		frappe.throw(sentence)
	assert quotation
	# As it is stored, so that an amended or imported invoice gets its own.
	created = str(frappe.utils.get_datetime(invoice.creation))
	transaction = records.transaction_id(invoice.doctype, invoice.name, created)
	sales_invoices.note_submitted(
		invoice,
		records.NewInvoice(
			merchant=scope.merchant,
			reference=(invoice.doctype, invoice.name),
			request=invoice_of(invoice, quotation, transaction),
			quoted_tax=exact(invoice.vertex_total_tax),
			kind=records.CREDIT if invoice.is_return else records.INVOICE,
		),
	)


def note_cancelled(invoice) -> None:
	"""Writes what is to be taken back, in the transaction of the cancellation. It does not matter whether the
	company is taxed still."""
	sales_invoices.note_cancelled(invoice)

"""Finds submitted invoices that MedGrid has taxed and that nothing books at Vertex. See
docs/adr/0032-an-invoice-is-booked-once.md.

The booking is written in the transaction of the submit, so a lost job cannot cause this; a restored backup or
a manual change of the database can. Nothing is booked here: a person must check whether Vertex has the
invoice.
"""

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.vertex.booking import records
from medgrid.vertex.booking.sales_invoices import DOCTYPE
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.settings import vertex_settings

ISSUE = "Integration Issue"
DAYS = 7
MOST = 500
ACTION = "document/unbooked"


def search() -> int:
	"""Opens an issue for each, and settles those of invoices that are booked or cancelled by now. Commits.

	:returns: how many invoices are not booked.
	"""
	return in_transaction(_search)


def _search() -> int:
	found = _unbooked()
	for name in found:
		open_issue(
			_subject(name),
			title=_("A submitted invoice is not booked at Vertex"),
			detail=_(
				"{0} was taxed by Vertex and is submitted, but MedGrid has no Vertex Tax Document for it."
			).format(name),
			who_acts=ADMINISTRATOR,
			what_to_do=_(
				"Look in Vertex for the document number {0}. If it is not there, cancel the invoice and "
				"amend it."
			).format(name),
			status=417,
		)
	filters = {"issue_type": _subject("").issue_type, "settled_at": ("is", "not set")}
	for name in frappe.get_all(ISSUE, filters, pluck="reference_name"):
		if name not in found and _is_settled(name):
			settle_issue(_subject(name))
	return len(found)


def _subject(invoice: str) -> Subject:
	return Subject(INTEGRATION, ACTION, reference=(DOCTYPE, invoice))


def _unbooked() -> list[str]:
	settings = vertex_settings()
	if not (settings.quote_sales_invoices and settings.commit_invoices):
		return []
	invoice, booking = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(records.DOCTYPE)
	query = (
		frappe.qb.from_(invoice)
		.left_join(booking)
		.on(booking.transaction_id == invoice.vertex_transaction_id)
		.select(invoice.name)
		.where(invoice.docstatus == 1)
		.where(invoice.posting_date >= frappe.utils.add_days(frappe.utils.today(), -DAYS))
		.where(invoice.vertex_status.isnotnull() & (invoice.vertex_status != ""))
		.where(booking.name.isnull())
		.orderby(invoice.name)
		.limit(MOST)
	)
	return [name for (name,) in query.run()]


def _is_settled(invoice: str) -> bool:
	"""Whether an invoice is cancelled, deleted, or booked."""
	row = frappe.db.get_value(DOCTYPE, invoice, ["docstatus", "vertex_transaction_id"], as_dict=True)
	if not row or row.docstatus != 1:
		return True
	return bool(frappe.db.exists(records.DOCTYPE, {"transaction_id": row.vertex_transaction_id or ""}))

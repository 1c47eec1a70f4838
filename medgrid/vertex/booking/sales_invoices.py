"""Shows the state of bookings on Sales Invoices. See docs/adr/0032-an-invoice-is-booked-once.md."""

from typing import Any

import frappe
from frappe import _

from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.vertex.booking import records
from medgrid.vertex.booking.records import (
	COMMITTED,
	FAILED,
	IN_DOUBT,
	PENDING,
	SENDING,
	VOID,
)

DOCTYPE = "Sales Invoice"
QUOTED, REVERSAL_PENDING, REVERSED = "Quoted", "Reversal Pending", "Reversed"
# `vertex_status` of an invoice by the status of what is booked.
_SHOWN = {
	PENDING: PENDING,
	SENDING: PENDING,
	IN_DOUBT: IN_DOUBT,
	COMMITTED: COMMITTED,
	FAILED: FAILED,
	VOID: QUOTED,
}
_FIELDS = ["name", "kind", "status", "error", "mismatch", "total_tax", "quoted_tax", "transaction_id"]


def show(name: str) -> None:
	"""Shows on the invoice what became of a booking, in the caller's transaction.

	:param name: of the Vertex Tax Document.
	"""
	fields = ["reference_doctype", "reference_name", "reverses"]
	row = frappe.db.get_value(records.DOCTYPE, name, fields, as_dict=True)
	if not row or row.reference_doctype != DOCTYPE:
		return
	booked = frappe.db.get_value(records.DOCTYPE, row.reverses or name, _FIELDS, as_dict=True)
	# Another invoice may have got the name of one that was deleted.
	filters = {"name": row.reference_name, "vertex_transaction_id": booked.transaction_id}
	if not frappe.db.exists(DOCTYPE, filters):
		return
	found = frappe.get_all(
		records.DOCTYPE, {"reverses": booked.name}, _FIELDS, order_by="creation desc, name desc", limit=1
	)
	reversal = found[0] if found else None
	_note_mismatch(row.reference_name, booked, reversal)
	values = {
		"vertex_status": _status_of(booked, reversal),
		"vertex_error": _error_of(booked, reversal),
	}
	frappe.db.set_value(DOCTYPE, row.reference_name, values, update_modified=False)


def _status_of(booked: Any, reversal: Any) -> str:
	if reversal is None or booked.status == VOID:
		return _SHOWN[booked.status]
	return REVERSED if reversal.status == COMMITTED else REVERSAL_PENDING


def _note_mismatch(invoice: str, booked: Any, reversal: Any) -> None:
	"""Opens the issue about an invoice whose tax differs at Vertex, and settles it once Vertex has no
	such tax any more: the invoice was taken back, or was booked as it says."""
	subject = Subject("vertex", "document/mismatch", reference=(DOCTYPE, invoice))
	if difference := _difference(booked, reversal):
		open_issue(
			subject,
			title=_("Vertex booked another tax than the invoice says"),
			detail=difference,
			who_acts=ADMINISTRATOR,
			what_to_do=_("Compare the invoice with Vertex, then correct the one that is wrong."),
			status=417,
		)
	elif booked.status == VOID or (reversal or booked).status == COMMITTED:
		settle_issue(subject)


def _error_of(booked: Any, reversal: Any) -> str | None:
	if reversal and reversal.status != COMMITTED:
		return reversal.error or None
	if difference := _difference(booked, reversal):
		return difference
	return (booked.error or None) if booked.status in (PENDING, IN_DOUBT, FAILED) else None


def _difference(booked: Any, reversal: Any) -> str | None:
	"""What Vertex has booked otherwise than it should have; of an invoice that was taken back, what is left
	of it there."""
	if reversal is None and booked.mismatch:
		return _("Vertex booked {0}, the invoice says {1}.").format(
			_amount(booked.total_tax), _amount(booked.quoted_tax)
		)
	if reversal and reversal.mismatch:
		return _("Vertex took back {0} of {1}.").format(
			_amount(-reversal.total_tax), _amount(booked.total_tax)
		)
	return None


def _amount(value: Any) -> str:
	return f"{frappe.utils.flt(value, 2):.2f}"

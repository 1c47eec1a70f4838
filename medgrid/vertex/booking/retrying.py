"""`retry_document`: sends a booking again that waits or that Vertex refused, because a person asks for it.

See docs/api.md, "Taxes" and docs/adr/0032-an-invoice-is-booked-once.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound, NotPermitted, RuleViolated
from medgrid.outbox import due_documents
from medgrid.vertex.booking import queueing, reconciliation, records
from medgrid.vertex.merchants.accounts import account_of

RETRYABLE = (records.PENDING, records.FAILED)
_FIELDS = ("name", "status", "merchant", "reference_doctype", "reference_name", "redaction")


@dataclass(frozen=True)
class RetriedDocument:
	"""A Vertex Tax Document.

	:param reference: DocType and name of what is booked.
	"""

	name: str
	status: str
	merchant: str
	reference: tuple[str | None, str | None]
	is_redacted: bool


def retry(doctype: str, name: str, renew: Callable[[str], None]) -> tuple[str, str]:
	"""Makes the booking of a document due at once and queues its job. Commits.

	:param doctype: of a document that is booked, or Vertex Tax Document.
	:param renew: builds anew what is sent of the Vertex Tax Document of this name, if Vertex has refused it.
	:returns: the Vertex Tax Document's name and its status.
	:raises NotFound: there is no such document.
	:raises NotPermitted: the user may not read it, or its merchant is disabled.
	:raises RuleViolated: there is nothing to be sent again, or Vertex refuses the merchant's credentials.
	"""
	booking = _find(doctype, name)
	if booking.status not in RETRYABLE or booking.is_redacted:
		raise RuleViolated(_reason_against(booking))
	# Whether the merchant can be booked for at all.
	account_of(booking.merchant)
	if reconciliation.is_blocked(booking.merchant):
		raise RuleViolated(
			_(
				"Vertex refuses the credentials of the Vertex Merchant {0}. An administrator must correct "
				"and test them, then the document can be sent again."
			).format(booking.merchant)
		)
	if booking.status == records.FAILED:
		renew(booking.name)
		due_documents.retry(records.OUTBOX, booking.name)
	else:
		in_transaction(partial(_make_due, booking.name))
	queueing.queue(booking.name)
	return booking.name, _status(booking.name)


def _find(doctype: str, name: str) -> RetriedDocument:
	if doctype == records.DOCTYPE:
		found = _bookings({"name": name})
		if not found:
			raise NotFound(_("{0} {1} does not exist.").format(_(doctype), name))
		_check_may_read(*found[0].reference)
		return found[0]
	if not _exists(doctype, name):
		raise NotFound(_("{0} {1} does not exist.").format(_(doctype), name))
	_check_may_read(doctype, name)
	found = _bookings({"reference_doctype": doctype, "reference_name": name})
	if not found:
		raise RuleViolated(_("{0} {1} has nothing that is booked at Vertex.").format(_(doctype), name))
	# An invoice may have a reversal, too.
	return next((each for each in found if each.status in RETRYABLE), found[0])


def _bookings(filters: Mapping[str, str]) -> list[RetriedDocument]:
	"""Newest first."""
	rows: list[Any] = frappe.get_all(
		records.DOCTYPE, dict(filters), list(_FIELDS), order_by="creation desc, name desc"
	)
	return [
		RetriedDocument(
			row.name,
			row.status,
			row.merchant,
			(row.reference_doctype, row.reference_name),
			row.redaction == records.REDACTED,
		)
		for row in rows
	]


def _check_may_read(doctype: str | None, name: str | None) -> None:
	"""An accountant who may not read a document does not have it booked either."""
	if "System Manager" in frappe.get_roles() or not (doctype and name and _exists(doctype, name)):
		return
	if not frappe.has_permission(doctype, "read", name):
		raise NotPermitted(_("Your user may not read {0} {1}.").format(_(doctype), name))


def _exists(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name))


def _make_due(name: str) -> None:
	filters = {"name": name, "status": records.PENDING}
	frappe.db.set_value(records.DOCTYPE, filters, "next_attempt_at", None)


def _status(name: str) -> str:
	return frappe.db.get_value(records.DOCTYPE, name, "status")


def _reason_against(booking: RetriedDocument) -> str:
	if booking.status in RETRYABLE:
		return records.redacted(booking.name)
	reasons = {
		records.COMMITTED: _("Vertex has booked {0} already."),
		records.VOID: _("{0} is void and will not be booked."),
		records.SENDING: _("{0} is being booked at this moment."),
		records.IN_DOUBT: _(
			"Whether Vertex has booked {0} is not known. MedGrid asks Vertex within the hour, and sends it "
			"again if need be."
		),
	}
	return reasons[booking.status].format(booking.name)

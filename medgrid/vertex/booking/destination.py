"""Vertex as a destination of the outbox: what is sent, and after which failures the outcome is unknown.

See docs/adr/0032-an-invoice-is-booked-once.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import frappe
from frappe import _

from medgrid.clients.vertex.calculation import Calculation
from medgrid.clients.vertex.client import VertexClient
from medgrid.clients.vertex.responses import SERVICE
from medgrid.clients.vertex.wire import Measure, ReversalData, ReversalRequest, SaleRequest
from medgrid.core.clock import from_stored_utc, stored_utc_now, utc_now
from medgrid.core.database_clock import is_yet_to_come
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Conflict, MedgridError, RuleViolated
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	IntegrationError,
	OutcomeUnknown,
	RateLimited,
	RequestRejected,
	UnexpectedResponse,
)
from medgrid.orders.reader import exact
from medgrid.outbox.destinations import NO_REASON, Outcome, Reason, Record
from medgrid.outbox.schedule import WITHOUT_END
from medgrid.outbox.states import State, WhoActs
from medgrid.services.failure_texts import failure_text
from medgrid.vertex.booking.records import (
	COMMITTED,
	FAILED,
	OUTBOX,
	REDACTED,
	REVERSAL,
	SHOPIFY_ORDER,
	TIMING,
	redacted,
)
from medgrid.vertex.contract.members import MAX_STORED
from medgrid.vertex.contract.tax_answer import answer_of

# The failures that concern the merchant's account and not the document.
OF_ACCOUNT = (CredentialsRejected, AccessDenied)
# Vertex reverses what is younger, in the Cloud (90 days), and a day is for the queue.
REVERSIBLE = timedelta(days=89)
# After these, Vertex has certainly stored nothing.
NOT_MADE = (RequestRejected, RateLimited, *OF_ACCOUNT)


class BookingNotDue(Conflict):
	"""The document waits for its next attempt, or for a person who retries it."""


@dataclass(frozen=True)
class Payload:
	"""What is sent.

	:param sale: an invoice, or the negative one by which an old invoice is reversed; None: a reversal.
	:param reversal: what takes `reverses` back.
	:param reverses: the transaction that is reversed.
	"""

	transaction_id: str
	sale: SaleRequest | None
	reversal: ReversalData | None = None
	reverses: str = ""


@dataclass(frozen=True)
class Receipt:
	"""That Vertex has a transaction.

	:param calculation: its taxes; None: the answer was lost, and Vertex says only that it exists.
	:param answer: the JSON that is stored of it; None: as above.
	:param total: the sale's total with taxes; None: as above.
	:param is_reversal: whether it is Vertex' receipt of a reversal, which has no figures.
	"""

	calculation: Calculation | None = None
	answer: str | None = None
	total: Decimal | None = None
	is_reversal: bool = False


NOTHING_KNOWN = Receipt()


def receipt_of(sale: SaleRequest, calculation: Calculation) -> Receipt:
	"""The receipt of an answer.

	:raises UnexpectedResponse: the tax is so large that no field holds the total.
	"""
	kept = answer_of(sale, calculation)
	if max(abs(kept.total), abs(kept.totalTax)) >= MAX_STORED:
		raise UnexpectedResponse("the total is too large", service=SERVICE, was_sent=True)
	return Receipt(calculation, kept.encoded().decode(), kept.total)


class VertexBookings:
	"""A `medgrid.outbox.destinations.Destination`. The document that is sent is the record itself.

	:param connect: creates the client; it is called at the first request.
	:param retries: whether documents that wait for a later attempt, or were refused, are sent as well.
	"""

	outbox = OUTBOX

	def __init__(self, connect: Callable[[], VertexClient], *, retries: bool = False):
		self.connect, self.retries = connect, retries

	@cached_property
	def client(self) -> VertexClient:
		return self.connect()

	def key(self, document: str) -> dict[str, str]:
		return {"name": document}

	def prepare(self, document: Any) -> Payload:
		"""See `Destination.prepare`.

		:raises NotDue: it waits.
		:raises RuleViolated: the buyer's data were deleted.
		"""
		waits = document.status == FAILED or is_yet_to_come(document.next_attempt_at)
		if waits and not self.retries:
			raise BookingNotDue(_("{0} is not due yet.").format(document.name))
		if document.kind != REVERSAL and _is_taken_back(document):
			raise BookingNotDue(_("{0} is cancelled.").format(document.reference_name))
		if document.redaction == REDACTED:
			raise RuleViolated(redacted(document.name))
		if document.kind == REVERSAL:
			return _reversal(document)
		return Payload(document.transaction_id, SaleRequest.from_text(document.request))

	def content(self, payload: Payload) -> dict[str, Any]:
		"""Nothing: the record has its content already."""
		return {}

	def check(self, payload: Payload) -> None:
		"""Does nothing: Vertex checks an invoice when it books it."""

	def make_way(self, payload: Payload) -> None:
		"""Does nothing: an invoice is never changed; a reversal is a document of its own."""

	def send(self, payload: Payload) -> Receipt:
		try:
			return self._send(payload)
		except (OutcomeUnknown, UnexpectedResponse) as error:
			if not self.is_not_made(error):
				# The same request is then answered with the outcome.
				error.retry_after = TIMING.search_lag_seconds
			raise

	def _send(self, payload: Payload) -> Receipt:
		if payload.sale:
			return receipt_of(payload.sale, self.client.calculate(payload.sale))
		reversal = payload.reversal
		assert reversal
		self.client.reverse(
			payload.reverses,
			reversal_id=payload.transaction_id,
			posting_date=reversal.postingDate or "",
			document_number=reversal.documentNumber,
		)
		return Receipt(is_reversal=True)

	def is_not_made(self, error: Exception) -> bool:
		"""Whether certainly nothing was booked: the request was not sent, or was refused before Vertex looked
		at it."""
		if isinstance(error, NOT_MADE):
			return True
		return isinstance(error, IntegrationError) and error.was_sent is False

	def is_refused(self, error: Exception) -> bool:
		"""See `Destination.is_refused`. If the request for a token was rejected, the invoice was not sent."""
		return isinstance(error, RequestRejected) and error.was_sent is not False

	def pause_after(self, error: Exception, attempts: int) -> timedelta:
		"""See `Destination.pause_after`. Credentials that are refused are corrected by people."""
		if isinstance(error, OF_ACCOUNT):
			return WITHOUT_END.longest
		stated = timedelta(seconds=getattr(error, "retry_after", None) or 0)
		return WITHOUT_END.pause_after(attempts, stated=stated)

	def find(self, document: str) -> Receipt | None:
		transaction = frappe.db.get_value(OUTBOX.doctype, document, "transaction_id")
		return NOTHING_KNOWN if self.client.transaction_exists(transaction) else None

	def outcome(self, document: str, record: Record | None, receipt: Receipt) -> Outcome:
		values: dict[str, Any] = {"committed_at": stored_utc_now()}
		expected = _expected_tax(document)
		if receipt.calculation is None:
			reason = NO_REASON if receipt.is_reversal else Reason(settled_without_an_answer())
			return Outcome({**values, "total_tax": expected or 0}, State.SENT, reason)
		values["mismatch"] = int(expected not in (None, receipt.calculation.total_tax))
		return Outcome({**values, **_figures(receipt)}, State.SENT)

	def reason_of(self, error: Exception) -> Reason:
		if not isinstance(error, MedgridError):
			return Reason(_("MedGrid was stopped while it booked. It asks Vertex for the outcome."))
		return Reason(failure_text(error), WhoActs.ADMINISTRATOR)

	def reason_of_nothing(self) -> Reason:
		return Reason(_("The last attempt booked nothing at Vertex. It is sent again."))


def _is_taken_back(document: Any) -> bool:
	"""Whether an invoice is cancelled, and what is to be taken back is not written yet: it becomes void."""
	if document.reference_doctype == SHOPIFY_ORDER:
		return False
	docstatus = frappe.db.get_value(document.reference_doctype, document.reference_name, "docstatus")
	return docstatus == 2 and not frappe.db.exists(OUTBOX.doctype, {"reverses": document.name})


def _expected_tax(document: str) -> Decimal | None:
	"""The tax that Vertex should have booked: what the invoice says; of a reversal what Vertex has booked of
	the invoice, with the opposite sign. None: a shop's document says none."""
	fields = ["kind", "reverses", "quoted_tax", "reference_doctype"]
	row = frappe.db.get_value(OUTBOX.doctype, document, fields, as_dict=True)
	if row.reference_doctype == SHOPIFY_ORDER:
		return None
	if row.kind == REVERSAL:
		return -exact(frappe.db.get_value(OUTBOX.doctype, row.reverses, "total_tax"))
	return exact(row.quoted_tax)


def _reversal(document: Any) -> Payload:
	"""
	:raises NotDue: the original is not booked yet.
	"""
	fields = ["status", "transaction_id", "committed_at", "request"]
	original = frappe.db.get_value(OUTBOX.doctype, document.reverses, fields, as_dict=True)
	if not original or original.status != COMMITTED:
		raise BookingNotDue(_("{0} waits until its original is booked.").format(document.name))
	data = ReversalRequest.model_validate_json(document.request).data
	sale = None
	if from_stored_utc(original.committed_at) + REVERSIBLE < utc_now():
		sale = _opposite(SaleRequest.from_text(original.request), document.transaction_id, data)
	return Payload(document.transaction_id, sale, data, original.transaction_id)


def _opposite(sale: SaleRequest, transaction_id: str, data: ReversalData) -> SaleRequest:
	"""The negative invoice that takes an old one back, at the rates of its day."""
	lines = [
		line.model_copy(
			update={
				"extendedPrice": -line.extendedPrice,
				"quantity": line.quantity and Measure(value=-line.quantity.value),
				"taxDate": line.taxDate or sale.documentDate,
			}
		)
		for line in sale.lineItems
	]
	changes = {"transactionId": transaction_id, "lineItems": lines}
	if data.postingDate:
		changes |= {"documentDate": data.postingDate, "postingDate": data.postingDate}
	return sale.model_copy(update=changes)


def store_answer(name: str, receipt: Receipt) -> None:
	"""Writes the answer of a booked document whose own answer was lost. Commits."""
	in_transaction(lambda: frappe.db.set_value(OUTBOX.doctype, name, _figures(receipt)))


def _figures(receipt: Receipt) -> dict[str, Any]:
	calculation = receipt.calculation
	return {
		"answer": receipt.answer,
		"total": receipt.total,
		"total_tax": calculation.total_tax if calculation else None,
	}


def settled_without_an_answer() -> str:
	"""What a record says whose answer was lost; Vertex has the transaction."""
	return _("settled without an answer")

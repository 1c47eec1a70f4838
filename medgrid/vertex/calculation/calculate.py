"""`shopify_tax_calculate`: a quotation, or an invoice that is booked once. See docs/api.md,
`shopify_tax_calculate`."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.clients.vertex.client import BOOKING_SECONDS, QUOTATION_SECONDS, VertexClient
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.core.clock import utc_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy, Conflict, MedgridError, Occupied, RuleViolated
from medgrid.outbox import delivery
from medgrid.outbox.destinations import Record
from medgrid.outbox.states import State
from medgrid.services.failure_texts import failure_text
from medgrid.services.outgoing import take_room
from medgrid.vertex.booking import contents, reconciliation, records
from medgrid.vertex.booking.destination import OF_ACCOUNT, VertexBookings, receipt_of, store_answer
from medgrid.vertex.calculation.sale_request import Booking, Sender, sale_request, sender_of
from medgrid.vertex.contract.members import read_members
from medgrid.vertex.contract.tax_answer import TaxAnswer, answer_of, message_of
from medgrid.vertex.contract.tax_calculation import TaxCalculation
from medgrid.vertex.merchants.accounts import (
	Account,
	Stopwatch,
	note_failure,
	note_success,
	vertex_client,
)
from medgrid.vertex.settings import vertex_settings

# Of the 12 seconds of a quotation's request and the 20 of an invoice's, for Vertex.
QUOTATION_TIME, INVOICE_TIME = 10, 17
# While another call books the same number.
BEING_SENT_SECONDS = 5


def read_request(body: Mapping[str, Any]) -> TaxCalculation:
	"""Reads the members of a request's body, except `shop`.

	:raises InvalidInput: one is missing or wrong; the message is a sentence that names it.
	"""
	return read_members(TaxCalculation, body)


class Calculating:
	"""One request on its way.

	:ivar stopwatch: has the seconds that Vertex took so far.
	"""

	def __init__(self, account: Account, request: TaxCalculation, stopwatch: Stopwatch):
		self.account, self.request, self.stopwatch = account, request, stopwatch
		self.shop = account.shop or ""

	def answer(self) -> TaxAnswer:
		"""Calculates the taxes; an INVOICE is also booked, once.

		:raises RuleViolated: the request lacks an origin.
		:raises Conflict: an invoice with this number and other content is booked.
		:raises Busy: the invoice is being booked, or its outcome is not known yet; or see
			`outgoing.take_room`, then nothing was added or sent.
		:raises IntegrationError: Vertex rejects the request, or cannot be asked.
		"""
		failure: MedgridError | None = None
		try:
			message = self._invoice() if self.request.is_invoice else self._quotation()
		except OF_ACCOUNT as error:
			failure = error
		if failure:
			_note(partial(note_failure, self.account.merchant, failure_text(failure)))
			raise failure
		if self.stopwatch.seconds is not None and not self.account.success_is_noted:
			_note(partial(note_success, self.account.merchant))
		return message

	# Quotations

	def _quotation(self) -> TaxAnswer:
		document_date = self.request.documentDate or today()
		sale = sale_request(self.request, self._sender(), document_date)
		self._require_origin(sale)
		with self._client() as client:
			kept = answer_of(sale, client.calculate(sale))
		return message_of(kept, self.request, self.shop)

	def _client(self) -> VertexClient:
		is_invoice = self.request.is_invoice
		return vertex_client(
			self.account,
			seconds=INVOICE_TIME if is_invoice else QUOTATION_TIME,
			exchange_seconds=BOOKING_SECONDS if is_invoice else QUOTATION_SECONDS,
			observer=self.stopwatch,
		)

	def _sender(self) -> Sender:
		account = self.account
		return Sender(
			company=account.company_code,
			division=account.division,
			department=account.department,
			origin=account.origin,
			shipping_class=vertex_settings().shipping_product_class,
		)

	def _require_origin(self, sale: SaleRequest) -> None:
		if sale.seller.physicalOrigin is None:
			raise RuleViolated(_("origin is missing: the merchant has none of its own."))

	# Invoices

	def _invoice(self) -> TaxAnswer:
		number = self.request.documentNumber
		assert number
		transaction = contents.transaction_id(self.account.merchant, number)
		row = records.find(transaction)
		if row is None:
			new = self._new(transaction)
			take_room()
			row = contents.add(new)
		elif row.status != records.COMMITTED:
			take_room()
		with ExitStack() as stack:
			# What is booked already is answered without Vertex.
			destination = VertexBookings(lambda: stack.enter_context(self._client()), retries=True)
			kept, is_new = self._booked(destination, self._checked(row, transaction).name)
		if is_new and row.status != records.PENDING:
			_note(partial(reconciliation.settle_document, row.name, self.account.merchant))
		# The job that books what is due may have been faster with what this request has added.
		is_first = is_new or row.is_new
		return message_of(kept, self.request, self.shop, is_repeated=not is_first)

	def _new(self, transaction: str) -> contents.NewInvoice:
		number = self.request.documentNumber
		sale = sale_request(
			self.request, self._sender(), self.request.documentDate or today(), Booking(transaction)
		)
		self._require_origin(sale)
		return contents.NewInvoice(
			merchant=self.account.merchant,
			reference=(records.SHOPIFY_ORDER, number or ""),
			request=sale,
			order_id=self.request.orderId,
		)

	def _checked(self, row: records.TaxDocument, transaction: str) -> records.TaxDocument:
		"""The row, if its content is that of the request. What Vertex refused gets the request's content.

		:raises Conflict: its content is another one, or it is void.
		"""
		number = self.request.documentNumber
		if row.status == records.VOID:
			raise Conflict(
				_("Invoice {0} was voided before it was booked. Send it with another documentNumber.").format(
					number
				)
			)
		is_same = contents.hash_of(self._as_stored(row, transaction)) == row.request_hash
		if is_same and not (row.status == records.FAILED and row.is_redacted):
			return row
		if row.status == records.FAILED:
			contents.replace_content(row.name, self._new(transaction))
			return row
		raise Conflict(
			_("Invoice {0} has other content already. Send it with another documentNumber.").format(number)
		)

	def _as_stored(self, row: records.TaxDocument, transaction: str) -> SaleRequest:
		"""The request with the merchant's data as they were when the row was made, because these may have
		changed since, and its content has not."""
		stored = SaleRequest.from_text(row.request, self.request.destination.location())
		sender = sender_of(stored, len(self.request.lineItems))
		document_date = self.request.documentDate or stored.documentDate
		return sale_request(self.request, sender, document_date, Booking(transaction))

	def _booked(self, destination: VertexBookings, name: str) -> tuple[TaxAnswer, bool]:
		"""
		:returns: what is kept of the answer, and whether this call has booked it.
		"""
		outcome = delivery.deliver(destination, name)
		if isinstance(outcome, Record) and outcome.is_open():
			self._check_is_known(outcome)
			delivery.look_up(destination, outcome)
			outcome = delivery.deliver(destination, name)
		if isinstance(outcome, Record):
			if outcome.state is not State.SENT:
				raise self._being_sent()
			return self._kept_answer(destination, name), False
		# A refused repetition of an invoice that Vertex had already has no answer of its own.
		return (
			(TaxAnswer.from_text(outcome.answer), True)
			if outcome.answer
			else (self._kept_answer(destination, name), False)
		)

	def _check_is_known(self, attempt: Record) -> None:
		"""
		:raises Busy: the outcome of an attempt cannot be known yet.
		"""
		if attempt.is_being_sent():
			raise self._being_sent()
		if not attempt.is_conclusive():
			sentence = _(
				"Vertex' answer to invoice {0} was lost, and it is not known yet whether it is booked. Send"
				" the same request again."
			)
			raise Busy(
				sentence.format(self.request.documentNumber), retry_after=attempt.seconds_until_conclusive()
			)

	def _being_sent(self) -> Occupied:
		sentence = _("Invoice {0} is being booked by another request.")
		return Occupied(sentence.format(self.request.documentNumber), retry_after=BEING_SENT_SECONDS)

	def _kept_answer(self, destination: VertexBookings, name: str) -> TaxAnswer:
		"""The answer of a booked invoice. If its own was lost, a quotation of the same content is it."""
		transaction = frappe.db.get_value(records.DOCTYPE, name, "transaction_id")
		row = records.find(transaction)
		assert row
		if row.answer:
			return TaxAnswer.from_text(row.answer)
		booked = self._as_stored(row, transaction)
		quotation = booked.model_copy(update={"saleMessageType": "QUOTATION", "transactionId": None})
		receipt = receipt_of(booked, destination.client.calculate(quotation))
		store_answer(name, receipt)
		return TaxAnswer.from_text(receipt.answer or "{}")


def today() -> str:
	"""The date in UTC, as the contract writes it."""
	return utc_now().date().isoformat()


def _note(work: Callable[[], None]) -> None:
	"""Writes what people look at, and what no answer depends on."""
	with suppress(Busy):
		in_transaction(work)

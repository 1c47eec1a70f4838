"""The calls on transactions that are booked: `data` of each answer, or the answer's members."""

from datetime import date, datetime
from typing import Any

from sandbox.simulators.common.messages import Request
from sandbox.simulators.vertex.errors import InvalidRequest
from sandbox.simulators.vertex.supplies.endpoint import Calculation
from sandbox.simulators.vertex.supplies.models import Reversal
from sandbox.simulators.vertex.supplies.reading import read, read_object
from sandbox.simulators.vertex.tax_journal.bookings import Booking, TaxJournal, new_id

LONGEST_ID = 40


def book(journal: TaxJournal, calculation: Calculation, client_id: str, now: datetime) -> str:
	"""
	:returns: the transaction's id, the sender's or one of Vertex'.
	:raises InvalidRequest: see `TaxJournal.book`.
	"""
	sale, sums = calculation.sale, calculation.sums()
	booking = Booking(
		transaction_id=sale.transaction_id or new_id(),
		kind="INVOICE",
		client_id=client_id,
		document_number=sale.document_number,
		document_date=calculation.data["documentDate"],
		posting_date=_text(sale.posting_date) or now.date().isoformat(),
		company=sale.company(),
		sub_total=sums["subTotal"],
		total_tax=sums["totalTax"],
		total=sums["total"],
		booked_at=now,
		request=calculation.sent,
	)
	journal.book(booking)
	return booking.transaction_id


def reverse(journal: TaxJournal, transaction_id: str, request: Request, now: datetime) -> dict[str, Any]:
	"""The body is optional, and so are its members."""
	content = read_object(request) if request.body else {}
	if unknown := set(content) - {"data"}:
		raise InvalidRequest(f"{min(unknown)}: the specification has no such member.", target=min(unknown))
	wanted = read(Reversal, content.get("data", {}))
	reversal = journal.reverse(
		_checked(transaction_id),
		now,
		own_id=wanted.transaction_id,
		posting_date=_text(wanted.posting_date),
		document_number=wanted.document_number,
	)
	return {
		"transactionId": reversal.transaction_id,
		"postingDate": reversal.posting_date,
		"documentNumber": reversal.document_number,
	}


def delete(journal: TaxJournal, transaction_id: str) -> dict[str, Any]:
	journal.delete(_checked(transaction_id))
	return {"transactionId": transaction_id}


def exists(journal: TaxJournal, transaction_id: str, seen_until: datetime) -> dict[str, Any]:
	"""
	:param seen_until: what was booked later is not seen yet.
	:returns: the indicator is a text, as the specification has it.
	"""
	booking = journal.find(_checked(transaction_id))
	is_there = booking is not None and booking.booked_at <= seen_until
	return {"transactionId": transaction_id, "transactionExistsIndicator": "true" if is_there else "false"}


def _checked(transaction_id: str) -> str:
	if not 1 <= len(transaction_id) <= LONGEST_ID:
		raise InvalidRequest(f"A transaction's id has 1 to {LONGEST_ID} characters.", target="transactionId")
	return transaction_id


def _text(day: date | None) -> str | None:
	return day.isoformat() if day else None

"""What is booked, in its order; and what becomes of a transaction id that comes a second time."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.simulators.vertex import clock
from sandbox.simulators.vertex.errors import InvalidRequest

REPLACE, DUPLICATE, REFUSE = "replace", "duplicate", "refuse"
HABITS = (REPLACE, DUPLICATE, REFUSE)
REVERSIBLE = timedelta(days=90)


@dataclass
class Booking:
	"""
	:param kind: INVOICE or REVERSAL.
	:param request: of an invoice; what was sent.
	:param reverses: the id of the transaction that this one takes back.
	:param reversed_by: the id of the one that took this one back.
	"""

	transaction_id: str
	kind: str
	client_id: str
	document_number: str | None
	document_date: str | None
	posting_date: str | None
	company: str | None
	sub_total: Decimal
	total_tax: Decimal
	total: Decimal
	booked_at: datetime
	request: dict[str, Any] | None = None
	is_deleted: bool = False
	reverses: str | None = None
	reversed_by: str | None = None

	def as_json(self) -> dict[str, Any]:
		"""For the control's `journal`; Decimals are in it still."""
		return {
			"id": self.transaction_id,
			"kind": self.kind,
			"clientId": self.client_id,
			"documentNumber": self.document_number,
			"documentDate": self.document_date,
			"postingDate": self.posting_date,
			"company": self.company,
			"subTotal": self.sub_total,
			"totalTax": self.total_tax,
			"total": self.total,
			"bookedAt": clock.as_text(self.booked_at),
			"deleted": self.is_deleted,
			"reversed": self.reversed_by is not None,
			"reversedBy": self.reversed_by,
			"reverses": self.reverses,
			"request": self.request,
		}


class TaxJournal:
	"""
	:ivar habit: what a repeated transaction id does, one of HABITS. Nobody documents which is Vertex'.
	"""

	def __init__(self) -> None:
		self.habit = REPLACE
		self._bookings: list[Booking] = []

	def all(self) -> list[Booking]:
		return list(self._bookings)

	def find(self, transaction_id: str) -> Booking | None:
		"""The newest of this id; one that was deleted does not exist."""
		of_this_id = [each for each in self._bookings if each.transaction_id == transaction_id]
		return next((each for each in reversed(of_this_id) if not each.is_deleted), None)

	def book(self, booking: Booking) -> None:
		"""
		:raises InvalidRequest: the id is there already, and the habit is to refuse it.
		"""
		earlier = self.find(booking.transaction_id)
		if not earlier or self.habit == DUPLICATE:
			self._bookings.append(booking)
		elif self.habit == REFUSE:
			raise InvalidRequest(
				f"The transaction {booking.transaction_id} is in the tax journal already.",
				target="transactionId",
			)
		else:
			self._bookings[self._bookings.index(earlier)] = booking

	def delete(self, transaction_id: str) -> None:
		"""
		:raises InvalidRequest: there is none of this id.
		"""
		self._existing(transaction_id).is_deleted = True

	def reverse(
		self,
		transaction_id: str,
		now: datetime,
		*,
		own_id: str | None,
		posting_date: str | None,
		document_number: str | None,
	) -> Booking:
		"""Books a second transaction with negated amounts.

		:param own_id: of the new transaction; None: it gets one.
		:raises InvalidRequest: there is none of this id, or it is older than 90 days.
		"""
		original = self._existing(transaction_id)
		if now - original.booked_at > REVERSIBLE:
			raise InvalidRequest(
				f"The transaction {transaction_id} was calculated more than {REVERSIBLE.days} days ago."
			)
		reversal = replace(
			original,
			transaction_id=own_id or new_id(),
			kind="REVERSAL",
			document_number=document_number or original.document_number,
			posting_date=posting_date or now.date().isoformat(),
			sub_total=-original.sub_total,
			total_tax=-original.total_tax,
			total=-original.total,
			booked_at=now,
			request=None,
			reverses=transaction_id,
			reversed_by=None,
		)
		self.book(reversal)
		original.reversed_by = reversal.transaction_id
		return reversal

	def _existing(self, transaction_id: str) -> Booking:
		if booking := self.find(transaction_id):
			return booking
		raise InvalidRequest(f"The transaction {transaction_id} is not in the tax journal.")


def new_id() -> str:
	"""What Vertex calls a transaction whose sender gave it no id."""
	return str(uuid.uuid4())

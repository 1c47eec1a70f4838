"""Books one invoice: claim, call, record. Design (Vertex): section 5.2.

A call that creates something outside is made after its claim is committed, and never repeated blindly. What
an attempt leaves open, `transaction-exists` decides.
"""

from datetime import datetime, timedelta

from medgrid.core.clock import utc_now
from medgrid.http_client.errors import IntegrationError, OutcomeUnknown, RequestRejected, UnexpectedResponse
from medgrid.outbox import attempts, delivery
from medgrid.outbox.destinations import Claim, Record
from medgrid.outbox.states import State
from medgrid.vertex.booking.destination import OF_ACCOUNT, Payload, Receipt, VertexBookings
from medgrid.vertex.booking.records import TIMING

# The pauses after the first attempts, and after all later ones.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
LONG_PAUSE = timedelta(hours=6)


def book(destination: VertexBookings, document: str) -> Receipt | Record:
	"""Books a document, unless it is booked, is being booked, or the outcome of an attempt is not known.

	:param document: the name of a Vertex Tax Document.
	:returns: the receipt; the record if nothing was sent.
	:raises NotDue: it waits for a later attempt; nothing was sent.
	:raises RequestRejected: Vertex refused it; it is `Failed`.
	:raises OutcomeUnknown: the answer was lost; it is `In Doubt`.
	:raises UnexpectedResponse: the answer makes no sense; it is `In Doubt`.
	:raises IntegrationError: certainly nothing was booked; it is `Pending`.
	"""
	claim = attempts.claim(destination, document)
	return claim if isinstance(claim, Record) else _call(destination, claim)


def _call(destination: VertexBookings, claim: Claim[Payload]) -> Receipt:
	failure: BaseException | None = None
	try:
		receipt = destination.send(claim.payload)
	except BaseException as error:
		failure = error
	if isinstance(failure, RequestRejected) and not is_of_token(failure):
		# A repetition may be refused because the first attempt, whose outcome nobody knew, was booked.
		found = _found_after_refusal(destination, claim, failure)
		if found is None:
			raise failure
		receipt = found
	elif failure is not None:
		_end(destination, claim, failure)
		raise failure
	attempts.record_sent(destination, claim.document, receipt)
	return receipt


def _found_after_refusal(
	destination: VertexBookings, claim: Claim[Payload], refusal: RequestRejected
) -> Receipt | None:
	try:
		found = destination.find(claim.document)
	except IntegrationError:
		if claim.payload.attempts > 1:
			attempts.leave_unknown(claim, destination.reason_of(refusal))
			return None
		found = None
	if found is None:
		attempts.fail(claim, destination.reason_of(refusal))
	return found


def is_of_token(failure: RequestRejected) -> bool:
	"""Whether the request for a token was rejected, so that the invoice itself was not sent."""
	return failure.was_sent is False


def _end(destination: VertexBookings, claim: Claim[Payload], failure: BaseException) -> None:
	"""Records a failed attempt."""
	if isinstance(failure, Exception):
		reason = destination.reason_of(failure)
		if destination.is_not_made(failure):
			next_attempt_at = next_attempt(failure, claim.payload.attempts)
			attempts.release(claim, reason, next_attempt_at=next_attempt_at)
			return
		attempts.leave_unknown(claim, reason)
		if isinstance(failure, OutcomeUnknown | UnexpectedResponse):
			failure.retry_after = TIMING.search_lag_seconds


def next_attempt(failure: Exception, times: int) -> datetime:
	"""When a document is sent again.

	:param failure: why it was not booked.
	:param times: how often it was sent.
	:returns: aware.
	"""
	now = utc_now()
	if isinstance(failure, OF_ACCOUNT):
		return now + LONG_PAUSE
	pause = PAUSES[times - 1] if times <= len(PAUSES) else LONG_PAUSE
	stated = timedelta(seconds=getattr(failure, "retry_after", None) or 0)
	return now + max(pause, min(stated, LONG_PAUSE))


def look_up(destination: VertexBookings, record: Record) -> bool:
	"""Asks Vertex whether an attempt was booked whose outcome is not known, if that can be known by now, and
	records the outcome.

	:returns: whether the outcome is recorded.
	:raises IntegrationError: Vertex did not say; the attempt stays open.
	"""
	if not record.is_open() or not record.is_conclusive():
		return False
	delivery.look_up(destination, record)
	return True


def seconds_until_known(record: Record) -> int:
	"""The seconds after which `look_up` can say the outcome of an attempt, at least 1."""
	if record.claimed_at is None:
		return 1
	certain = TIMING.certain_from(record.state, record.claimed_at)
	return max(1, round((certain - utc_now()).total_seconds()))


def is_being_sent(record: Record) -> bool:
	"""Whether another worker sends the document at this moment, as far as is known."""
	return record.state is State.SENDING and not record.is_conclusive()

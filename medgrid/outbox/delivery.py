"""Sends one document to one destination (claim, call, record), and resolves attempts whose outcome is not
recorded."""

from typing import Any

from medgrid.core.database_clock import database_now
from medgrid.http_client.errors import IntegrationError
from medgrid.outbox import attempts
from medgrid.outbox.destinations import Claim, Destination, Parked, Payload, Reason, Receipt, Record


def deliver(destination: Destination[Payload, Receipt], document: str) -> Receipt | Record:
	"""Sends a document, unless it was sent already or is being sent.

	:returns: the other system's receipt; the document's record if nothing was sent.
	:raises MedgridError: the document cannot be sent as it is, and nothing is recorded; or see `call`.
	"""
	claim = attempts.claim(destination, document)
	return claim if isinstance(claim, Record) else call(destination, claim)


def call(destination: Destination[Payload, Receipt], claim: Claim[Payload]) -> Receipt:
	"""Sends a claimed document and records the outcome. If the worker dies before that, it leaves an open
	attempt, which `look_up` resolves.

	:returns: the other system's receipt.
	:raises Exception: what the destination raised; the record says whether the document waits for another
		attempt, is parked, or its outcome is unknown.
	"""
	try:
		destination.check(claim.payload)
		destination.make_way(claim.payload)
	except Exception as error:
		end = attempts.fail if isinstance(error, Parked) else attempts.release
		end(claim, destination.reason_of(error))
		raise
	try:
		receipt = destination.send(claim.payload)
	except Exception as error:
		found = _end(destination, claim, error)
		if found is None:
			raise
		receipt = found
	attempts.record_sent(destination, claim.document, receipt)
	return receipt


def _end(destination: Destination[Any, Receipt], claim: Claim[Any], error: Exception) -> Receipt | None:
	"""Records a failed attempt.

	:returns: the receipt, if a repetition was refused because the other system has the document already; the
		caller records it. None: the document was not found.
	"""
	reason = destination.reason_of(error)
	if destination.is_refused(error):
		return _find_refused(destination, claim, reason)
	if destination.is_not_made(error):
		pause = destination.pause_after(error, claim.attempts)
		attempts.release(claim, reason, next_attempt_at=None if pause is None else database_now() + pause)
	else:
		attempts.leave_unknown(claim, reason)
	return None


def _find_refused(
	destination: Destination[Any, Receipt], claim: Claim[Any], reason: Reason
) -> Receipt | None:
	"""Searches for a document that was refused, and parks it if it is not found. A repetition may be refused
	because an earlier attempt, whose outcome nobody knew, created it."""
	found = None
	try:
		found = destination.find(claim.document)
	except IntegrationError:
		if claim.attempts > 1:
			attempts.leave_unknown(claim, reason)
			return None
	if found is None:
		attempts.fail(claim, reason)
	return found


def look_up(
	destination: Destination[Any, Receipt], attempt: Record, *, if_elsewhere: Reason | None = None
) -> Receipt | None:
	"""Searches the other system for the document of an open attempt, and records the outcome. The attempt
	stays open if the document is not found and it is too early to conclude from that.

	:param if_elsewhere: why it may be where nobody can search: then a document that is not found is parked
		with an unknown outcome, and this reason. None: what the search does not find does not exist.
	:returns: the other system's receipt; None if it does not find the document.
	:raises MedgridError: the search failed.
	"""
	# Must be evaluated before the search: a search that began too early proves nothing.
	is_conclusive = attempt.is_conclusive()
	receipt = destination.find(attempt.document)
	if receipt is None and is_conclusive and if_elsewhere:
		attempts.park_unknown(attempt, if_elsewhere)
	elif receipt is not None or is_conclusive:
		attempts.resolve(destination, attempt, receipt)
	return receipt

"""One document to one destination: claim, call, record; and what to do when the record is missing."""

from typing import Any

from medgrid.outbox import records
from medgrid.outbox.destinations import Claim, Destination, Payload, Receipt, Record


def deliver(destination: Destination[Payload, Receipt], document: str) -> Receipt | Record:
	"""Sends a document, unless that was done already or is being done.

	:returns: what the other side said of it; the record instead, if nothing was to be sent.
	:raises MedgridError: it cannot be sent as it is, and nothing is recorded; or as `call`.
	"""
	claim = records.claim(destination, document)
	return claim if isinstance(claim, Record) else call(destination, claim)


def call(destination: Destination[Payload, Receipt], claim: Claim[Payload]) -> Receipt:
	"""Makes the call that a claim is for, and records its outcome. A worker that dies meanwhile leaves an
	open attempt, which `look_up` resolves.

	:raises Exception: what the destination raised; the record says whether the document waits, or its outcome
		is unknown.
	"""
	try:
		destination.check(claim.payload)
	except Exception as error:
		records.release(claim, destination.reason_of(error))
		raise
	try:
		receipt = destination.send(claim.payload)
	except Exception as error:
		end = records.release if destination.is_not_made(error) else records.leave_unknown
		end(claim, destination.reason_of(error))
		raise
	records.record_sent(destination, claim.document, receipt)
	return receipt


def look_up(destination: Destination[Any, Receipt], attempt: Record) -> Receipt | None:
	"""Asks the other side what became of an open attempt, and records it. What it is too early to know stays
	open.

	:returns: what the other side said of the document; None if it does not find it.
	:raises MedgridError: it cannot be asked.
	"""
	# Before the search: only then what it did not find counts.
	is_conclusive = attempt.is_conclusive()
	receipt = destination.find(attempt.document)
	if receipt is not None or is_conclusive:
		records.resolve(destination, attempt, receipt)
	return receipt

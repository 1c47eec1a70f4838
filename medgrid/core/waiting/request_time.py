"""The time that a web request has: 30 seconds for its answer, 10 of them for waiting.

A background job has no such limit: its own deadline bounds it. See docs/adr/0030-no-web-thread-waits.md.
"""

import time

import frappe

from medgrid.core.waiting.patience import Patience

# A web request is answered within this time.
ANSWER_SECONDS = 30
# No exchange with another system lasts longer than this, counted from the request's beginning; the rest is
# for recording the outcome.
EXCHANGE_SECONDS = 25
# A web request waits this long in all, ...
WAIT_SECONDS = 10
# ... and the last of it for locks only.
FOR_LOCKS_SECONDS = 2


def in_request() -> bool:
	"""Whether this is a web request, and not a job or a command."""
	return bool(getattr(frappe.local, "request", None))


def begin() -> None:
	"""Starts the clock of a web request."""
	frappe.local.medgrid_patience = Patience(
		seconds=ANSWER_SECONDS, waiting=WAIT_SECONDS, for_locks=FOR_LOCKS_SECONDS
	)


def patience() -> Patience:
	"""The waiting that the current web request may still do; without bounds in a job."""
	if not in_request():
		return Patience()
	if getattr(frappe.local, "medgrid_patience", None) is None:
		begin()
	return frappe.local.medgrid_patience


def exchange_deadline() -> float:
	"""The value of `time.monotonic()` at which the current web request's exchanges with other systems must be
	over; infinite in a job."""
	return patience().until - (ANSWER_SECONDS - EXCHANGE_SECONDS)


def deadline_in(seconds: float) -> float:
	"""The value of `time.monotonic()` in some seconds, or the exchanges' deadline if that is earlier."""
	return min(time.monotonic() + seconds, exchange_deadline())

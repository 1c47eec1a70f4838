"""Maps each MedgridError to its HTTP response, for all RPCs.

Endpoints whose responses have another shape (OAuth callbacks, webhooks, the contact form) build them in their
RPC module, with `status_of` or with the status that the contract prescribes.

Contract: "HTTP Status Code Reference"; `exc_type` is the Frappe exception's name.
"""

from typing import Any, NoReturn

import frappe

from medgrid import exceptions
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.services.desk_messages import refuse
from medgrid.services.failure_texts import failure_text

# The keys in `frappe.local.flags` that carry the `Retry-After` of the response, in seconds, the error that
# the response is about, and whether it has a value all the same.
RETRY_AFTER = "medgrid_retry_after"
FAILURE = "medgrid_failure"
HAS_VALUE = "medgrid_has_value"


class ConflictError(frappe.ValidationError):
	"""409. Frappe's own class with this status is called NameError."""

	http_status_code = 409


class BusyError(frappe.ValidationError, frappe.SecurityException):
	"""503, with `Retry-After`. Of the second base class Frappe takes no snapshot, which would write the
	request's parameters to a log."""

	http_status_code = 503


class WrongVerbError(frappe.PermissionError):
	"""405."""

	http_status_code = 405


class RequestTooLargeError(frappe.ValidationError):
	"""413."""

	http_status_code = 413


ANSWERS: dict[type[exceptions.MedgridError], tuple[int, type[Exception]]] = {
	exceptions.InvalidInput: (400, frappe.ValidationError),
	exceptions.RequestTooLarge: (413, RequestTooLargeError),
	exceptions.NotSignedIn: (401, frappe.AuthenticationError),
	exceptions.NotPermitted: (403, frappe.PermissionError),
	exceptions.NotFound: (404, frappe.DoesNotExistError),
	exceptions.WrongVerb: (405, WrongVerbError),
	exceptions.UnsupportedMedia: (415, frappe.UnsupportedMediaType),
	exceptions.Conflict: (409, ConflictError),
	exceptions.RuleViolated: (417, frappe.ValidationError),
	exceptions.TooManyRequests: (429, frappe.RateLimitExceededError),
	exceptions.Busy: (503, BusyError),
	# Its answer is the second contract's. With a status of 500 or more, Frappe would log the request.
	exceptions.ServiceFailed: (417, frappe.ValidationError),
}


def raise_over_http(error: exceptions.MedgridError) -> NoReturn:
	"""Raises the Frappe exception that gives the HTTP response a MedgridError's status and message.

	:raises Exception: the one that ANSWERS has for the error's class or its nearest base; if it has none, the
		error itself, which is then MedGrid's own fault (500).
	"""
	if not (answer := answer_to(error)):
		raise error
	status, exception_class = answer
	message = failure_text(error)
	exception: Any = exception_class(message)
	exception.http_status_code = status
	note_retry_after(error)
	frappe.local.flags[FAILURE] = error
	refuse(message, exception)


def note_retry_after(error: exceptions.MedgridError) -> None:
	"""Gives the response the error's `Retry-After`, if its status will be 429 or 503."""
	frappe.local.flags[RETRY_AFTER] = error.retry_after


def raise_if_too_early(error: exceptions.MedgridError) -> None:
	"""Turns the failure of an exchange that had to be waited for longer than a caller waits into a 429.

	:raises TooManyRequests: another system's rate limit, or another worker, would have had to be waited for.
	"""
	if isinstance(error, DeadlineExceeded) and error.retry_after is not None:
		raise exceptions.TooManyRequests(failure_text(error), retry_after=max(1, error.retry_after)) from None


def status_of(error: exceptions.MedgridError, default: int) -> int:
	"""Returns the HTTP status of a MedgridError, for responses that do not have Frappe's shape.

	:param default: the status of an error whose class is not in ANSWERS.
	"""
	answer = answer_to(error)
	return answer[0] if answer else default


def answer_to(error: exceptions.MedgridError) -> tuple[int, type[Exception]] | None:
	"""The HTTP status and Frappe's exception class for an error; None: it is MedGrid's own fault."""
	return next((ANSWERS[cls] for cls in type(error).__mro__ if cls in ANSWERS), None)

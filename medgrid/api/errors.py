"""Which HTTP answer each MedgridError becomes, for all RPCs.

Endpoints that answer in a shape of their own (OAuth callbacks, webhooks, the contact form) choose it in their
RPC module: by `status_of`, or as the contract has it.

Contract: "HTTP Status Code Reference"; `exc_type` is the Frappe exception's name.
"""

from typing import Any, NoReturn

import frappe

from medgrid import exceptions
from medgrid.services.failure_texts import failure_text

# Of `frappe.local.flags`, for the header of the answer: in seconds.
RETRY_AFTER = "medgrid_retry_after"


class ConflictError(frappe.ValidationError):
	"""409. Frappe's own class of that status is called NameError."""

	http_status_code = 409


class BusyError(frappe.ValidationError):
	"""503, with `Retry-After`."""

	http_status_code = 503


ANSWERS: dict[type[exceptions.MedgridError], tuple[int, type[Exception]]] = {
	exceptions.InvalidInput: (400, frappe.ValidationError),
	exceptions.NotSignedIn: (401, frappe.AuthenticationError),
	exceptions.NotPermitted: (403, frappe.PermissionError),
	exceptions.NotFound: (404, frappe.DoesNotExistError),
	exceptions.Conflict: (409, ConflictError),
	exceptions.RuleViolated: (417, frappe.ValidationError),
	exceptions.TooManyRequests: (429, frappe.RateLimitExceededError),
	exceptions.Busy: (503, BusyError),
}


def raise_over_http(error: exceptions.MedgridError) -> NoReturn:
	"""Raises the Frappe exception that answers a MedgridError with its status and its message.

	:raises Exception: the one of ANSWERS for the error's class or its nearest base; without one, the error
		itself, which is then MedGrid's own fault (500).
	"""
	if not (answer := _answer_to(error)):
		raise error
	status, exception_class = answer
	message = failure_text(error)
	exception: Any = exception_class(message)
	exception.http_status_code = status
	frappe.local.flags[RETRY_AFTER] = error.retry_after
	frappe.throw(message, exception)
	raise exception  # `frappe.throw` has raised it; type checkers cannot know


def status_of(error: exceptions.MedgridError, default: int) -> int:
	"""The HTTP status that answers a MedgridError, for answers of another shape than Frappe's.

	:param default: for one whose class is not in ANSWERS.
	"""
	answer = _answer_to(error)
	return answer[0] if answer else default


def _answer_to(error: exceptions.MedgridError) -> tuple[int, type[Exception]] | None:
	return next((ANSWERS[cls] for cls in type(error).__mro__ if cls in ANSWERS), None)

"""Answers to what fails below `medgrid.vertex.`, whoever finds it: the RPC, the gate, Frappe before them."""

from typing import Any

import frappe
from frappe import _

from medgrid.api import errors, request_bounds, unparsed_requests
from medgrid.api.html_pages import notice
from medgrid.api.secrets.withheld import withheld
from medgrid.api.vertex import gate, unread
from medgrid.core.faults.borders import KIND
from medgrid.exceptions import InvalidInput, MedgridError, RequestTooLarge
from medgrid.services.outgoing import end_slot
from medgrid.vertex.access import attempts
from medgrid.vertex.contract import envelope
from medgrid.vertex.contract.issue_body import Problem, problem_of, problem_with_status
from medgrid.vertex.contract.operations import find_operation

# An answer of Frappe's, or None and the error that it has not found.
Found = tuple[Any, MedgridError | None, bool]


def answer(response: Any, request: Any, command: str, reasons: list[str]) -> Any:
	"""Gives an answer of 400 or more the second contract's shape, in place.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	:param command: below `medgrid.vertex.`.
	:param reasons: the sentences of Frappe's own answer.
	:returns: another response that takes its place: a page, or that of a webhook; None: there is none.
	"""
	received, failure, is_malformed = _find_failure(response, request, command)
	if received is not None and received.status_code < 400:
		return received
	status = received.status_code if received is not None else response.status_code
	if failure:
		problem = problem_of(failure, is_malformed=is_malformed)
		frappe.local.flags[errors.RETRY_AFTER] = failure.retry_after
	else:
		problem = _problem_of_frappe(status, reasons)
	attempts.note_outcome(request, problem.status)
	body = envelope.answer(response, command, problem, _parameters())
	operation = find_operation(command)
	if operation and operation.is_page and "text/html" in (request.headers.get("Accept") or "").lower():
		return notice(body["title"], body["detail"], problem.status)
	return None


def _parameters() -> dict[str, Any]:
	"""What the request has, and of an operation that does not exist the shop."""
	return {"shop": withheld("shop"), **(frappe.local.form_dict or {})}


def _find_failure(response: Any, request: Any, command: str) -> Found:
	"""
	:returns: the answer to a webhook that Frappe could not read; the error that the answer is about; whether
		it is that the request cannot be read.
	"""
	failure = frappe.local.flags.get(errors.FAILURE)
	if checked := request_bounds.outcome():
		return None, failure, failure is not None and checked.refusal is failure
	if response.status_code not in unparsed_requests.GIVEN_UP:
		return None, failure, False
	if received := unparsed_requests.receive_webhook(request):
		return received, None, False
	return None, *_find_unparsed(request, command)


def _find_unparsed(request: Any, command: str) -> tuple[MedgridError | None, bool]:
	"""What is wrong with a request that Frappe has given up before the gate."""
	try:
		unread.sign_in(request)
	except MedgridError as error:
		return error, False
	try:
		gate.check(request, command, frappe.local.form_dict or {})
	except MedgridError as error:
		return error, isinstance(error, InvalidInput | RequestTooLarge)
	finally:
		# It may have asked the identity server, and the hook that ends the slot has run.
		end_slot()
	if unparsed_requests.is_unparsable(request):
		return InvalidInput(_("The request's body must be a JSON object.")), True
	return None, False


def _problem_of_frappe(status: int, reasons: list[str]) -> Problem:
	"""What Frappe has answered itself, or a fault of MedGrid's."""
	if status == 403 and frappe.session.user in ("Guest", "", None):
		status = 401
	reason = reasons[-1] if reasons and status < 500 else ""
	if status == 401:
		reason = _("Invalid user credentials.")
	return problem_with_status(status, reason, fault_kind=frappe.local.flags.get(KIND) or "Exception")

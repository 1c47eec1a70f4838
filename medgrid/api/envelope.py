"""The shape of every API error (`after_request`). Contract: "Standard MedGrid Error Response".

Frappe's own errors lack `exception` for most users, encode `_server_messages` twice and, to those who may see
tracebacks, show SQL. Here every error of the API gets exactly the contract's three keys. Desk's own requests
keep Frappe's shape, which its scripts rely on, unless they call a method of MedGrid.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html_tags
from werkzeug.wrappers import Response

from medgrid.api import errors, request_bounds, unparsed_requests
from medgrid.api.commands import is_ours, requested_command
from medgrid.api.html_pages import notice
from medgrid.api.vertex import answers
from medgrid.core.faults.borders import REFERENCE, hook
from medgrid.exceptions import MedgridError
from medgrid.vertex.contract.operations import is_ours as is_vertex

# Where an error does not say after how many seconds the same request can succeed.
DEFAULT_RETRY_SECONDS = 60


@hook
def apply(response, request) -> None:
	"""Reshapes an error response in place and leaves a success unchanged. The `after_request` hook.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	"""
	if response is None or response.status_code < 400:
		return
	command = requested_command(request.path, _parameters())
	if command and is_vertex(command):
		_answer_vertex(response, request, command)
		return
	_set_retry_after(response)
	if _is_refused(response, request):
		return
	if not _is_api(request) and not _is_json_for_a_program(response):
		return
	_set_retry_after(response)
	if response.mimetype == "application/json" and response.get_data(as_text=True).startswith("{"):
		body = json.loads(response.get_data(as_text=True))
	elif _wants_html(request):
		return
	else:
		body = {}
	if "errors" in body:
		_scrub_v2(response, body)
	elif not body or "exc_type" in body or "_server_messages" in body:
		_reshape(response, request, body)


def _answer_vertex(response, request, command: str) -> None:
	"""The second contract has a shape of its own for everything that fails."""
	content = response.get_data(as_text=True) if response.mimetype == "application/json" else ""
	reasons = _messages(json.loads(content)) if content.startswith("{") else []
	if other := answers.answer(response, request, command, reasons):
		_replace(response, other)
	_set_retry_after(response)


def _is_refused(response, request) -> bool:
	"""Answers a request that is out of bounds, whether Frappe got as far as the check or not.

	:returns: whether nothing is left to do.
	"""
	if checked := request_bounds.outcome():
		refusal = checked.refusal
	elif response.status_code not in unparsed_requests.GIVEN_UP:
		return False
	elif received := unparsed_requests.receive_webhook(request):
		_replace(response, received)
		return received.status_code < 400
	else:
		refusal = unparsed_requests.find_refusal(request)
	if refusal:
		_replace(response, _refusal(request, refusal))
	return bool(refusal)


def _replace(response, other) -> None:
	response.status_code, response.mimetype = other.status_code, other.mimetype
	response.set_data(other.get_data())


def _refusal(request, error: MedgridError) -> Response:
	"""The answer to a request that is out of bounds, in the shape that its sender understands."""
	status, exception_class = errors.answer_to(error) or (500, Exception)
	message, exc_type = str(error), exception_class.__name__
	expects_json = _is_api(request) or "json" in request.headers.get("Accept", "")
	if not expects_json or _wants_html(request):
		return notice(_("This request was not accepted."), message, status)
	if request.path.startswith("/api/v2/"):
		body: dict = {"errors": [{"type": exc_type, "message": message}]}
	elif _is_desk(request):
		body = {"exc_type": exc_type, "_server_messages": json.dumps([json.dumps({"message": message})])}
	else:
		body = envelope(status, {"exc_type": exc_type, "_server_messages": [message]}, request.path)
	return Response(json.dumps(body), status=status, mimetype="application/json")


def _is_api(request) -> bool:
	is_call = request.path.startswith("/api/") or bool(requested_command(request.path, _parameters()))
	return _is_ours(request) or (is_call and not frappe.local.is_ajax)


def _is_json_for_a_program(response) -> bool:
	"""Whether the address is a page's, and Frappe answers in JSON because the client asked for it."""
	return response.mimetype == "application/json" and not frappe.local.is_ajax


def _is_desk(request) -> bool:
	return frappe.local.is_ajax and not _is_ours(request)


def _is_ours(request) -> bool:
	return is_ours(requested_command(request.path, _parameters()))


def _parameters() -> Mapping[str, Any]:
	return frappe.local.form_dict or {}


def _wants_html(request) -> bool:
	return (request.headers.get("Accept") or "").startswith("text")


def _reshape(response, request, body: dict) -> None:
	status = response.status_code
	if status == 403 and frappe.session.user in ("Guest", "", None):
		status, body["exc_type"] = 401, "AuthenticationError"
	response.status_code = status
	response.set_data(json.dumps(envelope(status, body, request.path)))
	response.mimetype = "application/json"


def _set_retry_after(response) -> None:
	"""Sets the header `Retry-After`, in whole seconds: every 429 and 503 has one, Frappe's own included."""
	if response.status_code in (429, 503) and "Retry-After" not in response.headers:
		seconds = frappe.local.flags.get(errors.RETRY_AFTER) or DEFAULT_RETRY_SECONDS
		response.headers["Retry-After"] = str(math.ceil(seconds))


def envelope(status: int, body: dict, path: str) -> dict[str, str]:
	"""Builds an error body with the three keys that the contract prescribes.

	:param status: the HTTP status.
	:param body: Frappe's error body: `exc_type`, `_server_messages`, both optional.
	:param path: the request's path; the message contains it if the fault is MedGrid's.
	"""
	exc_type = (
		"ValidationError" if status in (400, 417) else body.get("exc_type") or DEFAULT_TYPES.get(status)
	)
	messages = (
		_own_fault(path) if status >= 500 and status != 503 else _messages(body) or [_default_message(status)]
	)
	return {
		"exc_type": exc_type or "Exception",
		"exception": f"{_qualified(exc_type or 'Exception')}: {strip_html_tags(messages[-1])}",
		"_server_messages": json.dumps([{"message": message} for message in messages]),
	}


DEFAULT_TYPES = {
	401: "AuthenticationError",
	403: "PermissionError",
	404: "DoesNotExistError",
	409: "ConflictError",
	429: "RateLimitExceededError",
	503: "BusyError",
}


def _default_message(status: int) -> str:
	return {
		400: _("The request is not valid."),
		401: _("The credentials are missing or wrong. Send the header Authorization: token KEY:SECRET."),
		403: _("You are not permitted to do this."),
		404: _("There is no such document or endpoint."),
		409: _("This was done already."),
		429: _("Too many requests. Wait a little, then try again."),
		503: _("The site is busy. Try again in a few seconds."),
	}.get(status, _("The request could not be processed."))


def _own_fault(path: str) -> list[str]:
	"""The message for a fault of MedGrid's: no details, but what support needs to find it in the log."""
	moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
	sentence = _("Something failed at MedGrid's end at {0} UTC in {1}.").format(moment, path)
	reference = frappe.local.flags.get(REFERENCE)
	return [f"{sentence} " + _("Reference: {0}.").format(reference) if reference else sentence]


def _messages(body: dict) -> list[str]:
	"""The texts of `_server_messages`, which Frappe sends as JSON in JSON."""
	raw = body.get("_server_messages") or []
	entries = json.loads(raw) if isinstance(raw, str) else raw
	return [text for entry in entries if (text := _text(entry))]


def _text(entry) -> str:
	if isinstance(entry, str):
		try:
			entry = json.loads(entry)
		except ValueError:
			return entry
	return str(entry.get("message") or "") if isinstance(entry, dict) else str(entry)


def _qualified(exc_type: str) -> str:
	"""The class's full name, as Python prints it in a traceback."""
	if hasattr(frappe.exceptions, exc_type):
		return f"frappe.exceptions.{exc_type}"
	return f"{errors.__name__}.{exc_type}" if hasattr(errors, exc_type) else exc_type


def _scrub_v2(response, body: dict) -> None:
	"""Removes tracebacks from an error of API version 2, whose shape stays; the Error Log has them."""
	for error in body["errors"]:
		error.pop("exception", None)
	response.set_data(json.dumps(body))

"""The shape of every API error (`after_request`). Contract: "Standard MedGrid Error Response".

Frappe's own errors lack `exception` for most users, encode `_server_messages` twice and, to those who may see
tracebacks, show SQL. Here every error of the API gets exactly the contract's three keys, in JSON, whatever
the client accepts; version 2 keeps Frappe's `errors`. Desk's own requests keep Frappe's shape, which its
scripts rely on, unless they call a method of MedGrid.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.auth import get_login_attempt_tracker
from frappe.utils import cint
from werkzeug.wrappers import Response

from medgrid.api import errors, request_bounds, unparsed_requests
from medgrid.api.commands import is_ours, requested_command
from medgrid.api.html_pages import HtmlPage, notice
from medgrid.api.request_bounds import door_of
from medgrid.api.routes import clients
from medgrid.api.routes.document_fields import is_column_at_fault, is_field_at_fault, is_known
from medgrid.api.routes.hosts import mend_host
from medgrid.api.routes.sentences import default_sentence, messages_of, sentences_of, unusable
from medgrid.api.routes.statuses import (
	LOCKED,
	UNREADABLE_CREDENTIALS,
	contract_status,
	contract_type,
	is_query,
	is_search,
)
from medgrid.api.routes.time_fields import doctype_of
from medgrid.api.routes.verbs import LOGIN, allowed_verbs
from medgrid.api.vertex import answers
from medgrid.core.faults.borders import hook
from medgrid.core.faults.mistakes import STATUS, UNUSABLE, is_guests
from medgrid.exceptions import MedgridError, WrongVerb
from medgrid.services.desk_messages import as_message
from medgrid.services.session_texts import no_csrf_token
from medgrid.vertex.contract.operations import is_ours as is_vertex

# Where an error does not say after how many seconds the same request can succeed.
DEFAULT_RETRY_SECONDS = 60
# What Frappe's errors have.
FRAPPES = {"exc_type", "_server_messages", "errors", "exc"}


@hook
def apply(response, request) -> None:
	"""Reshapes an error response in place and leaves a success unchanged. The `after_request` hook.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	"""
	clients.restore(request)
	mend_host(request)
	if response is None:
		return
	command = _command(request)
	if request.method == "OPTIONS" and response.status_code == 401:
		# A browser's preflight is answered before any credentials, so Frappe fails at those that a hook of
		# MedGrid's would know. What an address takes is no secret.
		_replace(response, Response(status=200, mimetype="application/json"))
	if response.status_code < 400:
		_set_options(response, request, command)
		return
	if command and is_vertex(command):
		_answer_vertex(response, request, command)
		return
	_set_retry_after(response)
	if _is_refused(response, request):
		return
	if not _is_api(request) and not _is_json_for_a_program(response):
		return
	_set_retry_after(response)
	if not _is_whole(response, command):
		_reshape(response, request, _content(response))


def _set_options(response, request, command: str | None) -> None:
	"""Says which verbs an address of the API takes, if that was the question."""
	if request.method != "OPTIONS" or not clients.is_call(request, command):
		return
	if allowed := allowed_verbs(request, command):
		response.headers["Allow"] = ", ".join((*allowed, "OPTIONS"))


def _is_whole(response, command: str | None) -> bool:
	"""Whether an error has a shape of its own: that of an OAuth callback or webhook of MedGrid's, in JSON or
	as a page, or that of RFC 6749."""
	if isinstance(response, HtmlPage):
		return True
	body = _content(response)
	return bool(body) and not FRAPPES & body.keys() and (is_ours(command) or "error" in body)


def _content(response) -> dict:
	"""A response's JSON object; empty: it has none."""
	if response.mimetype != "application/json":
		return {}
	content = response.get_data(as_text=True)
	return json.loads(content) if content.startswith("{") else {}


def _answer_vertex(response, request, command: str) -> None:
	"""The second contract has a shape of its own for everything that fails."""
	content = _content(response)
	reasons = messages_of(content) if content else []
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
	response.headers.pop("Content-Disposition", None)
	response.set_data(other.get_data())


def _refusal(request, error: MedgridError) -> Response:
	"""The answer to a request that is out of bounds, in the shape that its sender understands."""
	status, exception_class = errors.answer_to(error) or (500, Exception)
	message, exc_type = str(error), exception_class.__name__
	if not clients.is_call(request, _command(request)) and "json" not in clients.accepted(request):
		return notice(_("This request was not accepted."), message, status)
	if request.path.startswith("/api/v2/"):
		body: dict = {"errors": [{"type": exc_type, "message": message}]}
	elif _is_desk(request):
		shown = json.dumps({"message": as_message(message)})
		body = {"exc_type": exc_type, "_server_messages": json.dumps([shown])}
	else:
		body = envelope(status, {"exc_type": exc_type, "_server_messages": [as_message(message)]}, request)
	return Response(json.dumps(body), status=status, mimetype="application/json")


def _is_api(request) -> bool:
	command = _command(request)
	return is_ours(command) or (clients.is_call(request, command) and not clients.is_desk(request))


def _is_json_for_a_program(response) -> bool:
	"""Whether the address is a page's, and Frappe answers in JSON because the client asked for it."""
	return response.mimetype == "application/json" and not frappe.local.is_ajax


def _is_desk(request) -> bool:
	return clients.is_desk(request) and not is_ours(_command(request))


def _command(request) -> str | None:
	return requested_command(request.path, _parameters())


def _parameters() -> Mapping[str, Any]:
	return frappe.local.form_dict or {}


def _reshape(response, request, body: dict) -> None:
	"""Gives Frappe's error the contract's status and shape, in JSON whatever the client accepts. Only where
	people come with a browser it is a page."""
	status, body = _read(response, request, body)
	if status == 405 and (allowed := _allowed(request)):
		response.headers["Allow"] = ", ".join(allowed)
	door = door_of(_command(request))
	if door and door.page and "text/html" in clients.accepted(request):
		sentence = sentences_of(status, body, request.path)[-1]
		return _replace(response, notice(_("This did not work."), sentence, status))
	shape = _version_2 if request.path.startswith("/api/v2/") else envelope
	content = json.dumps({**_value(body), **shape(status, body, request)})
	_replace(response, Response(content, status=status, mimetype="application/json"))
	_set_retry_after(response)
	return None


def _value(body: dict) -> dict:
	"""What an RPC returned all the same: `message`, in version 2 `data`."""
	is_kept = frappe.local.flags.get(errors.HAS_VALUE)
	return {key: body[key] for key in ("message", "data") if key in body} if is_kept else {}


def _read(response, request, body: dict) -> tuple[int, dict]:
	"""The status that the contract has for Frappe's answer, and the answer with the sentences that belong to
	that."""
	status, command = response.status_code, _command(request)
	errors_of_v2 = body.get("errors") or [{}]
	exc_type = str(body.get("exc_type") or errors_of_v2[0].get("type") or "")
	if command == LOGIN and request.method != "POST" and status == 401:
		return 405, {"_server_messages": [_("Use POST to sign in.")]}
	if status >= 500 and (meant := frappe.local.flags.get(STATUS)) and not is_ours(command):
		return meant, {"_server_messages": [unusable() if meant == UNUSABLE else default_sentence(meant)]}
	if command == LOGIN and status == 500 and not exc_type and _is_locked():
		# Frappe's page does not say it.
		exc_type = LOCKED
	status = contract_status(status, exc_type, is_guest=is_guests())
	if exc_type == LOCKED:
		seconds = frappe.get_system_settings("allow_login_after_fail")
		frappe.local.flags[errors.RETRY_AFTER] = cint(seconds) or DEFAULT_RETRY_SECONDS
	if status in (403, 404) and _is_query_at_fault(request, command, status):
		return 400, {"_server_messages": [unusable()]}
	if status == 417 and not is_ours(command) and _is_field_at_fault(request, body):
		status = 400
	if exc_type in UNREADABLE_CREDENTIALS:
		return status, {"_server_messages": [default_sentence(status)]}
	if exc_type == "CSRFTokenError" or (status == 400 and not exc_type and not request_bounds.outcome()):
		return status, {"_server_messages": [no_csrf_token()]}
	return status, {**body, "exc_type": exc_type}


def _is_locked() -> bool:
	"""Whether nobody may sign in as this user, or from this address, after too many wrong passwords."""
	keys = [str(key) for key in (_parameters().get("usr"), frappe.local.request_ip) if key]
	return not all(
		get_login_attempt_tracker(key, raise_locked_exception=False).is_user_allowed() for key in keys
	)


def _is_query_at_fault(request, command: str | None, status: int) -> bool:
	parameters = _parameters()
	doctype = doctype_of(request, parameters)
	if status == 403:
		return is_query(request.method, command) and is_column_at_fault(doctype, parameters)
	is_ours_to_say = bool(frappe.local.flags.get(errors.FAILURE))
	return is_search(request.method, request.path, command) and not is_ours_to_say and is_known(doctype)


def _is_field_at_fault(request, body: dict) -> bool:
	command = _command(request)
	if is_query(request.method, command):
		return True
	return is_field_at_fault(request, command, _parameters(), " ".join(messages_of(body)))


def _allowed(request) -> tuple[str, ...]:
	failure = frappe.local.flags.get(errors.FAILURE)
	if isinstance(failure, WrongVerb):
		return failure.allowed
	return ("POST",) if _command(request) == LOGIN else ()


def _set_retry_after(response) -> None:
	"""Sets the header `Retry-After`, in whole seconds: every 429 and 503 has one, Frappe's own included."""
	if response.status_code in (429, 503) and "Retry-After" not in response.headers:
		seconds = frappe.local.flags.get(errors.RETRY_AFTER) or DEFAULT_RETRY_SECONDS
		response.headers["Retry-After"] = str(math.ceil(seconds))


def envelope(status: int, body: dict, request) -> dict[str, str]:
	"""Builds an error body with the three keys that the contract prescribes.

	:param status: the HTTP status.
	:param body: Frappe's error body: `exc_type`, `_server_messages`, both optional.
	:param request: werkzeug's; the message contains its path if the fault is MedGrid's.
	"""
	exc_type = contract_type(status, body.get("exc_type") or "")
	messages = sentences_of(status, body, request.path)
	# Desk shows what is there as HTML.
	shown = map(as_message, messages) if clients.is_desk(request) else messages
	return {
		"exc_type": exc_type,
		"exception": f"{_qualified(exc_type)}: {messages[-1]}",
		"_server_messages": json.dumps([{"message": message} for message in shown]),
	}


def _version_2(status: int, body: dict, request) -> dict[str, Any]:
	"""The same in the shape of Frappe's version 2."""
	exc_type = contract_type(status, body.get("exc_type") or "")
	sentences = sentences_of(status, body, request.path)
	return {"errors": [{"type": exc_type, "message": sentence} for sentence in sentences]}


def _qualified(exc_type: str) -> str:
	"""The class's full name, as Python prints it in a traceback."""
	if hasattr(frappe.exceptions, exc_type):
		return f"frappe.exceptions.{exc_type}"
	return f"{errors.__name__}.{exc_type}" if hasattr(errors, exc_type) else exc_type

"""Requests that Frappe gives up before any hook of MedGrid's runs, on their way out (`after_request`).

Frappe parses the body and reads some parameters first of all, and answers 417 or 500 to what it cannot
read: broken or deep JSON, half a surrogate pair, a language that is a list. Whoever sent it gets the answer
that the hook would have given. A webhook is received all the same: its signature is over the bytes, and what
is signed is acknowledged, so that the sender does not repeat it.
"""

import frappe
from frappe import _
from werkzeug.wrappers import Response

from medgrid.api import request_bounds
from medgrid.api.commands import requested_command
from medgrid.api.html_pages import notice
from medgrid.api.request_bounds import USER_BYTES, door_of, read_body
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import InvalidInput, MedgridError
from medgrid.http_client.json_reader import JsonRefused, read_json

# How Frappe answers what it cannot read.
GIVEN_UP = {400, 413, 417, 500}


class UnreadRequestPage:
	"""The page for a browser whose request Frappe gave up (`page_renderer`). Frappe 15 has a session without
	data then, and fails at a page of its own: nothing would be answered but "Internal Server Error"."""

	def __init__(self, path: str | None = None, http_status_code: int | None = None):
		self.path, self.status = path, http_status_code or 400

	def can_render(self) -> bool:
		"""Whether Frappe shows an error, and has read no request."""
		session = getattr(frappe.local, "session", None) or {"data": {}}
		return self.path == "message" and session.get("data") is None

	def render(self) -> Response:
		"""The page, which `envelope.apply` replaces where it knows better."""
		page = notice(_("This request was not accepted."), _("The request cannot be read."), self.status)
		return Response(page.get_data(), status=self.status, mimetype="text/html")


def find_refusal(request) -> MedgridError | None:
	"""What is wrong with a request that failed before the bounds were checked; None: nothing of MedGrid's."""
	try:
		request_bounds.check(request, frappe.local.form_dict)
	except MedgridError as error:
		return error
	if is_unparsable(request):
		return InvalidInput(_("The request's body must be a JSON object."))
	return None


def is_unparsable(request) -> bool:
	"""Whether it was the body's JSON that failed: nothing came of it."""
	body = read_body(request)
	if not body or not request.is_json or frappe.local.form_dict:
		return False
	if len(body) > USER_BYTES:
		return True
	try:
		return not isinstance(read_json(body), dict)
	except JsonRefused:
		return True


def receive_webhook(request) -> Response | None:
	"""Receives a webhook after all.

	:returns: the RPC's answer; None: the request is none, or is too large for one.
	"""
	command = requested_command(request.path, {})
	door = door_of(command)
	if not door or not door.signed or request.method != "POST" or len(read_body(request)) > door.max_bytes:
		return None
	from frappe.app import handle_exception
	from frappe.auth import HTTPRequest
	from frappe.handler import handle
	from frappe.utils.response import build_response

	frappe.clear_messages()
	# Frappe would send the traceback of its own attempt with the answer.
	frappe.local.error_log = []
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.form_dict = frappe._dict(cmd=command)
	try:
		frappe.local.http_request = HTTPRequest()
		in_transaction(handle, attempts=1)
		return build_response("json")
	except Exception as error:
		frappe.db.rollback()
		return handle_exception(error)

"""The gate below `medgrid.vertex.`: the second contract's order of checks, and its own callers.

Credentials that are wrong (401, Frappe's own work, and here for bearer tokens) · unknown operation (404) ·
wrong verb (501) · none of the credentials that it needs (401) · the body (400).

See docs/adr/0031-the-second-contracts-border.md.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import frappe
from frappe import _

from medgrid.api import request_bounds
from medgrid.api.commands import resolve
from medgrid.exceptions import InvalidInput, NotFound, NotPermitted, NotSignedIn, ServiceFailed, WrongVerb
from medgrid.http_client.errors import IntegrationError
from medgrid.vertex.access import bearer
from medgrid.vertex.access.api_users import is_api_user
from medgrid.vertex.contract.operations import PREFIX, find_operation, is_ours

# The characters of a parameter's name that an answer repeats.
MAX_NAME = 40

__all__ = ["check", "check_order", "is_ours", "refuse_api_users"]


def check(request: Any, command: str, parameters: Mapping[str, Any]) -> None:
	"""Authenticates a bearer token, then checks a request in the contract's order.

	:param request: werkzeug's.
	:param command: below `medgrid.vertex.`.
	:raises MedgridError: what is wrong with the request.
	"""
	header = request.headers.get("Authorization") or ""
	if frappe.session.user in ("Guest", "", None):
		_authenticate(header)
	is_signed_in = frappe.session.user not in ("Guest", "", None)
	if header and not is_signed_in and len(header.split(" ")) == 2:
		# Frappe answers so, but only after the other checks.
		raise bearer.wrong_credentials()
	check_order(request, command, parameters, is_signed_in=is_signed_in)


def _authenticate(header: str) -> None:
	failure: IntegrationError | None = None
	try:
		bearer.authenticate(header)
	except IntegrationError as error:
		failure = error
	if failure:
		raise ServiceFailed(failure)


def check_order(request: Any, command: str, parameters: Mapping[str, Any], *, is_signed_in: bool) -> None:
	"""Checks everything that can be checked before the operation's own work.

	:param is_signed_in: whether the request's credentials are right.
	:raises MedgridError: what is wrong with the request.
	"""
	operation = find_operation(command)
	if operation is None or resolve(command) not in frappe.whitelisted:
		raise NotFound(_("There is no such operation."))
	if request.method not in operation.verbs:
		raise WrongVerb(_("The operation does not take this verb."), allowed=operation.verbs)
	if not operation.is_public and not is_signed_in:
		raise NotSignedIn(_("There were no client credentials provided with the request."))
	with request_bounds.noted():
		_check_is_json(request, command)
		if not operation.is_public:
			_check_named_once(request)
		request_bounds.check(request, parameters)


def _check_is_json(request: Any, command: str) -> None:
	door = request_bounds.door_of(command)
	if door and door.signed:
		return
	body = request_bounds.read_body(request)
	if not request.is_json and (body.strip() or request.form or request.files):
		raise InvalidInput(_("The body must be a JSON object, sent as application/json."))
	with suppress(UnicodeDecodeError):
		body.decode()
		return
	raise InvalidInput(_("The body must be a JSON object in UTF-8."))


def _check_named_once(request: Any) -> None:
	"""Rejects a repeated parameter, because it is ambiguous. Shopify's redirects are read raw, by rules of
	their own."""
	doubled = [name for name, values in request.args.lists() if len(values) > 1]
	if doubled:
		raise InvalidInput(_("Parameter {0} must be there once.").format(doubled[0][:MAX_NAME]))


def refuse_api_users(path: str, command: str | None) -> None:
	"""Keeps the users that exist for the second contract alone away from every other address of the API.

	:raises NotPermitted: the user is one of them.
	"""
	if (command or path.startswith("/api/")) and is_api_user(frappe.session.user or ""):
		raise NotPermitted(_("Your credentials open {0}* only.").format(PREFIX))

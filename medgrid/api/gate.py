"""The gate that every request passes after authentication and before Frappe's handler (`auth_hooks`).

- 404 for an endpoint that does not exist, where Frappe would answer 417;
- 401 for a guest at an endpoint that needs credentials, where Frappe would answer 403;
- one and the same 403 at MedGrid's private DocTypes, whether a document exists or not;
- never more than 500 rows from Frappe's own list endpoints.

Contract: "HTTP Status Code Reference", "Pagination".
"""

import re
from collections.abc import Callable, MutableMapping

import frappe
from frappe import _

from medgrid.api.errors import raise_over_http
from medgrid.api.paging import bounded_page_length
from medgrid.api.private_doctypes import check_roles
from medgrid.api.request_body import is_broken_json
from medgrid.exceptions import InvalidInput, MedgridError, NotFound, NotSignedIn

# Version 1 ignores what follows the method's name; version 2 has other routes there.
METHOD_PATH = re.compile(r"/api/(?:v1/)?method/([^/]+)|/api/v2/method/([^/]+)/?$")
LIST_PATH = re.compile(r"/api/(?:(?:v1/)?resource|v2/document)/[^/]+/?$")
LIST_METHODS = {"frappe.client.get_list", "frappe.desk.reportview.get_list"}
# Frappe's names for the number of rows, in v1, v2 and the methods.
PAGE_LENGTH_NAMES = ("limit_page_length", "limit", "page_length")


def check_request() -> None:
	"""Rejects a request that must not reach Frappe's handler. The `auth_hooks` hook.

	:raises Exception: Frappe's exception with the status and message of the response.
	"""
	request, parameters = frappe.request, frappe.local.form_dict
	if request.method == "OPTIONS":
		# A browser's preflight carries no credentials.
		return
	command = requested_command(request.path, parameters)
	try:
		if command:
			check_command(command)
			check_body(command)
		if not (command or "").startswith("medgrid."):
			check_roles(request.path, parameters)
		if command in LIST_METHODS or (not command and _is_list_request(request)):
			bound_page_length(parameters)
	except MedgridError as error:
		raise_over_http(error)


def requested_command(path: str, parameters: MutableMapping) -> str | None:
	"""The RPC that a request calls. A `cmd` parameter has precedence over the path, as in Frappe."""
	if command := parameters.get("cmd"):
		return str(command)
	match = METHOD_PATH.match(path)
	return (match.group(1) or match.group(2)) if match else None


def _is_list_request(request) -> bool:
	return request.method == "GET" and bool(LIST_PATH.match(request.path))


def check_command(command: str) -> None:
	"""Checks that an endpoint exists and that a guest may call it.

	:raises NotFound: there is no such endpoint.
	:raises NotSignedIn: it is an endpoint of MedGrid that a guest may not call.
	"""
	if command == "login" or _is_server_script(command):
		return
	overriding = frappe.get_hooks("override_whitelisted_methods", {}).get(command)
	function = resolve(overriding[-1] if overriding else command)
	ours = command.startswith("medgrid.")
	if function is None or (ours and function not in frappe.whitelisted):
		raise NotFound(_("There is no endpoint {0}.").format(command))
	if ours and frappe.session.user == "Guest" and function not in frappe.guest_methods:
		raise NotSignedIn(
			_("This endpoint needs credentials. Send the header Authorization: token KEY:SECRET, or sign in.")
		)


def check_body(command: str) -> None:
	"""Checks the body of a call of MedGrid's.

	:raises InvalidInput: the body is declared as JSON and is not a JSON object.
	"""
	if command.startswith("medgrid.") and is_broken_json(frappe.request):
		raise InvalidInput(_("The request's body must be a JSON object."))


def resolve(command: str) -> Callable | None:
	"""Returns the function behind a dotted name; None if there is none.

	An error inside an existing module is raised: it is MedGrid's fault, not the caller's.
	"""
	module, _dot, name = command.rpartition(".")
	if not module:
		return getattr(frappe.get_module("frappe.handler"), name, None)
	try:
		return frappe.get_attr(command)
	except frappe.AppNotInstalledError:
		frappe.clear_messages()
	except ModuleNotFoundError as error:
		if not (module == error.name or module.startswith(f"{error.name}.")):
			raise
	except AttributeError as error:
		if error.name != name:
			raise
	except ValueError:
		# An empty part, as in "medgrid..catalog".
		return None
	return None


def _is_server_script(command: str) -> bool:
	from frappe.core.doctype.server_script.server_script_utils import get_server_script_map

	return command in get_server_script_map().get("_api", {})


def bound_page_length(parameters: MutableMapping) -> None:
	"""Limits the requested number of rows to 1 to 500, under each of the parameter's names.

	:raises InvalidInput: it is not a whole number, or it is negative.
	"""
	for name in PAGE_LENGTH_NAMES:
		if name not in parameters:
			continue
		if parameters[name] in (None, ""):
			# Frappe reads a blank as "all".
			del parameters[name]
			continue
		length = bounded_page_length(parameters[name])
		if not isinstance(length, int) or length < 1:
			raise InvalidInput(_("Parameter {0} must be a whole number from 1 to 500.").format(name))
		parameters[name] = length

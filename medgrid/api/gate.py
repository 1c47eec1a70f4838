"""The gate that every request passes after authentication and before Frappe's handler (`auth_hooks`).

- 404 for an endpoint that does not exist, where Frappe would answer 417 or 403;
- 401 for a guest at an endpoint, or at a DocType, that needs credentials, where Frappe would answer 403;
- 405 with `Allow` for a wrong verb, where Frappe would answer 403 or HTML;
- one and the same 403 at MedGrid's private DocTypes, whether a document exists or not;
- never more than 500 rows from Frappe's own list endpoints, from a row that there can be;
- a program waits for a lock at Frappe's addresses no longer than at MedGrid's;
- below `medgrid.vertex.` the order of checks that `vertex.gate` has, and nothing else for the users that
  exist for it alone.

Contract: "HTTP Status Code Reference", "Pagination".
"""

import re
from collections.abc import Callable, MutableMapping

import frappe
from frappe import _

from medgrid.api import request_bounds
from medgrid.api.arguments import check_call, check_conditions, check_documents
from medgrid.api.commands import is_ours, requested_command, resolve
from medgrid.api.errors import raise_over_http
from medgrid.api.paging import DEFAULT_PAGE_LENGTH, bounded_page_length, offset
from medgrid.api.private_doctypes import check_names, drop_expansions
from medgrid.api.routes.clients import is_desk
from medgrid.api.routes.guests import check_open_to_guests
from medgrid.api.routes.media import check_media
from medgrid.api.routes.verbs import LOGIN, check_verb, read_head_as_get
from medgrid.api.secrets.withheld import withhold
from medgrid.api.vertex import gate as vertex_gate
from medgrid.core.faults.borders import hook
from medgrid.core.waiting import lock_waits
from medgrid.exceptions import InvalidInput, MedgridError, NotFound, NotSignedIn

LIST_PATH = re.compile(r"/api/(?:(?:v1/)?resource|v2/document)/[^/]+/?$")
# Version 2's address of a function in the module of a DocType.
DOCTYPES_METHOD = re.compile(r"/api/v2/method/([^/]+)/([^/]+)/?$")
LIST_METHODS = {"frappe.client.get_list", "frappe.desk.reportview.get_list"}
# Desk itself reads longer lists by these, for reports.
DESK_METHODS = {
	"frappe.desk.reportview.get",
	"frappe.desk.search.search_link",
	"frappe.desk.search.search_widget",
}
REPORTS = {"frappe.desk.reportview.get_list", "frappe.desk.reportview.get"}
# Frappe's names for the number of rows, and for the first one, in v1, v2 and the methods.
PAGE_LENGTH_NAMES = ("limit_page_length", "limit", "page_length")
OFFSET_NAMES = ("limit_start", "start")


@hook
def check_request() -> None:
	"""Rejects a request that must not reach Frappe's handler. The `auth_hooks` hook.

	:raises Exception: Frappe's exception with the status and message of the response.
	"""
	request, parameters = frappe.request, frappe.local.form_dict
	if request.method == "OPTIONS":
		# A browser's preflight carries no credentials.
		return
	command = requested_command(request.path, parameters)
	withhold(command or "")
	read_head_as_get(request, command)
	try:
		if vertex_gate.is_ours(command):
			vertex_gate.check(request, command or "", parameters)
			return
		vertex_gate.refuse_api_users(request.path, command)
		if not is_ours(command):
			request_bounds.narrow(request, command)
		function = check_command(command) if command else None
		if not is_desk(request):
			check_open_to_guests(request.path)
		_check_verb(request, command, function)
		check_media(request, request_bounds.door_of(command))
		if not is_ours(command):
			check_names(request.path, parameters)
			check_documents(request, parameters)
			if not command and (match := DOCTYPES_METHOD.match(request.path)):
				function = _check_doctypes_method(request, *match.groups())
			drop_expansions(request.path, parameters)
			if request.method != "GET" and not is_desk(request):
				# Frappe would wait for a document that another request holds as long as the database does.
				lock_waits.limit_in_request()
		if function and not request_bounds.is_declared(command):
			check_call(function, parameters, request.method)
		if _is_list_request(request, command):
			bound_page_length(parameters)
			check_offset(parameters)
			if not is_desk(request) and not request.path.startswith("/api/v2/document/"):
				check_conditions(parameters)
			if not is_desk(request):
				# It would show the database's queries.
				parameters.pop("debug", None)
			if command in REPORTS and not is_desk(request) and not parameters.keys() & set(PAGE_LENGTH_NAMES):
				# Frappe's default there is every row.
				parameters["page_length"] = DEFAULT_PAGE_LENGTH
	except MedgridError as error:
		raise_over_http(error)


def _check_verb(request, command: str | None, function: Callable | None) -> None:
	try:
		check_verb(request, command, function)
	except MedgridError:
		if command == LOGIN and frappe.session.user != "Guest":
			# Frappe has signed the user in before.
			frappe.local.login_manager.logout()
		raise


def _check_doctypes_method(request, doctype: str, name: str) -> Callable | None:
	"""Checks a call of a function in the module of a DocType, as any other call.

	:returns: the function.
	"""
	module, scrubbed = frappe.scrub(frappe.get_meta(doctype).module), frappe.scrub(doctype)
	app = frappe.local.module_app.get(module)
	command = f"{app}.{module}.doctype.{scrubbed}.{scrubbed}.{name}"
	try:
		function = check_command(command)
	except NotFound:
		raise NotFound(_("There is no endpoint {0}.").format(f"{doctype}/{name}")) from None
	check_verb(request, command, function)
	return function


def _is_list_request(request, command: str | None) -> bool:
	if command:
		return command in LIST_METHODS or (command in DESK_METHODS and not is_desk(request))
	return request.method == "GET" and bool(LIST_PATH.match(request.path))


def check_command(command: str) -> Callable | None:
	"""Checks that an endpoint exists and that a guest may call it.

	:returns: the function behind it; None: it is no function.
	:raises NotFound: there is no such endpoint.
	:raises NotSignedIn: it is an endpoint that a guest may not call.
	"""
	if command == LOGIN or _is_server_script(command):
		return None
	overriding = frappe.get_hooks("override_whitelisted_methods", {}).get(command)
	function = resolve(overriding[-1] if overriding else command)
	if function is None:
		raise NotFound(_("There is no endpoint {0}.").format(command))
	if (is_desk(frappe.request) and not is_ours(command)) or _checks_itself(function):
		return function
	if function not in frappe.whitelisted:
		raise NotFound(_("There is no endpoint {0}.").format(command))
	if frappe.session.user == "Guest" and function not in frappe.guest_methods:
		raise NotSignedIn(
			_("This endpoint needs credentials. Send the header Authorization: token KEY:SECRET, or sign in.")
		)
	return function


def _checks_itself(function: Callable) -> bool:
	"""Frappe's one function that anybody may call: what it calls is checked."""
	return function.__name__ == "run_doc_method" and function.__module__.endswith(".handler")


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


def check_offset(parameters: MutableMapping) -> None:
	"""Checks the first row that is requested, under each of the parameter's names.

	:raises InvalidInput: it is not a whole number, or it is negative.
	"""
	for name in OFFSET_NAMES:
		if parameters.get(name) in (None, ""):
			parameters.pop(name, None)
		elif (number := offset(parameters[name])) is None:
			raise InvalidInput(_("Parameter {0} must be a whole number, 0 or more.").format(name))
		else:
			parameters[name] = number

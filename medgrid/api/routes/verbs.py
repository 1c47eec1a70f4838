"""The HTTP verbs that an address takes. A wrong one is 405 with `Allow`.

HEAD is GET without a body: Frappe works on it as on GET, and the web server leaves the body out.
"""

from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe import _

from medgrid.api.commands import resolve
from medgrid.api.routes.clients import is_call
from medgrid.exceptions import NotFound, WrongVerb

# In the order of `Allow`.
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LOGIN = "login"


def read_head_as_get(request, command: str | None) -> None:
	"""Makes Frappe work on a call by HEAD as on one by GET. What the web server sends depends on the WSGI
	environment, which stays.

	:param request: werkzeug's.
	"""
	if request.method == "HEAD" and is_call(request, command):
		request.method = "GET"


def check_verb(request, command: str | None, function: Callable | None) -> None:
	"""Checks the verb of a request.

	:param request: werkzeug's.
	:param function: the one behind `command`; None: it is no function, or the request calls none.
	:raises WrongVerb: the address takes others.
	:raises NotFound: nothing is at this address.
	"""
	if function:
		check_function(function, request.method)
	elif command == LOGIN:
		_check(request.method, ["POST"])
	elif not command and request.path.startswith("/api/"):
		_check_route(request)


def check_function(function: Callable, verb: str) -> None:
	"""Checks the verb with which a whitelisted function is called.

	:raises WrongVerb: the function takes others.
	"""
	function = getattr(function, "__func__", function)
	if allowed := frappe.allowed_http_methods_for_whitelisted_func.get(function):
		_check(verb, allowed)


def allowed_verbs(request, command: str | None) -> tuple[str, ...]:
	"""What an address of the API takes, in the order of `Allow`; empty: nothing is there.

	:param request: werkzeug's.
	"""
	if command == LOGIN:
		return ("POST",)
	if not command:
		return _in_order(_verbs_of_route(request))
	function = resolve(command)
	return _in_order(frappe.allowed_http_methods_for_whitelisted_func.get(function, ()))


def _check_route(request) -> None:
	"""An address of documents. Frappe 15 answers a wrong verb there in HTML."""
	allowed = _verbs_of_route(request)
	if not allowed:
		raise NotFound(_("There is no such document or endpoint."))
	_check(request.method, allowed)


def _verbs_of_route(request) -> list[str]:
	from frappe.api import API_URL_MAP

	routes: Any = API_URL_MAP.bind_to_environ(request.environ)
	return [verb for verb in VERBS if routes.test(method=verb)]


def _check(verb: str, allowed: Iterable[str]) -> None:
	in_order = _in_order(allowed)
	if verb in in_order:
		return
	# Not within an f-string: before Python 3.12 Frappe's extractor finds no text in it.
	either = " {} ".format(_("or"))
	raise WrongVerb(
		_("{0} is not possible here. Use {1}.").format(verb[:20], either.join(in_order)), allowed=in_order
	)


def _in_order(allowed: Iterable[str]) -> tuple[str, ...]:
	taken = {*allowed, "HEAD"} if "GET" in allowed else set(allowed)
	return tuple(verb for verb in VERBS if verb in taken)

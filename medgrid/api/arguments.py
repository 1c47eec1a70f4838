"""Whether a request has the arguments that the function behind its address takes.

Frappe calls whitelisted functions and documents' methods with whatever a request has, and what does not fit
is a TypeError, KeyError or AttributeError of Python's, that is a 500. Here it is the caller's 400 or 404.

Some of them call another function, whose name is one of their arguments. What is checked of a call is checked
of that one, too; MedGrid's RPCs have their own address, where the checks of their declarations are.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import frappe
from frappe import _

from medgrid.api.commands import is_ours, resolve
from medgrid.api.doctype_names import stored_spelling
from medgrid.api.request_bounds import LIMITS, read_body
from medgrid.api.routes.verbs import check_function
from medgrid.exceptions import InvalidInput, NotFound, NotPermitted
from medgrid.http_client.json_reader import JsonRefused, read_json

RESOURCE = re.compile(r"/api/(?:v1/)?resource/([^/]+)(?:/(.+?))?/?$")
V2_METHOD = re.compile(r"/api/v2/document/([^/]+)/.+/method/([^/]+)/?$")
V2_RUN = re.compile(r"/api/v2/method/run_doc_method/?$")
# Parameters of version 1's lists that Frappe parses as JSON whatever they are.
JSON_TEXTS = ("fields", "expand")
# The conditions of a list.
CONDITIONS = ("filters", "or_filters")
# The parameters in which functions of Frappe's and of other apps' take another function's name.
CALLED = ("method", "tree_method", "query")
# Those functions of Frappe's: `method` may be anything elsewhere.
CALLERS = {
	"upload_file",
	"make_mapped_doc",
	"map_docs",
	"get_all_nodes",
	"search_widget",
	"search_link",
	"validate_link_and_fetch",
}

_signature = lru_cache(maxsize=2048)(inspect.signature)


def check_call(function: Callable, parameters: Mapping[str, Any], verb: str) -> None:
	"""Checks the arguments of a whitelisted function that is not MedGrid's.

	:param verb: of the request.
	:raises InvalidInput: one is missing.
	:raises NotFound: it calls a method that the document does not have, or an RPC of MedGrid's.
	:raises WrongVerb: what it calls takes others.
	"""
	_bind(function, frappe.get_newargs(function, parameters))
	if function.__name__ == "run_doc_method" and function.__module__.endswith(".handler"):
		arguments = parameters.get("args") or parameters.get("arg")
		_check_run(parameters, parameters.get("docs"), arguments, verb)
		return
	for name in CALLED:
		if isinstance(called := parameters.get(name), str):
			_check_called(called.strip(), verb, is_called=function.__name__ in CALLERS)


def _check_called(name: str, verb: str, *, is_called: bool) -> None:
	if is_ours(name):
		raise NotFound(_("There is no endpoint {0}.").format(name))
	# One that does not exist is Frappe's to refuse.
	if is_called and "." in name and (function := resolve(name)):
		check_function(function, verb)


def check_documents(request, parameters: Mapping[str, Any]) -> None:
	"""Checks the arguments of Frappe's REST addresses.

	:param request: werkzeug's.
	:raises InvalidInput: one is missing, or is not what Frappe reads there.
	:raises NotFound: it calls a method that the document does not have.
	:raises WrongVerb: the method takes others.
	"""
	if match := RESOURCE.match(request.path):
		doctype, name = match.groups()
		_check_resource(request, doctype, name, parameters)
	elif match := V2_METHOD.match(request.path):
		_check_method(match.group(1), match.group(2), parameters, request.method)
	elif V2_RUN.match(request.path):
		_require(parameters, "method", "document")
		named, arguments = {"method": parameters["method"]}, parameters.get("kwargs") or {}
		_check_run(named, parameters["document"], arguments, request.method)


def _check_resource(request, doctype: str, name: str | None, parameters: Mapping[str, Any]) -> None:
	if name is None and request.method == "GET":
		for text in JSON_TEXTS:
			_check_json_text(text, parameters.get(text))
	elif (name is None and request.method == "POST") or request.method == "PUT":
		_check_document(request, parameters)
	elif request.method == "POST" or "run_method" in parameters:
		_require(parameters, "run_method")
		arguments = {key: value for key, value in parameters.items() if key != "run_method"}
		_check_method(doctype, parameters["run_method"], arguments, request.method)


def check_conditions(parameters: Mapping[str, Any]) -> None:
	"""Checks that the conditions of a list are lists, and not a single one without the list around it: Frappe
	16 reads its first letter as a DocType.

	:raises InvalidInput: they are not.
	"""
	for name in CONDITIONS:
		conditions = as_json(parameters.get(name), None)
		if isinstance(conditions, list) and any(isinstance(each, str) for each in conditions):
			sentence = _("Parameter {0} must be a list of conditions, each of which is a list.")
			raise InvalidInput(sentence.format(name))


def _check_json_text(name: str, value: Any) -> None:
	if value in (None, ""):
		return
	if not isinstance(value, str) or not isinstance(as_json(value, value), list | dict):
		raise InvalidInput(_("Parameter {0} must be JSON, as text.").format(name))


def _check_document(request, parameters: Mapping[str, Any]) -> None:
	"""Frappe takes a document from `data`, or else parses the body, whatever it is declared as."""
	given = parameters.get("data")
	if given is None:
		given = read_body(request).decode(errors="replace") if not request.is_json else {}
	if not isinstance(as_json(given, {}), dict):
		raise InvalidInput(_("The request's body must be a JSON object."))


def _check_run(parameters: Mapping[str, Any], document: Any, arguments: Any, verb: str) -> None:
	"""A call of `run_doc_method`, with a document's name or its content."""
	doctype = parameters.get("dt")
	if not doctype:
		content = as_json(document, document)
		doctype = content.get("doctype") if isinstance(content, dict) else None
	elif not isinstance(parameters.get("dn", ""), str | int | None):
		raise InvalidInput(_("Parameter {0} must be text.").format("dn"))
	if not doctype or not isinstance(doctype, str):
		raise InvalidInput(_("Parameter {0} is missing.").format("dt"))
	_check_method(doctype, parameters.get("method"), as_json(arguments, arguments), verb)


def _check_method(doctype: str, name: Any, arguments: Any, verb: str) -> None:
	if not isinstance(name, str) or not name:
		raise InvalidInput(_("Parameter {0} must be text.").format("method"))
	if not stored_spelling(doctype):
		raise NotFound(_("There is no such document or endpoint."))
	method = getattr(_controller(doctype), name, None)
	if method is None:
		raise NotFound(_("There is no endpoint {0}.").format(name))
	if not callable(method):
		raise NotPermitted(_("You are not permitted to do this."))
	check_function(method, verb)
	takes = [parameter for parameter in _signature(method).parameters if parameter != "self"]
	if not takes:
		arguments = {}
	elif "args" in takes or not isinstance(arguments, Mapping):
		# Frappe passes what it has as the first argument.
		arguments = {takes[0]: arguments}
	_bind(method, {"self": None, **arguments})


def _controller(doctype: str) -> type:
	from frappe.model.base_document import get_controller

	return get_controller(doctype)


def _require(parameters: Mapping[str, Any], *names: str) -> None:
	for name in names:
		if name not in parameters:
			raise InvalidInput(_("Parameter {0} is missing.").format(name))


def _bind(function: Callable, arguments: Mapping[str, Any]) -> None:
	"""Binds without calling."""
	signature = _signature(function)
	try:
		signature.bind(**arguments)
	except TypeError:
		pass
	else:
		return
	for name, parameter in signature.parameters.items():
		is_named = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
		if is_named and parameter.default is parameter.empty and name not in arguments:
			raise InvalidInput(_("Parameter {0} is missing.").format(name))
	raise InvalidInput(_("The request has a parameter that is not known here."))


def as_json(value: Any, otherwise: Any) -> Any:
	"""What Frappe makes of a parameter: a text is parsed if it is JSON."""
	if not isinstance(value, str):
		return value
	try:
		return read_json(value.encode(), LIMITS, allow_nul=True)
	except JsonRefused:
		return otherwise

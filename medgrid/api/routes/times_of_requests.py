"""The times that a program sends to Frappe's addresses, and by which it filters, are UTC.

Frappe would take them for times of the site. See `time_fields` and `time_filters`.
"""

import json
from collections.abc import Callable, MutableMapping
from typing import Any

import frappe

from medgrid.api.arguments import as_json
from medgrid.api.commands import requested_command
from medgrid.api.errors import raise_over_http
from medgrid.api.request_bounds import read_body
from medgrid.api.routes.time_fields import doctype_of, read_document, speaks_site_time
from medgrid.api.routes.time_filters import read_filters, read_report_filters
from medgrid.core.faults.borders import hook
from medgrid.exceptions import MedgridError
from medgrid.services.callers import is_program

WRITES = ("POST", "PUT", "PATCH")
# Whole documents, in Frappe's methods.
DOCUMENTS = ("doc", "docs", "document", "data")
SET_VALUE = "frappe.client.set_value"
REPORTS = "frappe.desk.query_report."
# Frappe's names for the conditions of a query.
FILTERS = ("filters", "or_filters", "current_filters", "applied_filters")


@hook
def read() -> None:
	"""Converts the times of a program's request to what is stored. An `auth_hooks` hook, after the gate.

	:raises Exception: 400, if a filter compares a time with what is none.
	"""
	try:
		_read()
	except MedgridError as error:
		raise_over_http(error)


def _read() -> None:
	if not is_program() or frappe.request.method == "OPTIONS":
		return
	request, parameters = frappe.request, frappe.local.form_dict
	command = requested_command(request.path, parameters)
	if not speaks_site_time(request, command):
		return
	doctype = doctype_of(request, parameters)
	if command:
		_read_call(command, parameters, doctype)
	elif request.method in WRITES:
		_read_body(request, parameters, doctype)
	for name in FILTERS:
		if command and command.startswith(REPORTS):
			_replace(parameters, name, read_report_filters)
		else:
			_replace(parameters, name, lambda filters: read_filters(filters, doctype))


def _read_body(request: Any, parameters: MutableMapping[str, Any], doctype: str) -> None:
	is_version_2 = request.path.startswith("/api/v2/")
	_before, _kind, place = request.path.partition("/document/" if is_version_2 else "/resource/")
	name = place.partition("/")[2].strip("/")
	if is_version_2:
		read_document(parameters, doctype, name)
		# Several at once.
		_replace(parameters, "docs", lambda documents: _read_documents(documents, doctype))
	elif request.method == "POST" and name:
		# It calls a method of the document: what it has are arguments.
		return
	elif parameters.get("data") is not None:
		_replace(parameters, "data", lambda document: _read_documents(document, doctype, name))
	else:
		_read_whole_body(request, parameters, doctype, name)


def _read_whole_body(request: Any, parameters: MutableMapping[str, Any], doctype: str, name: str) -> None:
	"""Frappe parses the body itself, whatever it is declared as, unless there is a parameter `data`. If it is
	no JSON, the parameters are the document's fields, those of a form and of the query string."""
	body = {"data": read_body(request).decode(errors="replace")}
	if not isinstance(as_json(body["data"], None), dict):
		return read_document(parameters, doctype, name)
	_replace(body, "data", lambda document: _read_documents(document, doctype, name))
	parameters["data"] = body["data"]
	return None


def _read_call(command: str, parameters: MutableMapping[str, Any], doctype: str) -> None:
	for parameter in DOCUMENTS:
		_replace(parameters, parameter, lambda documents: _read_documents(documents, doctype))
	if command != SET_VALUE:
		return
	name, fieldname = parameters.get("name"), parameters.get("fieldname")
	if "value" in parameters and isinstance(fieldname, str):
		values = {fieldname: parameters["value"]}
		read_document(values, doctype, name)
		parameters["value"] = values[fieldname]
	_replace(parameters, "fieldname", lambda values: _read_documents(values, doctype, name))


def _replace(parameters: MutableMapping[str, Any], name: str, work: Callable[[Any], None]) -> None:
	"""Changes a parameter that is an object or a list, or one as JSON."""
	given = parameters.get(name)
	value = as_json(given, None)
	if isinstance(value, dict | list):
		work(value)
		parameters[name] = json.dumps(value) if isinstance(given, str) else value


def _read_documents(given: Any, doctype: str, name: Any = None) -> None:
	for each in given if isinstance(given, list) else [given]:
		if isinstance(each, dict):
			named = each.get("doctype")
			own_name = name or each.get("name") or each.get("docname")
			read_document(each, named if isinstance(named, str) else doctype, own_name)

"""Whether a document that Frappe has refused lacks a field, or has a value that its field cannot hold; and
whether a list is asked for by a field that there is none of.

Frappe and ERPNext raise a plain ValidationError for these as well as for business rules, and before Frappe's
own check of what is mandatory. Contract: 400 is "Missing/invalid field", 417 "Business rule violation".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model import optional_fields, table_fields
from frappe.utils import get_datetime, getdate

from medgrid.api.arguments import as_json
from medgrid.api.doctype_names import stored_spelling

ADDRESS = re.compile(r"/api/(?:(?:v1/)?resource|v2/(?:document|doctype))/([^/]+)(?:/.+)?$")
# Frappe's methods that take a whole document.
TAKE_DOCUMENTS = {
	"frappe.client.insert",
	"frappe.client.save",
	"frappe.client.submit",
	"frappe.desk.form.save.savedocs",
}
# What a sentence about a missing value says, besides the field's label.
MISSING = re.compile(r"\b(enter|missing|mandatory|required|specify|select|set)\b", re.IGNORECASE)
NUMBERS = {"Int", "Check", "Float", "Currency", "Percent", "Long Int"}
# How lists are asked for by columns; Frappe 16 answers an unknown one as if it were forbidden.
ORDERS = ("order_by", "group_by")
ORDER = re.compile(r"`?(\w+)`?(?:\s+(?:asc|desc))?", re.IGNORECASE)
# What the name of a column can consist of, with its table and an own name.
NAME = re.compile(r"[\w\s.*`'\"]+")
# What `docstatus` can be.
STATES = {"0", "1", "2"}
# More rows are not looked at.
MAX_ROWS = 500


def is_field_at_fault(request, command: str | None, parameters: Mapping[str, Any], sentence: str) -> bool:
	"""
	:param request: werkzeug's, refused with 417.
	:param command: the method that it calls, if any.
	:param parameters: its parameters.
	:param sentence: why it was refused.
	"""
	doctype, values = _document_of(request, command, parameters)
	if not is_known(doctype):
		return False
	if str(values.get("docstatus") or 0) not in STATES:
		return True
	return any(
		_cannot_hold(field, value) or (_is_empty(value) and _is_named(field, sentence))
		for field, value in _fields(doctype, values)
	)


def is_column_at_fault(doctype: str, parameters: Mapping[str, Any]) -> bool:
	"""Whether a list of documents that the user may read is asked for by a column that they do not have.

	:param parameters: of a request that was refused with 403.
	"""
	if not is_known(doctype) or not frappe.has_permission(doctype):
		return False
	parts = [part for name in ORDERS for part in str(parameters.get(name) or "").split(",")]
	named = [match[1] for part in parts if (match := ORDER.fullmatch(part.strip()))]
	fields = as_json(parameters.get("fields"), None)
	texts = [each for each in fields if isinstance(each, str)] if isinstance(fields, list) else []
	if not all(map(NAME.fullmatch, texts)):
		return True
	known = {*frappe.get_meta(doctype).get_valid_columns(), *optional_fields}
	return not known.issuperset(named)


def is_known(doctype: str) -> bool:
	"""Whether there is a DocType of exactly this name."""
	return bool(doctype) and stored_spelling(doctype) == doctype


def _document_of(request, command: str | None, parameters: Mapping[str, Any]) -> tuple[str, dict]:
	if command in TAKE_DOCUMENTS:
		document = as_json(parameters.get("doc"), {})
		document = document if isinstance(document, dict) else {}
		return str(document.get("doctype") or ""), document
	match = ADDRESS.match(request.path)
	if command or not match or request.method not in ("POST", "PUT", "PATCH"):
		return "", {}
	data = as_json(parameters.get("data"), {})
	return match.group(1), {**parameters, **(data if isinstance(data, dict) else {})}


def _fields(doctype: str, values: dict) -> Iterator[tuple[Any, Any]]:
	"""The fields of a document and of its rows, each with its value."""
	for field in frappe.get_meta(doctype).fields:
		value = values.get(field.fieldname)
		yield field, value
		if field.fieldtype in table_fields and isinstance(value, list):
			of_rows = frappe.get_meta(field.options).fields
			rows = [row for row in value[:MAX_ROWS] if isinstance(row, dict)]
			yield from ((each, row.get(each.fieldname)) for row in rows for each in of_rows)


def _is_empty(value: Any) -> bool:
	return value in (None, "", [], {})


def _is_named(field: Any, sentence: str) -> bool:
	return bool(field.label and _(field.label) in sentence and MISSING.search(sentence))


def _cannot_hold(field: Any, value: Any) -> bool:
	if isinstance(value, list | dict) and field.fieldtype not in table_fields:
		return field.fieldtype != "JSON"
	if _is_empty(value):
		return False
	if field.fieldtype in table_fields:
		return not isinstance(value, list) or not all(isinstance(row, dict) for row in value)
	if field.fieldtype == "Select":
		return not _is_option(field, str(value))
	if field.fieldtype in NUMBERS:
		return not _is_made_by(float, value)
	if field.fieldtype in ("Date", "Datetime"):
		return not _is_made_by(getdate if field.fieldtype == "Date" else get_datetime, value)
	return False


def _is_option(field: Any, value: str) -> bool:
	options = (field.options or "").split("\n")
	return not any(options) or value.strip() in (option.strip() for option in options)


def _is_made_by(kind: Any, value: Any) -> bool:
	try:
		kind(value)
	# The functions only read a value that anybody may have sent, and raise whatever they meet in it.
	except Exception:
		return False
	return True

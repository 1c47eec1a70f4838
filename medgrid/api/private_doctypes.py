"""DocTypes that only a few roles may read through Frappe's generic endpoints (REST, `frappe.client`, Desk,
print).

Document permissions alone are not enough: Frappe 15's `get_count` does not check them, and Frappe's errors
reveal whether a document exists. A user without one of the roles gets the same error for every request,
before any document is looked up. Vendors use the RPCs of `medgrid.integrations`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import NotPermitted, NotSignedIn

ROLES = {
	"Vendor Connection": {"System Manager"},
	"Medgrid Settings": {"System Manager"},
	"Contact Message": {"System Manager"},
	"Text Message Opt Out": {"System Manager"},
	"Vendor Product": {"System Manager", "Item Manager"},
	"Sync Run": {"System Manager"},
	"Integration Issue": {"System Manager"},
	"Exoceuticals Unmatched Variant": {"System Manager", "Item Manager"},
	"Integration Event": {"System Manager", "Sales Manager"},
	"Exoceuticals Order": {"System Manager", "Sales Manager"},
	"ShipStation Order": {"System Manager", "Sales Manager"},
	"ShipStation Shipment": {"System Manager", "Sales Manager"},
}
# Frappe's names for a parameter, or a document's field, that holds a DocType's name.
NAMING = {
	*("doctype", "dt", "doc_type", "parent", "parenttype", "parent_doctype"),
	*("ref_doctype", "reference_doctype", "link_doctype"),
}
REST_PATH = re.compile(r"/api/(?:(?:v1/)?resource|v2/(?:document|doctype|method))/([^/]+)")


def check_roles(path: str, parameters: Mapping[str, Any]) -> None:
	"""Checks that the user has the roles for each private DocType that a request names.

	:raises NotSignedIn: the request names one, and the user is a guest.
	:raises NotPermitted: the user has none of its roles.
	"""
	named = set(ROLES).intersection(_doctypes_in(path, parameters))
	if not named or frappe.session.user == "Administrator":
		return
	if frappe.session.user == "Guest":
		raise NotSignedIn(_("This request needs credentials. Sign in, then try again."))
	own = set(frappe.get_roles())
	if any(not ROLES[doctype] & own for doctype in named):
		raise NotPermitted(_("You are not permitted to do this."))


def _doctypes_in(path: str, parameters: Mapping[str, Any]) -> Iterator[str]:
	"""Every DocType that a request names, in its path or its parameters."""
	if match := REST_PATH.match(path):
		yield match.group(1)
	yield from _named_in(dict(parameters))


def _named_in(value: Any) -> Iterator[str]:
	"""The DocTypes that parameters name, and those that documents within them name, parsed or as JSON."""
	if isinstance(value, str):
		value = _parsed(value)
	if isinstance(value, Mapping):
		for key, part in value.items():
			if key in NAMING:
				yield from _names(part)
			else:
				yield from _named_in(part)
	elif isinstance(value, list):
		for part in value:
			yield from _named_in(part)


def _names(value: Any) -> Iterator[str]:
	"""The DocType names in one parameter: a single name, or several as JSON."""
	parsed = _parsed(value) if isinstance(value, str) else value
	if isinstance(parsed, list | Mapping):
		yield from map(str, parsed)
	elif isinstance(value, str):
		yield value.strip()


def _parsed(text: str) -> Any:
	"""A JSON object or list, parsed; None for any other text."""
	if text.lstrip()[:1] not in ("{", "["):
		return None
	try:
		return json.loads(text)
	except (ValueError, RecursionError):
		return None

"""DocTypes that Frappe's generic doors (REST, `frappe.client`, Desk, print) open to few roles only.

Document permissions alone are not enough: Frappe 15's `get_count` asks for none, and its refusals tell a
document that exists from one that does not. Whoever has none of the roles gets one and the same answer,
before anything is looked up. Vendors have the RPCs of `medgrid.integrations`.
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
	"""
	:raises NotSignedIn: a guest asks for one of ROLES.
	:raises NotPermitted: a user without its roles does.
	"""
	named = set(ROLES).intersection(_doctypes_in(path, parameters))
	if not named or frappe.session.user == "Administrator":
		return
	if frappe.session.user == "Guest":
		raise NotSignedIn(_("This needs credentials."))
	own = set(frappe.get_roles())
	if any(not ROLES[doctype] & own for doctype in named):
		raise NotPermitted(_("You are not permitted to do this."))


def _doctypes_in(path: str, parameters: Mapping[str, Any]) -> Iterator[str]:
	"""Every DocType that a request names."""
	if match := REST_PATH.match(path):
		yield match.group(1)
	yield from _named_in(dict(parameters))


def _named_in(value: Any) -> Iterator[str]:
	"""The DocTypes named in parameters, and in documents in them, parsed or as JSON."""
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
	"""What a parameter that names DocTypes holds: one name, or JSON with several."""
	parsed = _parsed(value) if isinstance(value, str) else value
	if isinstance(parsed, list | Mapping):
		yield from map(str, parsed)
	elif isinstance(value, str):
		yield value.strip()


def _parsed(text: str) -> Any:
	"""Text that is JSON, parsed; None for any other."""
	if text.lstrip()[:1] not in ("{", "["):
		return None
	try:
		return json.loads(text)
	except (ValueError, RecursionError):
		return None

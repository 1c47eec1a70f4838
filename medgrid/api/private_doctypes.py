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
	"ShipStation Order": {"System Manager", "Sales Manager"},
	"ShipStation Shipment": {"System Manager", "Sales Manager"},
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
	"""Every text of a request that may be a DocType's name."""
	if match := REST_PATH.match(path):
		yield match.group(1)
	yield from _texts(dict(parameters))


def _texts(value: Any) -> Iterator[str]:
	if isinstance(value, Mapping):
		for part in value.values():
			yield from _texts(part)
	elif isinstance(value, list):
		for part in value:
			yield from _texts(part)
	elif isinstance(value, str):
		yield value
		if value[:1] in ("{", "["):
			yield from _texts(_parsed(value))


def _parsed(text: str) -> Any:
	try:
		return json.loads(text)
	except ValueError:
		return None

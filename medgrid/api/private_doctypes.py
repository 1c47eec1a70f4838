"""DocTypes that only a few roles may read through Frappe's generic endpoints (REST, `frappe.client`, Desk,
print).

Document permissions alone are not enough: Frappe 15's `get_count` does not check them, and Frappe's errors
reveal whether a document exists. A user without one of the roles gets the same error for every request,
before any document is looked up. Vendors use the RPCs of `medgrid.integrations`.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import frappe
from frappe import _

from medgrid.api.doctype_names import PATH, Named, folded, named_in, stored_spelling
from medgrid.exceptions import NotFound, NotPermitted, NotSignedIn

ROLES = {
	"Vendor Connection": {"System Manager"},
	"Vendor Connection Rule": {"System Manager"},
	"Medgrid Settings": {"System Manager"},
	"Medgrid Warehouse Priority": {"System Manager"},
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
	"Vertex Settings": {"System Manager"},
	"Vertex Merchant": {"System Manager"},
	"Vertex Tax Document": {"System Manager", "Accounts Manager"},
	"Vertex Data Volume": {"System Manager"},
}
NAMES = {folded(doctype): doctype for doctype in ROLES}
# A DocType's table in a condition or a column. Names with blanks need the backticks.
TABLE = re.compile("`tab([^`]+)`", re.IGNORECASE)
# What makes Frappe put the documents that a document links to into its answer.
EXPANSIONS = ("expand_links", "expand")


def check_names(path: str, parameters: Mapping[str, Any]) -> None:
	"""Checks that each DocType that a request names is spelled as it is stored, and that the user has the
	roles for the private ones.

	:raises NotFound: a name is spelled in another way, or the request needs a DocType that does not exist.
	:raises NotSignedIn: the request names a private DocType, and the user is a guest.
	:raises NotPermitted: the user has none of its roles.
	:raises InvalidInput: JSON within a parameter is out of bounds.
	"""
	private = {doctype for named in set(named_in(path, parameters)) if (doctype := _private(named))}
	if not private or frappe.session.user == "Administrator":
		return
	if frappe.session.user == "Guest":
		raise NotSignedIn(_("This request needs credentials. Sign in, then try again."))
	if not all(map(may_read, private)):
		raise NotPermitted(_("You are not permitted to do this."))


def may_read(doctype: str) -> bool:
	"""Whether the user has a role for a private DocType; True for all others."""
	return frappe.session.user == "Administrator" or bool(
		ROLES.get(doctype, {"All"}) & {"All", *frappe.get_roles()}
	)


def _private(named: Named) -> str | None:
	"""The private DocType that a name means."""
	if named.in_query:
		written = next(
			(name for name in (named.text, *TABLE.findall(named.text)) if folded(name) in NAMES), ""
		)
		stored = NAMES.get(folded(written))
	else:
		written, stored = named.text, stored_spelling(named.text)
	if stored != written if stored else named.must_exist:
		raise NotFound(_("There is no such document or endpoint."))
	return stored if stored in ROLES else None


def drop_expansions(path: str, parameters: MutableMapping[str, Any]) -> None:
	"""Drops the request for linked documents unless the user may read all DocTypes that are linked to: Frappe
	does not ask for a permission there. The answer has their names then, as without the request."""
	asked = [name for name in EXPANSIONS if parameters.get(name)]
	if not asked:
		return
	match = PATH.match(path)
	doctype, name = (match.group(1), match.group(2)) if match else (parameters.get("doctype"), None)
	if not doctype or not all(map(_may_expand, _linked(str(doctype), name))):
		for name in asked:
			del parameters[name]


def _may_expand(doctype: str) -> bool:
	return may_read(doctype) and frappe.has_permission(doctype, "read")


def _linked(doctype: str, name: str | None) -> set[str]:
	"""The DocTypes that documents of a DocType link to, their rows included."""
	if not frappe.db.exists("DocType", doctype):
		return set()
	meta = frappe.get_meta(doctype)
	rows = [frappe.get_meta(field.options) for field in meta.get_table_fields()]
	linked = {field.options for each in (meta, *rows) for field in each.get_link_fields()}
	if dynamic := [field.options for field in meta.get_dynamic_link_fields()]:
		linked.update(filter(None, frappe.db.get_value(doctype, name, dynamic) or ()))
	return linked

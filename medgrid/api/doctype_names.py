"""The DocTypes that a request names, wherever Frappe reads such a name: its path, its parameters, documents
and filters within them, parsed or as JSON; and how a name is stored.

The database compares names without regard to case, accents and invisible characters, Python and the file
system do not. A name in another spelling would pass checks that compare names, and ends in errors of Frappe's
that tell whether it exists.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from medgrid.api.request_bounds import LIMITS
from medgrid.exceptions import InvalidInput
from medgrid.http_client.json_reader import JsonRefused, NotJson, read_json

MAX_NAME_LENGTH = 140
# The path's parts that name a DocType, and the name of its document where that is one, too.
PATH = re.compile(
	r"/api/(?:(?:v1/)?resource|v2/(?:document|doctype))/([^/]+)(?:/([^/]+))?|/api/v2/method/([^/]+)/[^/]"
)
# Frappe's and ERPNext's names for a parameter, or a document's field, that holds a DocType's name.
NAMING = re.compile(r"doctype", re.IGNORECASE)
ALSO_NAMING = {
	*("dt", "cdt", "doc_type", "doc_types", "parent", "parenttype"),
	*("ref_dt", "ref_type", "reference_dt", "reference_type"),
	*("document_type", "parent_document_type", "receipt_document_type", "payment_document"),
	*("voucher_type", "party_type", "link_type", "entity_type", "table_name"),
	*("allow", "applicable_for", "append_to"),
}
# A row of a document has its document's name there.
PARENT, ROW = "parent", {"parenttype", "parentfield", "idx"}
# Parameters with the conditions and columns of a query.
QUERY = {
	*("filters", "or_filters", "fields", "fieldname", "field"),
	*("order_by", "group_by", "sort_by", "having"),
}
# The names of a DocType's own document.
OWN_NAMES = {"name", "docname", "dn"}

# The names that were found to be spelled as they are stored, by site. That can only end when a DocType is
# deleted, which Frappe notices by itself.
_known: dict[str, set[str]] = {}


@dataclass(frozen=True)
class Named:
	"""
	:param text: as it is in the request.
	:param must_exist: Frappe cannot do anything without that DocType.
	:param in_query: it is part of a condition or a column, which may be any other text as well.
	"""

	text: str
	must_exist: bool = False
	in_query: bool = False


def stored_spelling(text: str) -> str | None:
	"""Returns the stored name of the DocType that a text means; None: there is none.

	Case, accents and invisible characters make no difference; underscores and hyphens stand for blanks, as in
	the names of modules and the addresses of Desk.
	"""
	known = _known.setdefault(frappe.local.site, set())
	if text in known:
		return text
	if len(text) > MAX_NAME_LENGTH:
		return None
	spellings = sorted({text, folded(text)})
	stored = frappe.get_all("DocType", filters={"name": ("in", spellings)}, pluck="name")
	if text in stored:
		known.add(text)
		return text
	return stored[0] if stored else None


def folded(text: str) -> str:
	"""A text without case, accents and invisible characters, and with blanks for underscores and hyphens."""
	whole = re.sub("[_-]", " ", unicodedata.normalize("NFKD", text).casefold())
	return " ".join("".join(char for char in whole if unicodedata.category(char)[0] not in "MC").split())


def named_in(path: str, parameters: Mapping[str, Any]) -> Iterator[Named]:
	"""Every DocType that a request names.

	:raises InvalidInput: JSON within a parameter is out of bounds.
	"""
	yield from _in_path(path)
	if isinstance(given := parameters.get("doctype"), str) and _reads_documents(path, parameters):
		yield from _certain(given)
	yield from _in_values(parameters)


def _in_path(path: str) -> Iterator[Named]:
	if match := PATH.match(path):
		doctype, name, of_method = match.groups()
		yield Named(doctype or of_method, must_exist=True)
		if doctype == "DocType" and name:
			yield Named(name)


def _reads_documents(path: str, parameters: Mapping[str, Any]) -> bool:
	return path.startswith(("/api/", "/printview")) or "cmd" in parameters


def _certain(text: str) -> Iterator[Named]:
	if text.lstrip()[:1] not in ("{", "["):
		yield Named(text, must_exist=True)


def _in_values(parameters: Mapping[str, Any]) -> Iterator[Named]:
	"""Looks at each value once. JSON in a text is parsed, so there can be more of them than the border
	counted."""
	waiting: list[tuple[str, Any]] = [("", parameters)]
	left = 2 * LIMITS.max_elements
	while waiting:
		left -= 1
		if left < 0:
			raise InvalidInput(_("The request is not acceptable: {0}.").format("too many elements"))
		key, value = waiting.pop()
		if isinstance(value, str):
			value = _parsed(value)
		if isinstance(value, Mapping):
			if _is_naming(key):
				yield from (Named(str(name)) for name in value)
			waiting.extend(_parts(key, value))
		elif isinstance(value, list):
			waiting.extend((key, part) for part in value)
		elif isinstance(value, str) and value:
			if key in QUERY:
				yield Named(value, in_query=True)
			elif _is_naming(key):
				yield Named(value)


def _parts(key: str, mapping: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
	is_doctype, is_row = mapping.get("doctype") == "DocType", not ROW.isdisjoint(mapping)
	for name, value in mapping.items():
		own_key = str(name)
		if is_doctype and own_key in OWN_NAMES:
			own_key = "doctype"
		elif is_row and own_key == PARENT:
			own_key = ""
		if key in QUERY and not _is_naming(own_key):
			own_key = key
		yield own_key, value


def _is_naming(key: str) -> bool:
	return key in ALSO_NAMING or bool(NAMING.search(key))


def _parsed(text: str) -> Any:
	"""A JSON object or list, parsed; any other text as it is."""
	if text.lstrip()[:1] not in ("{", "["):
		return text
	try:
		return read_json(text.encode(), LIMITS, allow_nul=True)
	except NotJson:
		return text
	except JsonRefused as refusal:
		reason = str(refusal)
	raise InvalidInput(_("The request is not acceptable: {0}.").format(reason))

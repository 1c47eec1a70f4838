"""The Datetime fields of documents, as a program sees them: in UTC, to the second.

Frappe stores naive times in the site's time zone; MedGrid's own are stored in UTC, and their labels say so.
Contract: "Dates & Times".
"""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import frappe

from medgrid.api.arguments import as_json
from medgrid.api.doctype_names import stored_spelling
from medgrid.api.routes.document_fields import ADDRESS
from medgrid.core.clock import stored_utc
from medgrid.core.site_time import site_time, utc_text

IN_UTC = "(UTC)"
# The permission level of fields that no role has; see `orders/fields`.
MEDGRID_ALONE = 9
# Every document has them.
STAMPS = ("creation", "modified")
TIME = re.compile(
	r"\d{4}-\d\d-\d\d(?P<clock>[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
# How a column of a list is named: with its table, or a link's or table's field before it, and an own name.
COLUMN = re.compile(
	r"(?:(?P<before>\w+|`tab[^`]+`)\s*\.\s*)?`?(?P<field>\w+|\*)`?(?:\s+as\s+[`'\"]?(?P<alias>\w+)[`'\"]?)?",
	re.IGNORECASE,
)
# The apps whose methods speak the site's time.
OTHERS = {"frappe", "erpnext", frappe.__name__}


@dataclass(frozen=True)
class TimeFields:
	"""
	:param fields: the names of a DocType's Datetime fields; whether each is stored in UTC.
	:param tables: the DocTypes of its tables and links, by field.
	:param hidden: the fields that MedGrid alone reads.
	"""

	fields: Mapping[str, bool]
	tables: Mapping[str, str]
	hidden: frozenset[str]


@dataclass(frozen=True)
class Column:
	"""
	:param key: its name in an answer.
	:param in_utc: whether the times in it are stored in UTC; None: it has no times.
	:param is_hidden: whether MedGrid alone reads it.
	:param place: the DocType and the field that it is read from; None: it is something else.
	"""

	key: str
	in_utc: bool | None
	is_hidden: bool = False
	place: tuple[str, str] | None = None


def times_of(doctype: str) -> TimeFields:
	"""What a DocType has of times. None but creation and modified, if there is no such DocType."""
	stamps = dict.fromkeys(STAMPS, False)
	if stored_spelling(doctype) != doctype:
		return TimeFields(stamps, {}, frozenset())
	fields = frappe.get_meta(doctype).fields
	times = {each.fieldname: is_in_utc(each) for each in fields if each.fieldtype == "Datetime"}
	tables = {
		each.fieldname: each.options
		for each in fields
		if each.options and each.fieldtype in (*frappe.model.table_fields, "Link")
	}
	hidden = frozenset(each.fieldname for each in fields if each.permlevel == MEDGRID_ALONE)
	return TimeFields({**times, **stamps}, tables, hidden)


def is_in_utc(field: Any) -> bool:
	"""Whether a field of Frappe's meta is stored in UTC."""
	return (field.label or "").endswith(IN_UTC)


def speaks_site_time(request: Any, command: str | None) -> bool:
	"""Whether what a request asks for has times of the site: documents' addresses, and the methods of Frappe
	and ERPNext."""
	if not command:
		return request.path.startswith("/api/")
	return command.partition(".")[0] in OTHERS or "." not in command


def doctype_of(request: Any, parameters: Mapping[str, Any]) -> str:
	"""The DocType of the documents that a request reads or writes; empty: none is known."""
	if match := ADDRESS.match(request.path):
		return match.group(1)
	document = as_json(parameters.get("doc"), {})
	named = document.get("doctype") if isinstance(document, dict) else None
	return str(parameters.get("doctype") or named or "")


def columns_of(doctype: str, fields: Any) -> list[Column]:
	"""The columns of a list.

	:param fields: what was asked for, as Frappe takes it.
	"""
	fields = as_json(fields, fields)
	if isinstance(fields, str):
		fields = fields.split(",")
	return list(map(column_of, [doctype] * len(fields), fields)) if isinstance(fields, list) else []


def column_of(doctype: str, named: Any) -> Column:
	"""One column, as a list's `fields` or a filter names it; a function's is its argument's."""
	alias = None
	if isinstance(named, dict):
		alias, functions = named.get("as"), [each for key, each in named.items() if key != "as"]
		named = functions[0] if functions else None
	match = COLUMN.fullmatch(named.strip()) if isinstance(named, str) else None
	if not match:
		return Column(str(alias or named), None)
	owner, field = _owner(doctype, match["before"]), match["field"]
	times = times_of(owner)
	key = str(alias or match["alias"] or field)
	return Column(key, times.fields.get(field), field in times.hidden, (owner, field))


def _owner(doctype: str, before: str | None) -> str:
	if not before:
		return doctype
	if before.startswith("`tab"):
		return before[4:-1]
	return times_of(doctype).tables.get(before, doctype)


def sent_text(stored: Any, *, in_utc: bool) -> Any:
	"""What a program gets for a stored time; another value as it is."""
	match = TIME.fullmatch(stored) if isinstance(stored, str) else None
	if not match or not match["clock"]:
		return stored
	try:
		if match["zone"]:
			return stored_utc(datetime.fromisoformat(stored.replace("Z", "+00:00"))).isoformat(" ", "seconds")
		return stored[:19].replace("T", " ") if in_utc else utc_text(stored)
	except (ValueError, OverflowError):
		return stored


def stored_text(sent: Any, *, in_utc: bool, ends: bool = False) -> Any:
	"""What is stored for a time that a program sends; another value as it is.

	:param ends: it is the end of what was sent, and not its beginning: of a day in UTC, or of a second.
	"""
	match = TIME.fullmatch(sent) if isinstance(sent, str) else None
	if not match:
		return sent
	try:
		moment = datetime.fromisoformat(sent.replace("Z", "+00:00"))
		if ends:
			moment = _end_of(moment, match["clock"])
		if not match["zone"]:
			moment = moment.replace(tzinfo=timezone.utc)
		stored = stored_utc(moment) if in_utc else site_time(moment)
	except (ValueError, OverflowError):
		return sent
	return stored.isoformat(" ")


def _end_of(moment: datetime, clock: str | None) -> datetime:
	if not clock:
		return moment.replace(hour=23, minute=59, second=59, microsecond=999999)
	return moment if moment.microsecond else moment.replace(microsecond=999999)


def read_document(values: MutableMapping[str, Any], doctype: str, name: Any) -> None:
	"""Changes the times of a document and its rows to what is stored. A time that a program has read, and
	sends back, is the stored one with its fractions; so `modified` is compared to the second.

	:param name: of the document; None: it is new.
	"""
	waiting = [(values, doctype, name)]
	while waiting:
		each, named, of = waiting.pop()
		times = times_of(named)
		given = [fieldname for fieldname in times.fields if isinstance(each.get(fieldname), str)]
		stored = _stored(named, of, given)
		for fieldname in given:
			in_utc, value = times.fields[fieldname], each[fieldname]
			known = str(stored[fieldname]) if stored.get(fieldname) else None
			is_same = known and sent_text(known, in_utc=in_utc) == value[:19].replace("T", " ")
			each[fieldname] = known if is_same else stored_text(value, in_utc=in_utc)
		for fieldname, of_rows in times.tables.items():
			rows = each.get(fieldname)
			if isinstance(rows, list):
				waiting += [(row, of_rows, row.get("name")) for row in rows if isinstance(row, dict)]


def _stored(doctype: str, name: Any, fields: list[str]) -> Mapping[str, Any]:
	if not fields or not isinstance(name, str | int) or stored_spelling(doctype) != doctype:
		return {}
	if frappe.get_meta(doctype).issingle:
		singles = frappe.qb.DocType("Singles")
		query = frappe.qb.from_(singles).select(singles.field, singles.value)
		return dict(query.where((singles.doctype == doctype) & singles.field.isin(fields)).run())
	return frappe.db.get_value(doctype, name, fields, as_dict=True) or {}

"""Reads a document as the database has it: Vertex' earlier answer, and whether it is saved without a change.

MedGrid's own fields count as they are stored, not as a client has sent them. A document that is saved without
a change is not calculated for Vertex: ERPNext calculates it while it validates. See
docs/adr/0049-quoted-before-validation.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.model import default_fields

from medgrid.orders.taxes import from_text, to_text
from medgrid.vertex.documents.scope import SALES_INVOICE, SALES_ORDER

# Of the fields that MedGrid adds to a document, these are computed anew on every save.
FIELDS = (
	"vertex_status",
	"vertex_total_tax",
	"vertex_quoted_at",
	"vertex_error",
	"vertex_fingerprint",
	"vertex_line_taxes",
)
# By whether the document is a Sales Invoice.
OF_INVOICE = {False: (), True: ("vertex_transaction_id",)}
# They say nothing about a tax.
_IGNORED = {
	*default_fields,
	"posting_time",
	"amended_from",
	"_user_tags",
	"_comments",
	"_assign",
	"_liked_by",
	"_seen",
}
_TABLES = ("items", "taxes")


@dataclass(frozen=True)
class Quoted:
	"""What Vertex said of a document.

	:param fingerprint: of the request; None: it has to be asked again.
	:param at: when, naive UTC.
	"""

	fingerprint: str | None = None
	taxes: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
	at: Any = None


def quoted_before(document) -> Quoted:
	"""What the document was quoted with before, as the database has it: not as a client has sent it."""
	before = None if document.is_new() else document.get_doc_before_save()
	if before is None:
		return Quoted()
	return Quoted(
		before.get("vertex_fingerprint") or None,
		from_text(before.get("vertex_line_taxes")),
		before.get("vertex_quoted_at"),
	)


def restore(document) -> None:
	"""Sets MedGrid's fields of a document that is not quoted to what the database has, whatever a client has
	sent."""
	_restore(document, FIELDS)
	restore_of_invoice(document)


def restore_of_invoice(document) -> None:
	"""As `restore`, of the fields that quoting leaves alone."""
	_restore(document, OF_INVOICE[document.doctype == SALES_INVOICE])


def _restore(document, fields: Iterable[str]) -> None:
	before = None if document.is_new() else document.get_doc_before_save()
	for fieldname in fields:
		document.set(fieldname, before.get(fieldname) if before else None)


def renumber(document) -> None:
	"""Has the taxes of a submitted Sales Order's lines follow its rows, which *Update Items* adds, removes
	and numbers anew: the store is sent the taxes of its rows. What is no row's, such as a charge's tax,
	comes after them."""
	before = document.get_doc_before_save() if document.doctype == SALES_ORDER else None
	if before is None or not (taxes := from_text(before.get("vertex_line_taxes"))):
		return
	# *Update Items* has already stored new rows and deleted others, but numbered none anew.
	rows = {row.idx: row.name for row in before.items if not _is_newer(row, before)}
	# A new row may have no name yet.
	places = {row.name: place for place, row in enumerate(document.items, 1) if row.name}
	found, rest = {}, []
	for number in sorted(taxes):
		if place := places.get(rows.get(number, "")):
			found[place] = taxes[number]
		else:
			rest.append(taxes[number])
	found |= dict(enumerate(rest, len(document.items) + 1))
	if found != taxes:
		document.vertex_line_taxes = to_text(found)


def _is_newer(row: Any, document: Any) -> bool:
	"""Whether a row was created after its document was saved last."""
	created, saved = (frappe.utils.get_datetime(value) for value in (row.creation, document.modified))
	return bool(created and saved and created > saved)


def is_as_stored(document) -> bool:
	"""
	:returns: whether nothing of the document and of its rows differs from the database.
	"""
	before = None if document.is_new() else document.get_doc_before_save()
	if before is None or not _are_equal(document, before, {*_IGNORED, *FIELDS}):
		return False
	return all(_are_same_rows(document.get(table), before.get(table)) for table in _TABLES)


def _are_same_rows(rows: list[Any], before: list[Any]) -> bool:
	if [row.name for row in rows] != [row.name for row in before]:
		return False
	return all(_are_equal(row, stored, _IGNORED) for row, stored in zip(rows, before, strict=True))


def _are_equal(document: Any, before: Any, ignored: set[str]) -> bool:
	fields = frappe.get_meta(document.doctype).get_valid_columns()
	return all(_is_same(document.get(field), before.get(field)) for field in fields if field not in ignored)


def _is_same(value: Any, stored: Any) -> bool:
	return value == stored or _plain(value) == _plain(stored)


def _plain(value: Any) -> Any:
	"""A value as it compares: a client sends numbers and dates as texts, and leaves out what is empty."""
	if not value:
		return None
	if isinstance(value, date | datetime | timedelta):
		return str(value)
	if isinstance(value, int | float):
		return float(value)
	if isinstance(value, str):
		return _number(value)
	return value


def _number(text: str) -> Any:
	try:
		return float(text) or None
	except ValueError:
		return text

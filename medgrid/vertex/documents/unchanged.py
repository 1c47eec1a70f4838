"""Whether a document is saved as the database has it. Design (Vertex): section 4.1.

A document that is saved without a change is not computed anew for Vertex' sake: ERPNext computes it while it
validates.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe.model import default_fields

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


def is_as_stored(document, own: Iterable[str]) -> bool:
	"""
	:param own: the fields that MedGrid computes.
	:returns: whether nothing of the document and of its rows differs from the database.
	"""
	before = None if document.is_new() else document.get_doc_before_save()
	if before is None or not _are_equal(document, before, {*_IGNORED, *own}):
		return False
	return all(_are_same_rows(document.get(table), before.get(table)) for table in _TABLES)


def _are_same_rows(rows: list[Any], before: list[Any]) -> bool:
	if [row.name for row in rows] != [row.name for row in before]:
		return False
	return all(_are_equal(row, stored, _IGNORED) for row, stored in zip(rows, before, strict=True))


def _are_equal(document: Any, before: Any, ignored: set[str]) -> bool:
	fields = frappe.get_meta(document.doctype).get_valid_columns()
	return all(
		_plain(document.get(field)) == _plain(before.get(field)) for field in fields if field not in ignored
	)


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

"""The SQL that every webhook runs, written out.

A webhook may take twice as long as the least that a request can do (docs/performance.md). Building one of
these with Frappe's query builder, or through a Document, takes longer than the database takes to run it: on
an idle machine a third of a millisecond for a read, two thirds for an update, one to three for an insert, of
the three that a webhook takes. Nothing else in MedGrid is in such a hurry: use the query builder there.

Names of tables and columns are constants of the callers; values are always bound.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

_SETTINGS = """
	SELECT fieldname, password FROM `__Auth`
	WHERE doctype = %(doctype)s AND name = %(doctype)s AND encrypted = 1 AND fieldname IN %(secrets)s
	UNION ALL
	SELECT field, value FROM `tabSingles` WHERE doctype = %(doctype)s AND field IN %(values)s
"""


def settings(doctype: str, secrets: Iterable[str], values: Iterable[str]) -> dict[str, str]:
	"""What a Single holds, in one query and past every cache.

	:param secrets: its Password fields; returned as they are encrypted.
	:param values: its other fields.
	:returns: by fieldname; without those that hold nothing.
	"""
	wanted = {"doctype": doctype, "secrets": tuple(secrets), "values": tuple(values)}
	return {name: value for name, value in frappe.db.sql(_SETTINGS, wanted) if value}


def locked_row(doctype: str, columns: Iterable[str], field: str, value: str) -> dict[str, Any] | None:
	"""The oldest document with this value, locked until the transaction ends. Must be its transaction's first
	read.

	:param columns: what is read of it; names of fields.
	:param field: indexed, or every row is locked.
	"""
	rows = frappe.db.sql(
		f"SELECT {', '.join(columns)} FROM `tab{doctype}` WHERE {field} = %s "
		"ORDER BY creation LIMIT 1 FOR UPDATE",
		value,
		as_dict=True,
	)
	return rows[0] if rows else None


def insert(doctype: str, values: Mapping[str, Any]) -> None:
	"""Inserts a row as it is: no defaults, no validations.

	:param values: by fieldname; with `name` and the columns that every document has.
	"""
	places = ", ".join(["%s"] * len(values))
	frappe.db.sql(
		f"INSERT INTO `tab{doctype}` ({', '.join(values)}) VALUES ({places})", tuple(values.values())
	)


def update(doctype: str, name: str, values: Mapping[str, Any]) -> None:
	"""Updates a row, `modified` only where it is among the values, and forgets what the cache holds of it."""
	assignments = ", ".join(f"{field} = %s" for field in values)
	frappe.db.sql(f"UPDATE `tab{doctype}` SET {assignments} WHERE name = %s", (*values.values(), name))
	frappe.clear_document_cache(doctype, name)

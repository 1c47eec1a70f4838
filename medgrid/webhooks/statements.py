"""The SQL statements that every webhook runs.

A webhook may take at most twice as long as `frappe.ping` (docs/performance.md). Building one of these
statements with Frappe's query builder, or through a Document, takes longer than the database needs to run it:
on an idle machine 0.3 ms for a read, 0.7 ms for an update, and 1 to 3 ms for an insert, while a whole webhook
takes 3 ms. No other code in MedGrid needs this; use the query builder there.

Callers pass only constants as names of tables and columns; values are always bound.
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
	"""Reads fields of a Single in one query, without a cache.

	:param doctype: the Single.
	:param secrets: its Password fields; their values are returned encrypted.
	:param values: its other fields.
	:returns: the values by fieldname, without empty ones.
	"""
	wanted = {"doctype": doctype, "secrets": tuple(secrets), "values": tuple(values)}
	return {name: value for name, value in frappe.db.sql(_SETTINGS, wanted) if value}


def lock_by_field(doctype: str, columns: Iterable[str], field: str, value: str) -> dict[str, Any] | None:
	"""Reads the oldest document with a value, and locks it until the transaction ends. It must be the first
	read of the transaction.

	:param columns: the fieldnames to read.
	:param field: must be indexed; otherwise the database locks every row.
	:returns: the row; None if there is none.
	"""
	rows = frappe.db.sql(
		f"SELECT {', '.join(columns)} FROM `tab{doctype}` WHERE {field} = %s "
		"ORDER BY creation LIMIT 1 FOR UPDATE",
		value,
		as_dict=True,
	)
	return rows[0] if rows else None


def insert(doctype: str, values: Mapping[str, Any]) -> None:
	"""Inserts a row without defaults and validations.

	:param values: by fieldname, including `name` and the columns that every document has.
	"""
	places = ", ".join(["%s"] * len(values))
	frappe.db.sql(
		f"INSERT INTO `tab{doctype}` ({', '.join(values)}) VALUES ({places})", tuple(values.values())
	)


def update(doctype: str, name: str, values: Mapping[str, Any]) -> None:
	"""Updates a row and clears its document cache. `modified` changes only if it is among the values."""
	assignments = ", ".join(f"{field} = %s" for field in values)
	frappe.db.sql(f"UPDATE `tab{doctype}` SET {assignments} WHERE name = %s", (*values.values(), name))
	frappe.clear_document_cache(doctype, name)

"""Columns of fields that are gone, as they stay behind on a site of an older release."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import frappe


@contextmanager
def old_columns(doctype: str, columns: Mapping[str, str]) -> Iterator[None]:
	"""
	:param columns: name and SQL type; those that are there already stay there.
	"""
	added = [name for name in columns if not frappe.db.has_column(doctype, name)]
	_alter(doctype, [f"ADD COLUMN `{name}` {columns[name]}" for name in added])
	try:
		yield
	finally:
		frappe.db.rollback()
		_alter(doctype, [f"DROP COLUMN `{name}`" for name in added])


def _alter(doctype: str, changes: list[str]) -> None:
	if changes:
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` {', '.join(changes)}")
	# Frappe 15 and 16 remember a table's columns in two ways.
	frappe.cache.hdel("table_columns", f"tab{doctype}")
	getattr(frappe, "client_cache", frappe.cache).delete_value(f"table_columns::tab{doctype}")

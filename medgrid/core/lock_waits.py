"""Limits how long a statement waits for locks. The limit is part of the statement, which saves the round trip
of setting it before."""

import frappe


def bounded(statement: str, seconds: int | None) -> str:
	"""Adds a limit on lock waits to a statement. Only MariaDB supports it; for other databases the statement
	stays as it is.

	:param statement: SQL.
	:param seconds: the maximum wait for a row, or for a table whose definition is being changed; None: the
		database's own setting.
	"""
	if seconds is None or frappe.db.db_type != "mariadb":
		return statement
	limits = f"innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"
	return f"SET STATEMENT {limits} FOR {statement}"

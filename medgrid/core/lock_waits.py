"""How long a statement waits for locks, said with the statement: a round trip less than to set it before."""

import frappe


def bounded(statement: str, seconds: int | None) -> str:
	"""
	:param statement: SQL.
	:param seconds: how long it waits for a row, or for a table that somebody changes; None: as the database
		is set up. Only MariaDB knows how to be told.
	"""
	if seconds is None or frappe.db.db_type != "mariadb":
		return statement
	limits = f"innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"
	return f"SET STATEMENT {limits} FOR {statement}"

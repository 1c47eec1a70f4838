"""How long a transaction waits for what others have locked."""

import frappe


def begin(seconds: int) -> None:
	"""Begins a transaction, in which and after which no statement of this connection waits longer than this
	for a row, or for a table that somebody changes. Ends the transaction before, which must have written
	nothing.

	:param seconds: whole ones, as MariaDB counts them.
	"""
	if frappe.db.db_type != "mariadb":
		frappe.db.begin()
		return
	limits = f"innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"
	# As one statement: a round trip less, and a begin takes one anyway.
	frappe.db.sql(f"BEGIN NOT ATOMIC SET SESSION {limits}; START TRANSACTION; END")

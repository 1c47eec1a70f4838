"""Limits how long a transaction waits for locks."""

import frappe


def begin(seconds: int) -> None:
	"""Begins a transaction and limits lock waits: from now on, no statement of this connection waits longer
	for a row, or for a table whose definition is being changed. Ends the previous transaction, which must
	have written nothing. Databases other than MariaDB only begin a transaction.

	:param seconds: the maximum wait, in whole seconds, as MariaDB requires.
	"""
	if frappe.db.db_type != "mariadb":
		frappe.db.begin()
		return
	limits = f"innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"
	# One statement, so that setting the limits needs no further round trip.
	frappe.db.sql(f"BEGIN NOT ATOMIC SET SESSION {limits}; START TRANSACTION; END")

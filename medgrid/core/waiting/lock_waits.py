"""Limits how long a transaction waits for locks."""

import math

import frappe

from medgrid.core.waiting import request_time

# The maximum wait of one statement in a web request.
STATEMENT_SECONDS = 4


def begin(seconds: int) -> None:
	"""Begins a transaction and limits lock waits: from now on, no statement of this connection waits longer
	for a row, or for a table whose definition is being changed. Ends the previous transaction, which must
	have written nothing. Databases other than MariaDB only begin a transaction.

	:param seconds: the maximum wait, in whole seconds, as MariaDB requires. In a web request it is less if
		the request has waited already.
	"""
	if frappe.db.db_type != "mariadb":
		frappe.db.begin()
		return
	seconds = _within_request(seconds)
	# One statement, so that setting the limits needs no further round trip.
	frappe.db.sql(f"BEGIN NOT ATOMIC SET SESSION {_limits(seconds)}; START TRANSACTION; END")
	frappe.local.medgrid_lock_seconds = (frappe.local.db, seconds)


def limit_in_request() -> None:
	"""In a web request, limits how long the following statements of this connection wait for locks, so that
	the request does not wait longer in all than it may. Jobs wait as long as the database's settings say."""
	if not request_time.in_request() or frappe.db.db_type != "mariadb":
		return
	limited = (frappe.local.db, _within_request(STATEMENT_SECONDS))
	if getattr(frappe.local, "medgrid_lock_seconds", None) != limited:
		frappe.db.sql(f"SET SESSION {_limits(limited[1])}")
		frappe.local.medgrid_lock_seconds = limited


def _within_request(seconds: int) -> int:
	"""0 means that a statement does not wait at all."""
	return min(seconds, math.floor(min(seconds, request_time.patience().left_for_locks())))


def _limits(seconds: int) -> str:
	return f"innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"

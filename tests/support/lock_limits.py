"""How long this process' statements wait for locks; see `medgrid.core.waiting.lock_waits`."""

import frappe


def forget_lock_limits() -> None:
	"""Gives the connection of this process MariaDB's own limits again, after code that took it for a web
	request's; the next request begins with all of its patience."""
	if frappe.db and getattr(frappe.local, "medgrid_lock_seconds", None):
		frappe.db.sql("SET SESSION innodb_lock_wait_timeout = DEFAULT, lock_wait_timeout = DEFAULT")
	frappe.local.medgrid_lock_seconds = frappe.local.medgrid_patience = None

"""Pauses a connection and resumes it. A paused connection stays connected, but neither the dispatcher nor a
person can sync it, and its orders wait.

Disconnecting ends a pause, and so does connecting again.
"""

from functools import partial

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations import jobs
from medgrid.integrations.connections import records
from medgrid.integrations.connections.actions import record_action
from medgrid.integrations.connections.fields import DOCTYPE, NOT_PAUSED
from medgrid.integrations.registry import Integration
from medgrid.sync import runs


def pause(user: str, integration: Integration, account_name: str | None = None) -> None:
	"""Pauses a connection, and stops its sync in progress. If it is paused already, nothing changes. Commits.

	:param user: who pauses it for their Supplier.
	:param account_name: None: the first account.
	:raises RuleViolated: it is not connected.
	"""
	connection = records.require(user, integration, account_name)
	pause_connection(connection.name, user, _("Paused by {0}."))


def pause_connection(name: str, user: str, sentence: str) -> None:
	"""Pauses a connection; see `pause`. Commits.

	:param name: of the Vendor Connection.
	:param sentence: what is on its record, with a place for the user.
	"""
	in_transaction(partial(_pause, name, user, sentence))


def _pause(name: str, user: str, sentence: str) -> None:
	row = locked_row(DOCTYPE, name, ["status", "paused_at"])
	if not row or row.status == "not_connected" or row.paused_at:
		return
	runs.stop(name)
	status = "connected" if row.status == "syncing" else row.status
	values = {"status": status, "paused_at": stored_utc_now(), "paused_by": user, "queued_at": None}
	frappe.db.set_value(DOCTYPE, name, values)
	record_action(name, user, sentence.format(user))


def resume(user: str, integration: Integration, account_name: str | None = None) -> None:
	"""Resumes a connection, whose next sync is due at once. If it is not paused, nothing changes. Commits.

	:param user: who resumes it for their Supplier.
	:param account_name: None: the first account.
	:raises RuleViolated: it is not connected.
	"""
	connection = records.require(user, integration, account_name)
	resume_connection(connection.name, user, _("Resumed by {0}."))


def resume_connection(name: str, user: str, sentence: str) -> None:
	"""Resumes a connection; see `resume`. Commits.

	:param name: of the Vendor Connection.
	:param sentence: what is on its record, with a place for the user.
	"""
	if in_transaction(partial(_resume, name, user, sentence)):
		jobs.queue_soon(name)


def _resume(name: str, user: str, sentence: str) -> bool:
	row = locked_row(DOCTYPE, name, ["paused_at"])
	if not row or not row.paused_at:
		return False
	frappe.db.set_value(DOCTYPE, name, {**NOT_PAUSED, "next_sync_at": None})
	record_action(name, user, sentence.format(user))
	return True

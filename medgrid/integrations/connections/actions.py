"""Writes on a connection's record what a user did with it, and the outcome of a test."""

import frappe

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.integrations.connections.fields import DOCTYPE, NO_PAUSE
from medgrid.integrations.connections.issues import note_state
from medgrid.integrations.connections.records import Connection
from medgrid.services.failure_advice import kind_of
from medgrid.services.failure_texts import failure_text


def record_action(name: str, user: str, sentence: str, *, doctype: str = DOCTYPE) -> None:
	"""Writes on the record of a connection, or of another DocType, what a user did with it for its
	Supplier. The caller commits."""
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": doctype,
			"reference_name": name,
			"comment_email": user,
			"comment_by": user,
			"content": sentence,
		}
	).insert(ignore_permissions=True)


def record_test(connection: Connection, failure: MedgridError | None) -> None:
	"""Records the outcome of a connection test, unless the connection was disconnected, reconnected or is
	being synced since the test began. Commits.

	:param failure: why the test failed; None: it succeeded.
	"""
	error = failure_text(failure) if failure else None

	def work() -> None:
		row = locked_row(DOCTYPE, connection.name, ["status", "account"])
		if row and row.status in ("connected", "error") and row.account == connection.account:
			pause = {} if error else NO_PAUSE
			status, kind = "error" if error else "connected", kind_of(failure)
			values = {"status": status, "last_error": error, "failure_kind": kind, **pause}
			frappe.db.set_value(DOCTYPE, connection.name, values)
			note_state(connection.name, error, failure)

	in_transaction(work)

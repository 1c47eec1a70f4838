"""An incident lasts from a connection's first failure until it works again; its vendor is told of it once.

Whoever writes a connection's status calls `note` in the same transaction. Telling is a job of its own.
"""

import frappe

DOCTYPE = "Vendor Connection"


def note(connection: str, error: str | None) -> None:
	"""Notes that a connection fails, or that it works.

	:param connection: the document's name.
	:param error: why it fails; None: it works.
	"""
	told = frappe.db.get_value(DOCTYPE, connection, "incident_told")
	if error and not told:
		frappe.db.after_commit.add(lambda: _tell(connection))
	elif told and not error:
		frappe.db.set_value(DOCTYPE, connection, "incident_told", 0)


def _tell(connection: str) -> None:
	"""Queues the message. What goes wrong here is logged and is no failure of the sync."""
	try:
		frappe.enqueue(
			"medgrid.integrations.sendblue.alerts.send_alert",
			queue="short",
			job_id=f"medgrid-alert-{connection}",
			deduplicate=True,
			connection=connection,
		)
	except Exception:
		frappe.log_error("An alert could not be queued")

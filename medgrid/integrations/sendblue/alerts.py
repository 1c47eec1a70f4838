"""The text message about an incident. An RQ job: no sync waits for it, and none fails with it.

Claim, call, record: that an incident was told is committed before Sendblue is called, and taken back only
if the message certainly was not sent; the next failing sync then tries again.
"""

import frappe

from medgrid.exceptions import MedgridError
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue import messages, recipients, settings
from medgrid.integrations.sendblue.answers import MaybeSent
from medgrid.integrations.sendblue.recipients import Recipient

DOCTYPE = "Vendor Connection"


def send_alert(connection: str) -> None:
	"""Tells a vendor that one of their integrations fails, once per incident.

	:param connection: the name of the Vendor Connection that fails.
	"""
	claimed = _claim(connection)
	if not claimed:
		return
	recipient, label = claimed
	try:
		settings.client().send(recipient.phone, messages.alert(label))
	except MaybeSent as failure:
		recipients.note_failure(recipient, str(failure))
	except MedgridError as failure:
		recipients.note_failure(recipient, str(failure))
		frappe.db.set_value(DOCTYPE, connection, "incident_told", 0)
	else:
		recipients.note_sent(recipient)
	frappe.db.commit()


def _claim(connection: str) -> tuple[Recipient, str] | None:
	"""Marks the incident as told. None if it is over, was told already, or nobody is to be told."""
	# A locking read must be a transaction's first, to see what is there now.
	frappe.db.commit()
	fields = ["user", "integration", "status", "incident_told"]
	row = frappe.db.get_value(DOCTYPE, connection, fields, as_dict=True, for_update=True)
	recipient = None
	# `syncing`: the next try began, the incident goes on until it succeeds.
	if row and not row.incident_told and row.status in ("error", "syncing"):
		recipient = recipients.of_user(row.user)
	if recipient:
		frappe.db.set_value(DOCTYPE, connection, "incident_told", 1)
	frappe.db.commit()
	return (recipient, REGISTRY[row.integration].label) if recipient else None

"""The text message about an incident. An RQ job: no sync waits for it, and none fails with it.

Claim, call, record: that an incident was told is committed before Sendblue is called, and taken back only
if the message certainly was not sent; the next failing sync then tries again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import OutcomeUnknown, RequestRejected
from medgrid.integrations.registry import REGISTRY, LazyText
from medgrid.integrations.sendblue import messages, recipients, settings
from medgrid.integrations.sendblue.recipients import Recipient
from medgrid.services.failure_texts import failure_text

DOCTYPE = "Vendor Connection"
# An integration that breaks and mends all day is no reason to text all day.
PER_PHONE = Limit("sendblue alerts, one phone", times=6, seconds=86400)


def send_alert(connection: str) -> None:
	"""Tells a vendor that one of their integrations fails, once per incident.

	:param connection: the name of the Vendor Connection that fails.
	"""
	claimed = _claim(connection)
	if not claimed:
		return
	recipient, label = claimed
	with _in_language_of(connection):
		_send(connection, recipient, label)
	frappe.db.commit()


def _send(connection: str, recipient: Recipient, label: LazyText) -> None:
	try:
		with settings.client() as client:
			rate_limits.take((PER_PHONE, recipient.phone))
			client.send(recipient.phone, messages.alert(str(label)))
	except (OutcomeUnknown, RequestRejected) as failure:
		# Maybe it was sent; or it never will be, to this number: no failing sync tries it again.
		recipients.note_failure(recipient, failure_text(failure))
	except MedgridError as failure:
		recipients.note_failure(recipient, failure_text(failure))
		frappe.db.set_value(DOCTYPE, connection, "incident_told", 0)
	else:
		recipients.note_sent(recipient)


@contextmanager
def _in_language_of(connection: str) -> Iterator[None]:
	"""Speaks the language of a connection's user."""
	user = frappe.db.get_value(DOCTYPE, connection, "user")
	before = frappe.local.lang
	frappe.local.lang = frappe.db.get_value("User", user, "language") or before
	try:
		yield
	finally:
		frappe.local.lang = before


def _claim(connection: str) -> tuple[Recipient, LazyText] | None:
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

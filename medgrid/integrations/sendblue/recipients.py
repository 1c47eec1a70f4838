"""The users' verified phone numbers, which are stored on their Vendor Connections to Sendblue."""

from dataclasses import dataclass

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import MedgridError
from medgrid.integrations.sendblue import opt_outs
from medgrid.integrations.suppliers import users_of
from medgrid.services.failure_advice import kind_of
from medgrid.services.failure_texts import failure_text

DOCTYPE = "Vendor Connection"
INTEGRATION = "sendblue"


@dataclass(frozen=True)
class TextRecipient:
	"""A user who gets alerts.

	:param connection: the name of their Vendor Connection to Sendblue.
	:param phone: in E.164.
	"""

	connection: str
	phone: str
	user: str


def add(connection: str, phone: str) -> None:
	"""Stores a user's verified phone. Alerts are on, unless the phone replied STOP after the code was sent.
	The caller commits.

	:param connection: the name of the user's Vendor Connection to Sendblue.
	:param phone: in E.164.
	"""
	values = {
		"status": "connected",
		"verified_phone": phone,
		"alerts_off": int(opt_outs.has(phone)),
		"last_error": None,
		"failure_kind": None,
	}
	frappe.db.set_value(DOCTYPE, connection, {**values, "last_sync_at": stored_utc_now()})


def of_user(user: str) -> TextRecipient | None:
	"""Returns the recipient of a user's alerts; None if the user has no verified phone, opted out or is
	disabled."""
	filters = {"user": user, "integration": INTEGRATION, "status": "connected", "alerts_off": 0}
	row = frappe.db.get_value(DOCTYPE, filters, ["name", "verified_phone"], as_dict=True)
	if not row or not row.verified_phone or not frappe.db.get_value("User", user, "enabled"):
		return None
	# The phone may have replied STOP while it was being verified.
	if opt_outs.has(row.verified_phone):
		return None
	return TextRecipient(row.name, row.verified_phone, user)


def of_supplier(supplier: str | None) -> list[TextRecipient]:
	"""Returns the recipients of the alerts about a Supplier's connections, each phone once."""
	found = [of_user(user) for user in users_of(supplier)] if supplier else []
	return list({recipient.phone: recipient for recipient in found if recipient}.values())


def with_phone(phone: str) -> list[str]:
	"""The names of the connections with a verified number; one person may work for several vendors."""
	filters = {"verified_phone": phone, "integration": INTEGRATION, "status": "connected"}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="name")


def turn_alerts(phone: str, *, off: bool) -> None:
	"""Turns alerts off or on for every connection with a number. The caller commits."""
	for name in with_phone(phone):
		frappe.db.set_value(DOCTYPE, name, "alerts_off", int(off))


def note_sent(recipient: TextRecipient) -> None:
	"""Records that a message was sent. The caller commits."""
	values = {"last_sync_at": stored_utc_now(), "last_error": None, "failure_kind": None}
	frappe.db.set_value(DOCTYPE, recipient.connection, values)


def note_failure(recipient: TextRecipient, failure: MedgridError) -> None:
	"""Records why a message was not sent. The caller commits."""
	values = {"last_error": failure_text(failure), "failure_kind": kind_of(failure)}
	frappe.db.set_value(DOCTYPE, recipient.connection, values)

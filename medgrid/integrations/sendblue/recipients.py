"""Whose phone is whose: the verified number on a user's Vendor Connection to Sendblue."""

from dataclasses import dataclass

import frappe
from frappe.utils import now_datetime

from medgrid.integrations.sendblue import opt_outs

DOCTYPE = "Vendor Connection"
INTEGRATION = "sendblue"


@dataclass(frozen=True)
class Recipient:
	"""
	:param connection: the name of the Vendor Connection to Sendblue.
	:param phone: in E.164.
	"""

	connection: str
	phone: str


def add(connection: str, phone: str) -> None:
	"""Connects a user by a verified phone; with alerts, unless it replied STOP since the code was sent.

	:param connection: the name of their Vendor Connection to Sendblue.
	"""
	values = {
		"status": "connected",
		"verified_phone": phone,
		"alerts_off": int(opt_outs.has(phone)),
		"last_error": None,
	}
	frappe.db.set_value(DOCTYPE, connection, {**values, "last_sync_at": now_datetime()})


def of_user(user: str) -> Recipient | None:
	"""Where a user's alerts go; None: no verified phone, opted out, or may not sign in any more."""
	filters = {"user": user, "integration": INTEGRATION, "status": "connected", "alerts_off": 0}
	row = frappe.db.get_value(DOCTYPE, filters, ["name", "verified_phone"], as_dict=True)
	if not row or not row.verified_phone or not frappe.db.get_value("User", user, "enabled"):
		return None
	# A STOP that came while the phone was being verified.
	if opt_outs.has(row.verified_phone):
		return None
	return Recipient(row.name, row.verified_phone)


def with_phone(phone: str) -> list[str]:
	"""The connections that a number is verified for; a person may look after several vendors."""
	filters = {"verified_phone": phone, "integration": INTEGRATION, "status": "connected"}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="name")


def turn_alerts(phone: str, *, off: bool) -> None:
	for name in with_phone(phone):
		frappe.db.set_value(DOCTYPE, name, "alerts_off", int(off))


def note_sent(recipient: Recipient) -> None:
	values = {"last_sync_at": now_datetime(), "last_error": None}
	frappe.db.set_value(DOCTYPE, recipient.connection, values)


def note_failure(recipient: Recipient, sentence: str) -> None:
	frappe.db.set_value(DOCTYPE, recipient.connection, "last_error", sentence)

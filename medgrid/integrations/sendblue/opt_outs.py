"""Numbers that replied STOP, verified or not. The database stores an HMAC of each, made with the site's
key."""

import frappe

from medgrid.core.secrets import fingerprint

DOCTYPE = "Text Message Opt Out"


def add(phone: str) -> None:
	"""Records that a number opted out. The caller commits."""
	document = frappe.get_doc({"doctype": DOCTYPE, "digest": _digest(phone)})
	# Sendblue's webhook has no session, so the current user is Guest.
	document.insert(ignore_permissions=True, ignore_if_duplicate=True)


def remove(phone: str) -> None:
	"""Deletes a number's opt-out. The caller commits."""
	frappe.db.delete(DOCTYPE, {"name": _digest(phone)})


def has(phone: str) -> bool:
	"""Whether a number has opted out."""
	return bool(frappe.db.exists(DOCTYPE, _digest(phone)))


def _digest(phone: str) -> str:
	return fingerprint("sendblue:stop", phone)

"""Numbers that replied STOP, verified or not. The database knows them by an HMAC under the site's key."""

import hmac
from hashlib import sha256

import frappe
from frappe.utils.password import get_encryption_key

DOCTYPE = "Text Message Opt Out"


def add(phone: str) -> None:
	document = frappe.get_doc({"doctype": DOCTYPE, "digest": _digest(phone)})
	# Sendblue's webhook is nobody's session.
	document.insert(ignore_permissions=True, ignore_if_duplicate=True)


def remove(phone: str) -> None:
	frappe.db.delete(DOCTYPE, {"name": _digest(phone)})


def has(phone: str) -> bool:
	return bool(frappe.db.exists(DOCTYPE, _digest(phone)))


def _digest(phone: str) -> str:
	return hmac.new(get_encryption_key().encode(), f"sendblue:stop:{phone}".encode(), sha256).hexdigest()

"""Who wants no mails about trouble with connections, and the link in each mail that turns them off.

The choice is Frappe's own record, an Email Unsubscribe about the User: whoever administers the site knows it,
and Frappe itself then sends that user no mail of this kind.
"""

import hmac
from urllib.parse import urlencode

import frappe

from medgrid.core.secrets import fingerprint

DOCTYPE = "Email Unsubscribe"
PAGE = "/portal/unsubscribe"


def wants_mails(user: str) -> bool:
	"""Whether a user gets mails about their connections."""
	return not frappe.db.exists(DOCTYPE, _choice(user))


def choose(user: str, *, mails: bool) -> None:
	"""Stores a user's choice; the same again changes nothing. The caller commits."""
	if mails:
		frappe.db.delete(DOCTYPE, _choice(user))
	elif wants_mails(user):
		record = frappe.get_doc({"doctype": DOCTYPE, **_choice(user)})
		# Frappe's own update would write a comment on the User.
		record.set_new_name()
		record.db_insert()


def link_of(user: str) -> str:
	"""The address in a mail to a user that leads to the page on which they turn the mails off, also when they
	are not signed in."""
	return frappe.utils.get_url(f"{PAGE}?{urlencode({'user': user, 'key': key_of(user)})}")


def key_of(user: str) -> str:
	"""What shows that the link was in a mail to this user."""
	return fingerprint("mails:unsubscribe", user)[:32]


def is_key_of(user: str, key: str) -> bool:
	"""Whether a link was in a mail to this user."""
	return hmac.compare_digest(key_of(user).encode(), key.encode())


def _choice(user: str) -> dict[str, str]:
	return {
		"email": frappe.db.get_value("User", user, "email") or user,
		"reference_doctype": "User",
		"reference_name": user,
	}

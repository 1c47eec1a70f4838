"""RPC: a user's own API keys, and which mails they get. Contract: "Generate API Credentials", "Token
Authentication".

Only System Managers may call Frappe's own `generate_keys`. Every signed-in user may call these RPCs, and they
change the caller's own keys only.
"""

from typing import Annotated

import frappe
from frappe import _
from pydantic import SecretStr, StringConstraints

from medgrid.api.endpoint import endpoint
from medgrid.api.parameters import DocumentName
from medgrid.core.secrets import forget_secret, write_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import InvalidInput
from medgrid.services import mail_choices
from medgrid.services.callers import count_call

# The length of the keys that Frappe generates.
KEY_LENGTH = 15
UNSUBSCRIBES_PER_MINUTE = 60

LinkKey = Annotated[str, StringConstraints(min_length=1, max_length=140)]


@endpoint("GET")
def api_access() -> dict:
	"""Returns whether the caller has API keys.

	:returns: `has_keys`, and `api_key` (None if the caller has no keys); never the secret.
	"""
	api_key = frappe.db.get_value("User", frappe.session.user, "api_key")
	# Checks only that a secret is stored: a site restored with another encryption key cannot decrypt it.
	auth = frappe.qb.Table("__Auth")
	stored = (
		frappe.qb.from_(auth)
		.select(auth.name)
		.where((auth.doctype == "User") & (auth.name == frappe.session.user))
		.where(auth.fieldname == "api_secret")
		.run()
	)
	has_keys = bool(api_key and stored)
	return {"has_keys": has_keys, "api_key": api_key if has_keys else None}


@endpoint("POST")
def generate_keys() -> dict:
	"""Gives the caller a new secret, and a key if the caller has none. The old secret stops working at once.

	:returns: `api_key` and `api_secret`. This response is the only one that contains the secret.
	"""
	user = frappe.session.user
	api_key, api_secret = in_transaction(lambda: _new_keys(user))
	frappe.clear_document_cache("User", user)
	return {"api_key": api_key, "api_secret": api_secret}


def _new_keys(user: str) -> tuple[str, str]:
	# If two requests arrive at once, the second one waits, and its secret is the valid one.
	api_key = locked_row("User", user, ["api_key"]).api_key or frappe.generate_hash(length=KEY_LENGTH)
	api_secret = frappe.generate_hash(length=KEY_LENGTH)
	# Frappe itself stores this mask: if the field were empty, the User's next save would delete the secret.
	frappe.db.set_value("User", user, {"api_key": api_key, "api_secret": "*" * KEY_LENGTH})
	write_secret("User", user, "api_secret", SecretStr(api_secret))
	return api_key, api_secret


@endpoint("POST")
def revoke_keys() -> dict:
	"""Revokes the caller's keys. If the caller has none, it changes nothing.

	:returns: the same keys as `api_access`: `has_keys` (False) and `api_key` (None).
	"""
	user = frappe.session.user
	in_transaction(lambda: _delete_keys(user))
	frappe.clear_document_cache("User", user)
	return {"has_keys": False, "api_key": None}


def _delete_keys(user: str) -> None:
	locked_row("User", user, ["name"])
	frappe.db.set_value("User", user, {"api_key": None, "api_secret": None})
	forget_secret("User", user, "api_secret")


@endpoint("POST")
def choose_mails(mails: bool) -> dict:
	"""Turns the mails about trouble with the caller's connections on or off. The same again changes nothing.

	:returns: `mails`: whether the caller gets them.
	"""
	user = frappe.session.user
	in_transaction(lambda: mail_choices.choose(user, mails=mails))
	return {"mails": mails}


@endpoint("POST", allow_guest=True, private=True)
def unsubscribe(user: DocumentName, key: LinkKey) -> dict:
	"""Turns off the mails to the user to whom a mail with the link went. The same again changes nothing.

	:param key: from the link; it shows that the link was in a mail to this user.
	:returns: `mails` (False).
	:raises InvalidInput: the link is not complete, or of another site (400).
	:raises TooManyRequests: more than 60 calls a minute from one network address (429).
	"""
	count_call("unsubscribe", UNSUBSCRIBES_PER_MINUTE)
	if not mail_choices.is_key_of(user, key):
		raise InvalidInput(_("This link is not complete. Open it again from the mail."))
	in_transaction(lambda: mail_choices.choose(user, mails=False))
	return {"mails": False}

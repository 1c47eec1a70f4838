"""RPC: a user's own API keys. Contract: "Generate API Credentials", "Token Authentication".

Frappe's own `generate_keys` is for System Managers; these work for every signed-in user, for themselves only.
"""

import frappe
from pydantic import SecretStr

from medgrid.api.endpoint import endpoint
from medgrid.core.secrets import forget_secret, write_secret
from medgrid.core.transactions import in_transaction, locked_row

# As long as Frappe's own.
KEY_LENGTH = 15


@endpoint("GET")
def api_access() -> dict:
	"""Whether the caller has API keys.

	:returns: `has_keys`, and `api_key` (None without); never the secret.
	"""
	api_key = frappe.db.get_value("User", frappe.session.user, "api_key")
	# Only whether it is there: a site restored with another encryption key cannot decrypt it.
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
	"""Gives the caller a new secret, and a key if there is none. The old secret stops working at once.

	:returns: `api_key` and `api_secret`. The secret is readable here and never again.
	"""
	user = frappe.session.user
	api_key, api_secret = in_transaction(lambda: _new_keys(user))
	frappe.clear_document_cache("User", user)
	return {"api_key": api_key, "api_secret": api_secret}


def _new_keys(user: str) -> tuple[str, str]:
	# Of two clicks at once the second one waits, and its secret is the valid one.
	api_key = locked_row("User", user, ["api_key"]).api_key or frappe.generate_hash(length=KEY_LENGTH)
	api_secret = frappe.generate_hash(length=KEY_LENGTH)
	# The mask is what Frappe itself stores: with an empty field the User's next save would forget the secret.
	frappe.db.set_value("User", user, {"api_key": api_key, "api_secret": "*" * KEY_LENGTH})
	write_secret("User", user, "api_secret", SecretStr(api_secret))
	return api_key, api_secret


@endpoint("POST")
def revoke_keys() -> dict:
	"""Takes the caller's keys away. Without keys it changes nothing.

	:returns: as `api_access`: `has_keys` (False) and `api_key` (None).
	"""
	user = frappe.session.user
	in_transaction(lambda: _forget_keys(user))
	frappe.clear_document_cache("User", user)
	return {"has_keys": False, "api_key": None}


def _forget_keys(user: str) -> None:
	locked_row("User", user, ["name"])
	frappe.db.set_value("User", user, {"api_key": None, "api_secret": None})
	forget_secret("User", user, "api_secret")

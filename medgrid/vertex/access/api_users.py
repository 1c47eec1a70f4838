"""The Users behind Basic credentials and bearer tokens. See docs/api.md, "Callers".

A merchant's User has the merchant's user name as its API key and the password as its API secret, so that
Frappe itself checks the two. It is a Website User without a password whose only role opens nothing but
`medgrid.vertex.*` (`medgrid.api.gate`).
"""

import secrets
import string

import frappe
from pydantic import SecretStr

from medgrid.core import secrets as stored_secrets

ROLE = "Vertex Merchant"
DOMAIN = "@medgrid.invalid"
IDENTITY_USER = f"vertex-identity{DOMAIN}"
_PREFIX = "vertex-"
_NAME_LENGTH = 10
_USERNAME_LENGTH = 12
PASSWORD_LENGTH = 20
_LOWER = string.ascii_lowercase + string.digits
_ANY = string.ascii_letters + string.digits
# What Frappe shows instead of an API secret.
_MASK = "*" * 15


def is_api_user(user: str) -> bool:
	"""Whether a User is a merchant's, or the one of bearer tokens."""
	return user.startswith(_PREFIX) and user.endswith(DOMAIN)


def new_username() -> str:
	"""A user name for Basic: `shopify-` and 12 lower-case letters or digits."""
	return "shopify-" + _random(_LOWER, _USERNAME_LENGTH)


def new_password() -> SecretStr:
	"""A password for Basic: 20 letters and digits."""
	return SecretStr(_random(_ANY, PASSWORD_LENGTH))


def add_merchant_user(title: str) -> str:
	"""Makes the User of a merchant. The caller commits.

	:param title: the merchant's shop or company.
	:returns: the User's name.
	"""
	return _add(f"{_PREFIX}{_random(_LOWER, _NAME_LENGTH)}{DOMAIN}", f"Vertex {title}"[:140], [ROLE])


def add_identity_user() -> None:
	"""Makes the User as which requests with bearer tokens run, if it is missing. The caller commits."""
	if not frappe.db.exists("User", IDENTITY_USER):
		_add(IDENTITY_USER, "Vertex bearer tokens", [])


def set_credentials(user: str, username: str, password: SecretStr) -> None:
	"""Gives a User new Basic credentials; the former ones stop working. The caller commits."""
	frappe.db.set_value("User", user, {"api_key": username, "api_secret": _MASK, "enabled": 1})
	stored_secrets.write_secret("User", user, "api_secret", password)
	frappe.clear_document_cache("User", user)


def disable(user: str | None) -> None:
	"""Takes the credentials of a User away and disables it. The caller commits."""
	if not user or not is_api_user(user):
		return
	frappe.db.set_value("User", user, {"api_key": None, "api_secret": None, "enabled": 0})
	stored_secrets.forget_secret("User", user, "api_secret")
	frappe.clear_document_cache("User", user)


def remove(user: str | None) -> None:
	"""Deletes a merchant's User. The caller commits."""
	if not user or not is_api_user(user) or not frappe.db.exists("User", user):
		return
	frappe.db.set_value("Vertex Merchant", {"user": user}, {"user": None, "api_username": None})
	# A merchant's row and Frappe's own log of the user may still name it.
	frappe.delete_doc("User", user, force=True, ignore_permissions=True, delete_permanently=True)
	_remove_traces(user)


def remove_all() -> None:
	"""Deletes the Users of all merchants and of bearer tokens. The caller commits."""
	for user in frappe.get_all("User", {"name": ("like", f"{_PREFIX}%{DOMAIN}")}, pluck="name"):
		remove(user)


def _remove_traces(user: str) -> None:
	"""Deletes what Frappe makes beside a User and leaves when the User goes: a Contact with its address, its
	defaults, a copy of its Notification Settings."""
	contacts = frappe.get_all("Contact Email", {"parenttype": "Contact", "email_id": user}, pluck="parent")
	for contact in set(contacts):
		frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.delete("DefaultValue", {"parent": user})
	frappe.db.delete("Deleted Document", {"deleted_doctype": "Notification Settings", "deleted_name": user})


def _add(name: str, title: str, roles: list[str]) -> str:
	document = frappe.get_doc(
		{
			"doctype": "User",
			"email": name,
			"first_name": title,
			"user_type": "Website User",
			"send_welcome_email": 0,
			"enabled": 1,
			"roles": [{"role": role} for role in roles],
		}
	)
	document.flags.no_welcome_mail = True
	document.flags.ignore_password_policy = True
	# Frappe counts new users to bound sign-ups, and does not count imported ones.
	was_import = frappe.flags.in_import
	frappe.flags.in_import = True
	try:
		# No role that calls this may make Users.
		document.insert(ignore_permissions=True)
	finally:
		frappe.flags.in_import = was_import
	return document.name


def _random(characters: str, length: int) -> str:
	return "".join(secrets.choice(characters) for _position in range(length))

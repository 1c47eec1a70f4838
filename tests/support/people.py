"""Users of the tests, each with a password and a token."""

from dataclasses import dataclass
from functools import partial

import frappe
from frappe.utils.password import remove_encrypted_password, set_encrypted_password, update_password

from medgrid.core.transactions import in_transaction
from tests.support.http import Person
from tests.support.records import company

PASSWORD = "Skydell-2026-xq!"
# By e-mail address, with one token for all tests: a new one would lock out the callers that have the old one.
_known: dict[str, Person] = {}
# How `person` left each user.
_left: dict[str, "_State"] = {}


@dataclass(frozen=True)
class _State:
	"""Who a user is and how they authenticate, as the database has it.

	:param user: fields of the User.
	:param secrets: what Frappe keeps of password and API secret.
	"""

	user: tuple
	roles: frozenset[str]
	secrets: frozenset[tuple]


def lock(email: str) -> None:
	"""Locks a user before it is read and changed: a request that was just answered may still be noting that
	the user was active."""
	frappe.db.rollback()
	frappe.db.get_value("User", email, for_update=True)


def change(email: str, **values) -> None:
	"""Writes fields of a user, committed, and forgets what Frappe has cached of them."""
	lock(email)
	frappe.db.set_value("User", email, values)
	frappe.db.commit()
	frappe.clear_document_cache("User", email)
	frappe.clear_cache(user=email)


def person(email: str, *roles: str) -> Person:
	"""A user with these roles and a token, committed."""
	frappe.set_user("Administrator")
	company()
	# The web server writes Users, too: an older snapshot may not.
	frappe.db.commit()
	if email in _known and (state := _state(email)) == _left[email] and set(roles) <= state.roles:
		# Each save of a user queues two jobs, and makes a password's hash, which takes long on purpose.
		return _known[email]
	# Frappe's own job may be writing the Contact of an earlier user of this address.
	in_transaction(partial(_make, email))
	lock(email)
	frappe.get_doc("User", email).add_roles(*roles)
	update_password(email, PASSWORD)
	known = _known.setdefault(email, Person(email, PASSWORD, _new_hash(), _new_hash()))
	frappe.db.set_value("User", email, {"api_key": known.api_key, "api_secret": "*" * 15, "enabled": 1})
	set_encrypted_password("User", email, known.api_secret, "api_secret")
	frappe.db.commit()
	_left[email] = _state(email)
	return known


def _state(email: str) -> _State:
	user = frappe.db.get_value("User", email, ["enabled", "api_key", "user_type"])
	roles = frappe.get_all("Has Role", filters={"parenttype": "User", "parent": email}, pluck="role")
	statement = "select fieldname, password, encrypted from __Auth where doctype = 'User' and name = %s"
	return _State(user or (), frozenset(roles), frozenset(frappe.db.sql(statement, email)))


def _make(email: str) -> None:
	if frappe.db.exists("User", email):
		return
	# With defaults, which an import leaves out: Desk's bell and timeline are among them.
	user = frappe.new_doc("User", email=email, first_name=email, send_welcome_email=0)
	user.flags.no_welcome_mail = True
	# Frappe lets nobody make more than 60 users an hour, and does not count imported ones.
	frappe.flags.in_import = True
	try:
		user.insert()
	finally:
		frappe.flags.in_import = False


def _new_hash() -> str:
	return frappe.generate_hash(length=15)


def customer() -> Person:
	"""A portal customer: no desk access, no rights on ERPNext's documents."""
	return person("mgt.customer@example.com", "Customer")


def sales_rep() -> Person:
	return person("mgt.rep@example.com", "Sales User")


def manager() -> Person:
	return person("mgt.manager@example.com", "System Manager", "Item Manager")


def keyless() -> Person:
	"""A portal user without API keys."""
	user = person("mgt.keys@example.com", "Customer")
	frappe.db.set_value("User", user.email, "api_key", None)
	remove_encrypted_password("User", user.email, "api_secret")
	frappe.db.commit()
	return user

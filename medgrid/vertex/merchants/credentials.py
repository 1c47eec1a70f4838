"""Makes and replaces a merchant's Basic credentials. See docs/api.md, `api_credentials`."""

from functools import partial

import frappe
from pydantic import SecretStr

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import NotFound
from medgrid.vertex.access import api_users
from medgrid.vertex.merchants.fields import DOCTYPE, UNINSTALLED
from medgrid.vertex.merchants.records import Merchant


def replace(merchant: Merchant) -> tuple[str, SecretStr]:
	"""Gives a merchant a new password, and a user name if it has none. The old password stops working at
	once. Commits.

	:returns: user name and password; nobody can read the password again.
	:raises NotFound: the app was uninstalled meanwhile.
	"""
	password = api_users.new_password()
	return in_transaction(partial(_replace, merchant, password)), password


def _replace(merchant: Merchant, password: SecretStr) -> str:
	# If two requests arrive at once, the second one waits, and its password is the valid one.
	row = locked_row(DOCTYPE, merchant.name, ["user", "api_username", "status"])
	if not row or row.status == UNINSTALLED:
		raise NotFound(merchant.shop or merchant.name)
	user = row.user
	if not user or not frappe.db.exists("User", user):
		user = api_users.add_merchant_user(merchant.shop or merchant.company or merchant.name)
	username = row.api_username or api_users.new_username()
	frappe.db.set_value(DOCTYPE, merchant.name, {"user": user, "api_username": username})
	api_users.set_credentials(user, username, password)
	return username

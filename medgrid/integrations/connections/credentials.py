"""Stores a connection's credentials, reads them, and deletes them when it is disconnected."""

from hashlib import sha256

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.core import secrets
from medgrid.core.clock import stored_utc_now
from medgrid.core.secrets import MASK, read_secret, write_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import RuleViolated
from medgrid.integrations.connections.actions import record_action
from medgrid.integrations.connections.fields import (
	COUNTS,
	DETAILS,
	DOCTYPE,
	NO_PAUSE,
	NOT_PAUSED,
	SECRETS,
	TROUBLE,
)
from medgrid.integrations.connections.issues import claimed_shop, not_subscribed, note_state
from medgrid.integrations.connections.records import Connection, ensure, find
from medgrid.integrations.registry import Integration
from medgrid.issues.records import settle_issue
from medgrid.sync import runs


def save_credentials(
	user: str,
	integration: Integration,
	credentials: dict[str, SecretStr],
	account: str,
	account_name: str | None = None,
	**details,
) -> str:
	"""Stores tested credentials. The counts begin anew unless it is the account that was connected before.
	The caller commits.

	:param user: who connects it for their Supplier.
	:param account_name: see `records.ensure`.
	:param credentials: values for some of SECRETS.
	:param account: a fingerprint of the account in the other system.
	:param details: values for other fields of DETAILS; fields that are not given are cleared.
	:returns: the connection's name.
	"""
	name = ensure(user, integration, account_name)
	runs.stop(name)
	_release_shop(name, unless=details.get("shop"))
	_delete_secrets(name, keep=tuple(credentials))
	cleared = {**dict.fromkeys((*SECRETS, *DETAILS, *TROUBLE)), **NO_PAUSE, **NOT_PAUSED}
	if frappe.db.get_value(DOCTYPE, name, "account") != account:
		cleared |= dict.fromkeys(COUNTS)
	masks = dict.fromkeys(credentials, MASK)
	# A callback from Shopify may have no session, so the current user may be Guest.
	own = {
		"owner": user,
		"user": user,
		"status": "connected",
		"account": account,
		"connected_at": stored_utc_now(),
	}
	frappe.db.set_value(DOCTYPE, name, {**cleared, **own, **masks, **details})
	note_state(name, error=None)
	for key, secret in credentials.items():
		write_secret(DOCTYPE, name, key, secret)
	record_action(name, user, _("Connected by {0}.").format(user))
	return name


def credentials_of(connection: Connection) -> dict[str, SecretStr]:
	"""Reads the stored credentials.

	:returns: for each credential key its value, as SecretStr so that it is not logged by mistake.
	:raises RuleViolated: the connection was disconnected meanwhile.
	"""
	found = {}
	for key in connection.integration.credential_keys:
		secret = read_secret(DOCTYPE, connection.name, key)
		if secret is None:
			raise RuleViolated(_("This integration is no longer connected. Connect it again."))
		found[key] = secret
	return found


def forget_credentials(user: str, integration: Integration, account_name: str | None = None) -> None:
	"""Disconnects an integration: deletes the credentials, stops a sync in progress and keeps the records of
	what was done. If the integration, or the account, is not connected, nothing changes. Commits.

	:param user: who disconnects it for their Supplier.
	:param account_name: see `records.find`.
	"""
	connection = find(user, integration, account_name)
	if not connection:
		return

	def work() -> None:
		row = locked_row(DOCTYPE, connection.name, ["status"])
		if not row:
			return
		forget_locked(connection.name)
		if row.status != "not_connected":
			record_action(connection.name, user, _("Disconnected by {0}.").format(user))

	in_transaction(work)


def forget_locked(name: str) -> None:
	"""Disconnects a connection whose row the caller's transaction has locked."""
	runs.stop(name)
	_release_shop(name)
	_delete_secrets(name)
	cleared = {**dict.fromkeys((*SECRETS, *DETAILS, *COUNTS, *TROUBLE)), **NO_PAUSE, **NOT_PAUSED}
	# Another account has other stores. The rule stays, and counts for nothing until it is connected again.
	cleared |= {"store_id": None, "store_name": None}
	frappe.db.set_value(DOCTYPE, name, {"status": "not_connected", "alerts_off": 0, **cleared})
	note_state(name, error=None)
	settle_issue(not_subscribed(name))


def _release_shop(name: str, unless: str | None = None) -> None:
	"""Settles the issue about two Suppliers that claim a connection's shop, because the connection ends.

	:param unless: the shop that is connected again.
	"""
	shop = frappe.db.get_value(DOCTYPE, name, "shop")
	if shop and shop != unless:
		settle_issue(claimed_shop(shop))


def _delete_secrets(name: str, keep: tuple[str, ...] = ()) -> None:
	"""Deletes the stored secrets except `keep`. It skips secrets that do not exist: deleting them would lock
	a gap, and other workers' inserts would wait for it."""
	masks = frappe.db.get_value(DOCTYPE, name, SECRETS, as_dict=True)
	if stored := [key for key in SECRETS if masks[key] and key not in keep]:
		secrets.forget(DOCTYPE, name, fields=stored)


def account_fingerprint(service: str, identity: str) -> str:
	"""The fingerprint of an account in another system: whoever reads it cannot find out or check the secret
	that it was made of.

	:param identity: what makes it the same account, such as its API key.
	"""
	# Release 0.1 stored the inner hash, which a patch could so convert without the secrets.
	plain = sha256(f"{service}:{identity}".encode()).hexdigest()[:40]
	return keyed_account(plain)


def keyed_account(plain: str) -> str:
	"""The fingerprint for what release 0.1 stored as one."""
	return secrets.fingerprint("account", plain)

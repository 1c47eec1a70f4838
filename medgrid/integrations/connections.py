"""Vendor Connections: finds them, stores their credentials, and describes them to their user.

The functions for callers take the user and find that user's connections only; jobs use the document's name.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.core import secrets
from medgrid.core.secrets import MASK, read_secret, write_secret
from medgrid.core.site_time import utc_text
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import RuleViolated
from medgrid.integrations.connection_issues import claimed_shop, not_subscribed, note_state
from medgrid.integrations.registry import REGISTRY, Integration
from medgrid.issues.records import settle_issue
from medgrid.sync import runs

DOCTYPE = "Vendor Connection"
# The credentials of all integrations: Password fields, whose row contains a mask only.
SECRETS = ("api_key", "api_secret", "access_token", "refresh_token")
# The fields that describe the current connection; disconnecting and reconnecting clear them.
DETAILS = (
	"account",
	"shop",
	"shop_name",
	"scopes",
	"token_expires_at",
	"connected_at",
	"webhook_subscription",
	"verified_phone",
)
# What was done for the connected account. The records of orders, products and runs stay.
COUNTS = ("last_sync_at", "stats")
# A connection whose next sync waits for nothing.
NO_PAUSE = {"failed_syncs": 0, "next_sync_at": None, "queued_at": None}
FIELDS = (
	"name",
	"user",
	"integration",
	"status",
	"last_sync_at",
	"last_error",
	"stats",
	"account",
	"shop",
	"verified_phone",
	"alerts_off",
	*SECRETS,
)


@dataclass(frozen=True)
class Connection:
	"""A stored connection, without its credentials."""

	name: str
	user: str
	integration: Integration
	status: str
	last_sync_at: str | None
	last_error: str | None
	stats: dict[str, Any]
	account: str | None
	shop: str | None
	has_credentials: bool


def find(user: str, integration: Integration) -> Connection | None:
	"""Finds a user's connection to an integration; None if the user never connected it."""
	row = frappe.db.get_value(DOCTYPE, {"user": user, "integration": integration.id}, FIELDS, as_dict=True)
	return _connection(row, _syncing([row])) if row else None


def get(name: str) -> Connection:
	"""Reads a connection by its document's name, for jobs."""
	row = frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True)
	return _connection(row, _syncing([row]))


def require(user: str, integration: Integration) -> Connection:
	"""Finds a user's connection to an integration and checks that it has credentials.

	:raises RuleViolated: the user has not connected this integration.
	"""
	connection = find(user, integration)
	if not connection or not connection.has_credentials:
		raise RuleViolated(_("{0} is not connected. Connect it first.").format(integration.label))
	return connection


def _syncing(rows: Iterable) -> set[str]:
	"""Those of some connections that a live worker is syncing."""
	return runs.running_connections([row.name for row in rows if row.status == "syncing"])


def _connection(row, syncing: set[str]) -> Connection:
	integration = REGISTRY[row.integration]
	interrupted = row.status == "syncing" and row.name not in syncing
	# A text message that could not be sent leaves the phone connected; whoever reads is told that it failed.
	failed = row.status == "connected" and row.last_error
	return Connection(
		name=row.name,
		user=row.user,
		integration=integration,
		# If the worker of the sync died, the connection shows that until the next sync takes over.
		status="error" if interrupted or failed else row.status,
		last_sync_at=utc_text(row.last_sync_at),
		last_error=_("The last sync was interrupted. Sync again.") if interrupted else row.last_error or None,
		stats=_stats(row),
		account=row.account,
		shop=row.shop,
		has_credentials=any(row[key] for key in integration.credential_keys),
	)


def _stats(row) -> dict[str, Any]:
	if row.verified_phone:
		return {"verified_phone": row.verified_phone, "alerts": "off" if row.alerts_off else "on"}
	return json.loads(row.stats or "{}")


def listing(user: str) -> list[dict[str, Any]]:
	"""Lists the integrations of the registry with a user's connections, in the reader's language.

	Source: contract, "Integration Connection Object".
	"""
	rows = frappe.get_all(DOCTYPE, filters={"user": user}, fields=FIELDS)
	syncing = _syncing(rows)
	known = {row.integration: _connection(row, syncing) for row in rows}
	return [_entry(integration, known.get(integration.id)) for integration in REGISTRY.values()]


def _entry(integration: Integration, connection: Connection | None) -> dict[str, Any]:
	entry = {
		"id": integration.id,
		"label": str(integration.label),
		"tagline": str(integration.tagline),
		"auth_kind": integration.auth_kind,
		"status": connection.status if connection else "not_connected",
		"last_sync_at": connection.last_sync_at if connection else None,
		"last_error": connection.last_error if connection else None,
		"stats": connection.stats if connection else {},
		"has_credentials": bool(connection and connection.has_credentials),
	}
	if entry["has_credentials"]:
		entry["credential_keys"] = list(integration.credential_keys)
	entry["permits"] = list(integration.permits)
	entry["what_we_push"] = [str(line) for line in integration.what_we_push]
	entry["what_we_pull"] = [str(line) for line in integration.what_we_pull]
	return entry


def save_credentials(
	user: str, integration: Integration, credentials: dict[str, SecretStr], account: str, **details
) -> str:
	"""Stores tested credentials. The counts begin anew unless it is the account that was connected before.
	The caller commits.

	:param credentials: values for some of SECRETS.
	:param account: a fingerprint of the account in the other system.
	:param details: values for other fields of DETAILS; fields that are not given are cleared.
	:returns: the connection's name.
	"""
	name = ensure(user, integration)
	runs.stop(name)
	_release_shop(name, unless=details.get("shop"))
	_delete_secrets(name, keep=tuple(credentials))
	cleared = {**dict.fromkeys((*SECRETS, *DETAILS, "last_error")), **NO_PAUSE}
	if frappe.db.get_value(DOCTYPE, name, "account") != account:
		cleared |= dict.fromkeys(COUNTS)
	masks = dict.fromkeys(credentials, MASK)
	# A callback from Shopify may have no session, so the current user may be Guest.
	own = {"owner": user, "status": "connected", "account": account}
	frappe.db.set_value(DOCTYPE, name, {**cleared, **own, **masks, **details})
	note_state(name, error=None)
	for key, secret in credentials.items():
		write_secret(DOCTYPE, name, key, secret)
	return name


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


def ensure(user: str, integration: Integration) -> str:
	"""Returns the name of a user's connection, and creates the connection if there is none. Commits the
	caller's earlier changes and begins a transaction, which the caller commits."""
	# If two requests arrive at once, the second one waits here until the first one's record exists.
	locked_row("User", user, ["name"])
	key = {"user": user, "integration": integration.id}
	name = frappe.db.get_value(DOCTYPE, key, for_update=True)
	if name:
		return name
	# The vendor's own record; a vendor's roles do not permit creating it.
	return frappe.get_doc({"doctype": DOCTYPE, **key}).insert(ignore_permissions=True).name


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


def forget_credentials(user: str, integration: Integration) -> None:
	"""Disconnects a user's integration: deletes the credentials, stops a sync in progress and keeps the
	records of what was done. If the integration is not connected, nothing changes."""
	if connection := find(user, integration):
		forget(connection.name)


def forget(name: str) -> None:
	"""Disconnects a connection, given by its document's name. Commits."""

	def work() -> None:
		if locked_row(DOCTYPE, name, ["name"]):
			forget_locked(name)

	in_transaction(work)


def forget_locked(name: str) -> None:
	"""Disconnects a connection whose row the caller's transaction has locked."""
	runs.stop(name)
	_release_shop(name)
	_delete_secrets(name)
	cleared = {**dict.fromkeys((*SECRETS, *DETAILS, *COUNTS, "last_error")), **NO_PAUSE}
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


def record_test(connection: Connection, error: str | None) -> None:
	"""Records the outcome of a connection test, unless the connection was disconnected, reconnected or is
	being synced since the test began. Commits.

	:param error: why the test failed, in a sentence for the vendor; None: it succeeded.
	"""

	def work() -> None:
		row = locked_row(DOCTYPE, connection.name, ["status", "account"])
		if row and row.status in ("connected", "error") and row.account == connection.account:
			pause = {} if error else NO_PAUSE
			values = {"status": "error" if error else "connected", "last_error": error, **pause}
			frappe.db.set_value(DOCTYPE, connection.name, values)
			note_state(connection.name, error)

	in_transaction(work)

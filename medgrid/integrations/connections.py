"""Vendor Connections: finds them, stores their credentials, and describes them to their users.

A connection belongs to a Supplier, and any of its portal users may manage it; one to text messages belongs to
a user. A Supplier may connect several accounts of one integration, each under a name; where no name is given,
the first one is meant. Design: section 5.

The functions for callers take the user and find the connections of that user and their Supplier only; jobs
use the document's name.
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
from medgrid.core.clock import stored_utc_now, stored_utc_text
from medgrid.core.secrets import MASK, read_secret, write_secret
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.integrations.connection_issues import claimed_shop, not_subscribed, note_state
from medgrid.integrations.registry import PER_USER, REGISTRY, Integration
from medgrid.integrations.suppliers import only_supplier_of, supplier_of
from medgrid.issues.records import settle_issue
from medgrid.services.failure_advice import FAULT, advice_of, kind_of
from medgrid.services.failure_texts import failure_text
from medgrid.sync import runs

DOCTYPE = "Vendor Connection"
# The name of an account for which the vendor gave none.
DEFAULT = "default"
OLDEST_FIRST = "creation asc, name asc"
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
# Why the connection does not work.
TROUBLE = ("last_error", "failure_kind")
# What was done for the connected account. The records of orders, products and runs stay.
COUNTS = ("last_sync_at", "stats")
# A connection whose next sync waits for nothing.
NO_PAUSE = {"failed_syncs": 0, "next_sync_at": None, "queued_at": None}
# A connection that no user has paused.
NOT_PAUSED = {"paused_at": None, "paused_by": None}
FIELDS = (
	"name",
	"user",
	"supplier",
	"integration",
	"account_name",
	"status",
	"last_sync_at",
	"last_error",
	"failure_kind",
	"stats",
	"account",
	"shop",
	"verified_phone",
	"alerts_off",
	"paused_at",
	"paused_by",
	*SECRETS,
)


@dataclass(frozen=True)
class Connection:
	"""A stored connection, without its credentials.

	:param user: who connected it last.
	:param supplier: whose it is; None: its user belonged to no Supplier when connections became Suppliers'.
	:param account_name: the vendor's own name for the account.
	:param account: a fingerprint of the account.
	:param paused: since when (UTC) and by which user it is paused, as `since` and `by`; None: it is not.
	:param failure_kind: the kind of the failure in `last_error`, see `failure_advice`; None: it is not known.
	"""

	name: str
	user: str
	supplier: str | None
	integration: Integration
	account_name: str
	status: str
	last_sync_at: str | None
	last_error: str | None
	failure_kind: str | None
	stats: dict[str, Any]
	account: str | None
	shop: str | None
	has_credentials: bool
	paused: dict[str, str | None] | None


def find(user: str, integration: Integration, account_name: str | None = None) -> Connection | None:
	"""Finds the connection to an integration that a user may manage.

	:param account_name: None: the first account.
	:returns: None if nobody has ever connected it.
	"""
	for row in _rows_of(user, integration):
		if account_name in (None, row.account_name) or integration.is_per_user:
			return _connection(row, _syncing([row]))
	return None


def _rows_of(user: str, integration: Integration | None = None) -> list:
	"""The rows of the connections that a user may manage, oldest first.

	:param integration: None: all integrations.
	"""
	only = {"integration": integration.id} if integration else {}
	rows = []
	if not integration or integration.is_per_user:
		rows += _rows({"user": user, "integration": ("in", PER_USER), **only})
	supplier = only_supplier_of(user) if not integration or not integration.is_per_user else None
	if supplier:
		rows += _rows({"supplier": supplier, "integration": ("not in", PER_USER), **only})
	return rows


def _rows(filters: dict[str, Any]) -> list:
	return frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by=OLDEST_FIRST)


def all_of(user: str) -> list[Connection]:
	"""Lists the connections that a user may manage, the first account of each integration first."""
	rows = _rows_of(user)
	syncing = _syncing(rows)
	return [_connection(row, syncing) for row in rows]


def get(name: str) -> Connection:
	"""Reads a connection by its document's name, for jobs."""
	row = frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True)
	return _connection(row, _syncing([row]))


def require(user: str, integration: Integration, account_name: str | None = None) -> Connection:
	"""Finds a connection as `find` does and checks that it has credentials.

	:raises RuleViolated: this integration, or this account, is not connected.
	"""
	connection = find(user, integration, account_name)
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
		supplier=row.supplier or None,
		integration=integration,
		account_name=row.account_name or DEFAULT,
		# If the worker of the sync died, the connection shows that until the next sync takes over.
		status="error" if interrupted or failed else row.status,
		last_sync_at=stored_utc_text(row.last_sync_at),
		last_error=_("The last sync was interrupted. Sync again.") if interrupted else row.last_error or None,
		failure_kind=FAULT if interrupted else row.failure_kind or None,
		stats=_stats(row),
		account=row.account,
		shop=row.shop,
		has_credentials=any(row[key] for key in integration.credential_keys),
		paused=_paused(row),
	)


def _paused(row) -> dict[str, str | None] | None:
	if not row.paused_at:
		return None
	return {"since": stored_utc_text(row.paused_at), "by": row.paused_by}


def _stats(row) -> dict[str, Any]:
	if row.verified_phone:
		return {"verified_phone": row.verified_phone, "alerts": "off" if row.alerts_off else "on"}
	return json.loads(row.stats or "{}")


def listing(user: str) -> list[dict[str, Any]]:
	"""Lists the integrations of the registry with the connections that a user may manage, the first account
	of each, in the reader's language. Only an entry that is paused has `paused`.

	Source: contract, "Integration Connection Object".
	"""
	first: dict[str, Any] = {}
	for row in _rows_of(user):
		first.setdefault(row.integration, row)
	syncing = _syncing(first.values())
	known = {id: _connection(row, syncing) for id, row in first.items()}
	return [entry(integration, known.get(integration.id)) for integration in REGISTRY.values()]


def entry(integration: Integration, connection: Connection | None) -> dict[str, Any]:
	"""The contract's Integration Connection Object, in the reader's language; see `listing`."""
	described = {
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
	if described["has_credentials"]:
		described["credential_keys"] = list(integration.credential_keys)
	if connection and connection.paused:
		described["paused"] = connection.paused
	described["permits"] = list(integration.permits)
	described["what_we_push"] = [str(line) for line in integration.what_we_push]
	described["what_we_pull"] = [str(line) for line in integration.what_we_pull]
	return described


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
	:param account_name: see `ensure`.
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


def ensure(user: str, integration: Integration, account_name: str | None = None) -> str:
	"""Returns the name of the connection that a user connects, and creates it if there is none. Commits the
	caller's earlier changes and begins a transaction, which the caller commits.

	:param account_name: None: the first account, whatever its name.
	:raises RuleViolated: the connection would be a Supplier's, and the user belongs to none.
	"""
	# If two requests arrive at once, the second one waits here until the first one's record exists.
	if integration.is_per_user:
		supplier, account_name = only_supplier_of(user), user
		locked_row("User", user, ["name"])
		key = {"user": user, "integration": integration.id}
	else:
		supplier = supplier_of(user)
		locked_row("Supplier", supplier, ["name"])
		key = {"supplier": supplier, "integration": integration.id}
		if account_name:
			key["account_name"] = account_name
	name = frappe.db.get_value(DOCTYPE, key, order_by=OLDEST_FIRST, for_update=True)
	if name:
		return name
	values = {"user": user, "supplier": supplier, "account_name": account_name or DEFAULT, **key}
	# The vendor's own record; a vendor's roles do not permit creating it.
	return frappe.get_doc({"doctype": DOCTYPE, **values}).insert(ignore_permissions=True).name


def first_connected(supplier: str, integration: Integration) -> str | None:
	"""The name of a Supplier's first connection to an integration that is connected."""
	filters = {"supplier": supplier, "integration": integration.id, "status": ("!=", "not_connected")}
	return frappe.db.get_value(DOCTYPE, filters, order_by=OLDEST_FIRST)


def record_action(name: str, user: str, sentence: str, *, doctype: str = DOCTYPE) -> None:
	"""Writes on the record of a connection, or of another DocType, what a user did with it for its
	Supplier. The caller commits."""
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": doctype,
			"reference_name": name,
			"comment_email": user,
			"comment_by": user,
			"content": sentence,
		}
	).insert(ignore_permissions=True)


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
	:param account_name: see `find`.
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


def advice(user: str, integration: Integration, account_name: str | None = None) -> str | None:
	"""What a user can do about a connection that does not work; None if it works.

	:param account_name: see `find`.
	"""
	connection = find(user, integration, account_name)
	if not connection or connection.status != "error":
		return None
	return advice_of(connection.failure_kind, integration.id)


def record_test(connection: Connection, failure: MedgridError | None) -> None:
	"""Records the outcome of a connection test, unless the connection was disconnected, reconnected or is
	being synced since the test began. Commits.

	:param failure: why the test failed; None: it succeeded.
	"""
	error = failure_text(failure) if failure else None

	def work() -> None:
		row = locked_row(DOCTYPE, connection.name, ["status", "account"])
		if row and row.status in ("connected", "error") and row.account == connection.account:
			pause = {} if error else NO_PAUSE
			status, kind = "error" if error else "connected", kind_of(failure)
			values = {"status": status, "last_error": error, "failure_kind": kind, **pause}
			frappe.db.set_value(DOCTYPE, connection.name, values)
			note_state(connection.name, error, failure)

	in_transaction(work)

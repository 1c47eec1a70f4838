"""Finds Vendor Connections and reads them, without their credentials.

The functions for callers take the user and find the connections of that user and their Supplier only; jobs
use the document's name.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_text
from medgrid.core.transactions import locked_row
from medgrid.exceptions import RuleViolated
from medgrid.integrations.connections.fields import DEFAULT, DOCTYPE, OLDEST_FIRST, SECRETS
from medgrid.integrations.registry import PER_USER, REGISTRY, Integration
from medgrid.integrations.suppliers import only_supplier_of, supplier_of
from medgrid.services.failure_advice import FAULT
from medgrid.sync import running

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


def all_of(user: str) -> list[Connection]:
	"""Lists the connections that a user may manage, the first account of each integration first."""
	rows = _rows_of(user)
	syncing = _syncing(rows)
	return [_connection(row, syncing) for row in rows]


def first_accounts(user: str) -> dict[str, Connection]:
	"""The first account of each integration that a user may manage, by the integration's id."""
	first: dict[str, Any] = {}
	for row in _rows_of(user):
		first.setdefault(row.integration, row)
	syncing = _syncing(first.values())
	return {id: _connection(row, syncing) for id, row in first.items()}


def first_connected(supplier: str, integration: Integration) -> str | None:
	"""The name of a Supplier's first connection to an integration that is connected."""
	filters = {"supplier": supplier, "integration": integration.id, "status": ("!=", "not_connected")}
	return frappe.db.get_value(DOCTYPE, filters, order_by=OLDEST_FIRST)


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


def _syncing(rows: Iterable) -> set[str]:
	"""Those of some connections that a live worker is syncing."""
	return running.running_connections([row.name for row in rows if row.status == "syncing"])


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

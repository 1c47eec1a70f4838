"""What callers read about a connection, in their language."""

from typing import Any

from medgrid.integrations.connections.records import Connection, find, first_accounts
from medgrid.integrations.registry import REGISTRY, Integration
from medgrid.services.failure_advice import advice_of


def listing(user: str) -> list[dict[str, Any]]:
	"""Lists the integrations of the registry with the connections that a user may manage, the first account
	of each, in the reader's language. Only an entry that is paused has `paused`.

	Source: contract, "Integration Connection Object".
	"""
	known = first_accounts(user)
	return [entry(integration, known.get(integration.id)) for integration in REGISTRY.values()]


def entry(integration: Integration, connection: Connection | None) -> dict[str, Any]:
	"""The contract's Integration Connection Object, in the reader's language; see `listing`."""
	described: dict[str, Any] = {
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


def advice(user: str, integration: Integration, account_name: str | None = None) -> str | None:
	"""What a user can do about a connection that does not work; None if it works.

	:param account_name: see `records.find`.
	"""
	connection = find(user, integration, account_name)
	if not connection or connection.status != "error":
		return None
	return advice_of(connection.failure_kind, integration.id)

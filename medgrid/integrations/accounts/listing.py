"""A vendor's accounts, as the portal shows them: which account or shop each is, who connected it when, and
its last syncs. No credentials, and no document names."""

from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_now, stored_utc_text
from medgrid.core.secrets import read_secret
from medgrid.integrations.accounts import order_rules
from medgrid.integrations.connections import descriptions, records
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.registry import SYNCABLE
from medgrid.integrations.shipstation.due import routing
from medgrid.sync import history
from medgrid.sync.job import Job

SHOWN_SYNCS = 10
# A key so short would be half told by its end.
SHORTEST_KEY, SHOWN_CHARACTERS = 12, 4
FIELDS = ("connected_at", "next_sync_at", "shop", "shop_name", "verified_phone")


def accounts(user: str) -> list[dict[str, Any]]:
	"""Lists the connections that a user may manage, the first account of each integration first.

	:returns: for each the contract's Integration Connection Object, and `account` (the vendor's own name for
		it), `connected_as` (the shop's address, the phone, or a masked key), `shop_name`, `connected_at`,
		`connected_by`, `next_sync_at`, and `syncs`: the last ten, see `_sync`. Times are UTC. An account of
		ShipStation has `takes` (see `routing.Takes`; None if it is not connected), `rule` (a list of `kind`
		and `value`) and `store`, the name of the store that the vendor has chosen.
	"""
	return [
		{
			**descriptions.entry(connection.integration, connection),
			**_facts(connection),
			**_orders(connection),
		}
		for connection in records.all_of(user)
	]


def _orders(connection: Connection) -> dict[str, Any]:
	"""Which orders go to an account, and into which store there."""
	if connection.integration.id != "shipstation":
		return {}
	found = routing.takes(connection.supplier).get(connection.name) if connection.supplier else None
	store = frappe.db.get_value(DOCTYPE, connection.name, "store_name")
	rule = order_rules.rule_of(connection.name)
	return {"takes": found and found.value, "rule": rule, "store": store or None}


def _facts(connection: Connection) -> dict[str, Any]:
	row = frappe.db.get_value(DOCTYPE, connection.name, FIELDS, as_dict=True)
	is_connected = connection.status != "not_connected"
	is_timed = is_connected and connection.integration.id in SYNCABLE and not connection.paused
	return {
		"account": connection.account_name,
		"connected_as": _identity(connection, row) if is_connected else None,
		"shop_name": row.shop_name or None,
		"connected_at": stored_utc_text(row.connected_at) if is_connected else None,
		"connected_by": connection.user if is_connected else None,
		# Without a time it is due at once.
		"next_sync_at": stored_utc_text(row.next_sync_at or stored_utc_now()) if is_timed else None,
		"syncs": _syncs(connection),
	}


def _identity(connection: Connection, row: Any) -> str | None:
	return row.shop or row.verified_phone or _masked_key(connection)


def _masked_key(connection: Connection) -> str | None:
	"""The end of the API key, which the vendor compares with the one in ShipStation."""
	if "api_key" not in connection.integration.credential_keys:
		return None
	key = read_secret(DOCTYPE, connection.name, "api_key")
	value = key.get_secret_value() if key else ""
	return f"…{value[-SHOWN_CHARACTERS:]}" if len(value) >= SHORTEST_KEY else None


def _syncs(connection: Connection) -> list[dict[str, Any]]:
	if connection.integration.id not in SYNCABLE:
		return []
	latest = history.latest(Job(connection.integration.id, connection.name), SHOWN_SYNCS)
	return [_sync(run) for run in latest]


def _sync(run: dict[str, Any]) -> dict[str, Any]:
	"""One sync: `started` and `finished` (UTC), `outcome` (`running`, `succeeded`, `failed`, `interrupted`,
	`stopped`), and `sentence`: what it did, or why it failed."""
	return {
		"started": run["started"],
		"finished": run["finished"],
		"outcome": run["status"].lower(),
		"sentence": _sentence(run),
	}


def _sentence(run: dict[str, Any]) -> str:
	if run["error"]:
		return run["error"]
	if run["status"] == "Running":
		return _("It is running.")
	if run["status"] == "Stopped":
		return _("It was stopped, because somebody paused, disconnected or reconnected the account.")
	return " ".join(_done(run["counts"])) or _("There was nothing new.")


def _done(counts: dict[str, Any]) -> list[str]:
	failed = len(counts.get("push_errors") or ()) + len(counts.get("pull_errors") or ())
	parts = (
		(_("Orders sent: {0}."), counts.get("orders_pushed")),
		(_("Tracking numbers: {0}."), counts.get("tracking_pulled")),
		(_("Products: {0}."), counts.get("products_pulled")),
		(_("Failed or cancelled: {0}."), failed),
		(_("Left for the next sync: {0}."), counts.get("deferred")),
	)
	return [sentence.format(number) for sentence, number in parts if number]

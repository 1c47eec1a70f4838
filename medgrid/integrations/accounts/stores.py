"""The store in ShipStation that gets a vendor's orders, chosen among those of the account."""

import time
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shipstation.orders import Store
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import InvalidInput
from medgrid.integrations.connections import records
from medgrid.integrations.connections.actions import record_action
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shipstation.client import client_of

SECONDS = 12


def list_stores(user: str, account_name: str | None) -> dict[str, object]:
	"""Asks ShipStation for the stores of one of a vendor's accounts.

	:param account_name: None: the first account.
	:returns: `stores`, for each `id`, `name`, `marketplace`; `chosen`, the id of one, or None.
	:raises RuleViolated: it is not connected.
	:raises IntegrationError: the request failed.
	"""
	connection = _connection(user, account_name)
	stores = [
		{"id": store.storeId, "name": name_of(store), "marketplace": store.marketplaceName}
		for store in _stores(connection)
	]
	chosen = frappe.db.get_value(DOCTYPE, connection.name, "store_id") or None
	return {"stores": stores, "chosen": chosen}


def name_of(store: Store) -> str:
	"""How a store is shown."""
	return store.storeName or store.marketplaceName or store.storeId


def choose(user: str, account_name: str | None, store_id: str | None) -> str | None:
	"""Chooses the store that gets a vendor's orders from now on; those that are sent stay where they are.
	Commits.

	:param user: who does it for their Supplier.
	:param store_id: None: ShipStation's own default.
	:returns: the store's name.
	:raises InvalidInput: the account has no such store.
	:raises RuleViolated: it is not connected.
	:raises IntegrationError: the request failed.
	"""
	connection, name = _connection(user, account_name), None
	if store_id:
		found = {store.storeId: store for store in _stores(connection)}
		if store_id not in found:
			raise InvalidInput(_("Your ShipStation account has no store {0}.").format(store_id))
		name = name_of(found[store_id])
	in_transaction(partial(_save, connection.name, user, store_id, name))
	return name


def _save(connection: str, user: str, store_id: str | None, name: str | None) -> None:
	row = locked_row(DOCTYPE, connection, ["store_id", "status"])
	if not row or row.status == "not_connected" or (row.store_id or None) == store_id:
		return
	frappe.db.set_value(DOCTYPE, connection, {"store_id": store_id, "store_name": name})
	shown = name or _("ShipStation's default")
	record_action(connection, user, _("{0} has chosen the store: {1}.").format(user, shown))


def _connection(user: str, account_name: str | None) -> Connection:
	return records.require(user, REGISTRY["shipstation"], account_name)


def _stores(connection: Connection) -> list[Store]:
	with client_of(connection, time.monotonic() + SECONDS) as client:
		return client.list_stores()

"""RPC: the vendors' self-service hub. Contract: "list_connections" to "disconnect".

Every function works on the caller's own connections; there is no parameter that could name another's.
"""

from typing import Annotated

import frappe
from frappe import _
from pydantic import SecretStr, StringConstraints

from medgrid.api import endpoint
from medgrid.exceptions import InvalidInput
from medgrid.integrations import connections, syncing
from medgrid.integrations.errors import IntegrationError
from medgrid.integrations.registry import REGISTRY, SYNCABLE, integration_of

IntegrationType = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Credential = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

# Contract, "sync_now": "pushes up to 25 unfulfilled orders".
PUSH_LIMIT = 25


@endpoint("GET")
def list_connections() -> dict:
	"""The registry of integrations with the caller's connections; never a credential.

	:returns: `integrations`, a list of the contract's Integration Connection Object, and `user`.
	"""
	user = frappe.session.user
	return {"integrations": connections.listing(user), "user": user}


@endpoint("POST")
def connect_shipstation(api_key: Credential = "", api_secret: Credential = "") -> dict:
	"""Tests ShipStation credentials and stores them if they are good. Contract: "connect_shipstation".

	:returns: `ok`, `integration`, `status`; or `ok` (False), `error`, `status`, and nothing is stored.
	:raises InvalidInput: one of the two is missing (400).
	"""
	if not api_key or not api_secret:
		raise InvalidInput(_("Both API Key and API Secret are required."))
	integration = REGISTRY["shipstation"]
	operations = integration.load_operations()
	credentials = {"api_key": SecretStr(api_key), "api_secret": SecretStr(api_secret)}
	try:
		operations.probe(credentials)
	except IntegrationError as error:
		return {"ok": False, "error": str(error), "status": "error"}
	account = operations.account_of(credentials)
	connections.save_credentials(frappe.session.user, integration, credentials, account)
	return {"ok": True, "integration": integration.id, "status": "connected"}


@endpoint("POST")
def test_connection(integration_type: IntegrationType) -> dict:
	"""Tests the stored credentials and sets the status accordingly. Contract: "test_connection".

	:returns: `ok` and `error`, a sentence or None.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected (417).
	"""
	connection = connections.require(frappe.session.user, integration_of(integration_type, SYNCABLE))
	failure = None
	try:
		connection.integration.load_operations().probe(connections.credentials_of(connection))
	except IntegrationError as error:
		failure = str(error)
	connections.record_test(connection, failure)
	return {"ok": failure is None, "error": failure}


@endpoint("POST")
def sync_now(integration_type: IntegrationType) -> dict:
	"""Syncs one integration of the caller. Contract: "sync_now".

	:returns: `ok` and `stats`; with `error` if the whole sync failed.
	:raises InvalidInput: unknown integration (400).
	:raises Conflict: a sync is running (409).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	user = frappe.session.user
	connection = connections.require(user, integration_of(integration_type, SYNCABLE))
	return syncing.sync_now(user, connection, limit=PUSH_LIMIT)


@endpoint("POST")
def disconnect(integration_type: IntegrationType) -> dict:
	"""Removes the stored credentials; what was exchanged stays on record. Contract: "disconnect".

	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	connections.forget_credentials(frappe.session.user, integration)
	return {"ok": True, "integration": integration.id}

"""RPC: the vendors' connections. Contract: "list_connections" to "disconnect".

Every function works on the connections of the caller and of the caller's Supplier; no parameter can select
another Supplier's. Who did what is on the connection's record.
"""

from typing import Annotated

import frappe
from pydantic import StringConstraints

from medgrid.api.endpoint import endpoint
from medgrid.api.errors import raise_if_too_early
from medgrid.api.parameters import AccountName
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations import jobs
from medgrid.integrations.accounts import listing as accounts
from medgrid.integrations.accounts import pausing
from medgrid.integrations.connections import descriptions, records
from medgrid.integrations.connections.actions import record_test
from medgrid.integrations.connections.credentials import forget_credentials
from medgrid.integrations.operations import operations_of
from medgrid.integrations.registry import SYNCABLE, integration_of
from medgrid.services.failure_texts import failure_text

IntegrationType = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]

# Contract, "sync_now": "pushes up to 25 unfulfilled orders".
PUSH_LIMIT = 25


@endpoint("GET")
def list_connections() -> dict:
	"""Lists the integrations with the caller's connections, without credentials.

	:returns: `integrations`, a list of the contract's Integration Connection Object, and `user`.
	"""
	user = frappe.session.user
	return {"integrations": descriptions.listing(user), "user": user}


@endpoint("GET")
def list_accounts() -> dict:
	"""Lists the caller's connections, several of one integration included, with what identifies each account,
	who connected it when, and its last syncs. Without credentials.

	:returns: `accounts`, see `accounts.listing.accounts`, and `user`.
	"""
	user = frappe.session.user
	return {"accounts": accounts.accounts(user), "user": user}


@endpoint("POST", vendors=True)
def test_connection(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Tests the stored credentials and records the outcome as the connection's status.

	Contract: "test_connection".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `error`, a sentence or None.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: the other system's rate limit is reached for longer than a caller waits, which
		changes no status; or the caller has another request to another system under way (429).
	"""
	integration = integration_of(integration_type, SYNCABLE)
	connection = records.require(frappe.session.user, integration, account)
	failure = None
	try:
		operations_of(connection.integration).test(connection)
	except IntegrationError as error:
		raise_if_too_early(error)
		failure = error
	record_test(connection, failure)
	return {"ok": failure is None, "error": failure_text(failure) if failure else None}


@endpoint("GET")
def connection_advice(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Says what the caller can do about a connection that does not work.

	:param account: the name of one of several accounts; None: the first.
	:returns: `advice`, a sentence; None if the connection works, or is not connected.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	return {"advice": descriptions.advice(frappe.session.user, integration, account)}


@endpoint("POST", vendors=True)
def sync_now(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Syncs one integration of the caller's Supplier. Contract: "sync_now".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `stats`, and `error` if the whole sync failed.
	:raises InvalidInput: unknown integration (400).
	:raises Conflict: a sync is running (409).
	:raises RuleViolated: not connected, paused, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: the caller has another request to another system under way (429).
	"""
	user = frappe.session.user
	connection = records.require(user, integration_of(integration_type, SYNCABLE), account)
	return jobs.sync_now(connection, limit=PUSH_LIMIT)


@endpoint("POST", vendors=True)
def pause(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Pauses a connection: it stays connected, and nothing syncs it until somebody resumes it. A sync in
	progress ends. The same again changes nothing.

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok`, `integration`, and `paused` with `since` and `by`.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	user, integration = frappe.session.user, integration_of(integration_type, SYNCABLE)
	pausing.pause(user, integration, account)
	connection = records.find(user, integration, account)
	return {"ok": True, "integration": integration.id, "paused": connection and connection.paused}


@endpoint("POST", vendors=True)
def resume(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Ends a pause; the next sync is queued at once. The same again changes nothing.

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	integration = integration_of(integration_type, SYNCABLE)
	pausing.resume(frappe.session.user, integration, account)
	return {"ok": True, "integration": integration.id}


@endpoint("POST")
def disconnect(integration_type: IntegrationType, account: AccountName | None = None) -> dict:
	"""Deletes the stored credentials and keeps the records of past syncs. Contract: "disconnect".

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `integration`.
	:raises InvalidInput: unknown integration (400).
	"""
	integration = integration_of(integration_type)
	forget_credentials(frappe.session.user, integration, account)
	return {"ok": True, "integration": integration.id}

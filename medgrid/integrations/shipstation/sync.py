"""What the hub asks of an integration, for ShipStation. Contract: "Integration Flow"."""

import time
from hashlib import sha256

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.request_window import RequestWindow
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.integrations import connections
from medgrid.integrations.connections import Connection
from medgrid.integrations.engine import SyncResult, SyncRun
from medgrid.integrations.shipstation.order_records import PushContext
from medgrid.integrations.shipstation.push import PushReport, push_due_orders
from medgrid.integrations.shipstation.tracking import PullReport, pull_tracking
from medgrid.integrations.suppliers import supplier_of
from medgrid.services.base_urls import base_url
from medgrid.services.exchange_log import log_exchange
from medgrid.services.failure_texts import failure_text

PROBE_SECONDS = 70


def check_user(user: str) -> None:
	"""
	:raises RuleViolated: the user belongs to no Supplier.
	"""
	supplier_of(user)


def account_of(credentials: dict[str, SecretStr]) -> str:
	"""A fingerprint by which two connections with one ShipStation key are known; it tells nothing else."""
	return sha256(f"shipstation:{credentials['api_key'].get_secret_value()}".encode()).hexdigest()[:40]


def probe(credentials: dict[str, SecretStr]) -> None:
	"""Tests credentials, within PROBE_SECONDS.

	:raises IntegrationError: they are rejected, or ShipStation cannot say.
	"""
	with _client(credentials, time.monotonic() + PROBE_SECONDS) as client:
		client.list_tags()


def test(connection: Connection) -> None:
	"""Tests the stored credentials, within PROBE_SECONDS.

	:raises IntegrationError: they are rejected, or ShipStation cannot say.
	"""
	probe(connections.credentials_of(connection))


def sync(run: SyncRun) -> SyncResult:
	"""Probe, push, pull. A failure ends it; what was done until then is in the result all the same.

	:raises RuleViolated: the user belongs to no Supplier any more.
	:raises LeaseLost: somebody else syncs now.
	"""
	supplier = supplier_of(run.connection.user)
	context = PushContext(supplier, run.connection.name, run.connection.account)
	credentials = connections.credentials_of(run.connection)
	pushed, pulled, probed, error = PushReport(), PullReport(), False, None
	try:
		with _client(credentials, run.deadline, heartbeat=run.lease.renew) as client:
			client.list_tags()
			probed = True
			push_due_orders(client, context, run.limit, pushed)
			pull_tracking(client, supplier, pulled)
	except DeadlineExceeded:
		# Not even the probe: everything is left.
		pushed.deferred = 1
	except IntegrationError as failure:
		frappe.db.rollback()
		error = failure_text(failure)
	return SyncResult(
		stats=_stats(pushed, pulled, round_trip_ok=probed and not error),
		done={"orders_pushed": pushed.pushed, "tracking_pulled": pulled.pulled},
		error=error,
		complaint=_complaint(pushed, pulled),
		deferred=pushed.deferred + pulled.deferred,
		pushes_left=None if run.limit is None else run.limit - pushed.pushed,
	)


def empty_stats() -> dict:
	"""The stats of a sync that did not come to anything."""
	return _stats(PushReport(), PullReport(), round_trip_ok=False)


def _stats(pushed: PushReport, pulled: PullReport, *, round_trip_ok: bool) -> dict:
	return {
		"orders_pushed": pushed.pushed,
		"tracking_pulled": pulled.pulled,
		"round_trip_ok": round_trip_ok,
		"push_errors": pushed.errors,
		"pull_errors": pulled.errors,
		"deferred": pushed.deferred + pulled.deferred,
		"tracking_method": pulled.method,
	}


def _complaint(pushed: PushReport, pulled: PullReport) -> str | None:
	errors = [*pushed.errors, *pulled.errors]
	if not errors:
		return None
	more = _(" (and {0} more)").format(len(errors) - 1) if len(errors) > 1 else ""
	return f"{errors[0]}{more}"


def _client(credentials: dict[str, SecretStr], deadline: float, heartbeat=lambda: None) -> ShipStationClient:
	key, secret = credentials["api_key"], credentials["api_secret"]
	return ShipStationClient(
		base_url("shipstation"),
		key,
		secret,
		RequestWindow(frappe.cache, key.get_secret_value()),
		deadline=deadline,
		heartbeat=heartbeat,
		observer=log_exchange,
	)

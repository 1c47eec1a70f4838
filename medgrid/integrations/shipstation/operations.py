"""What the hub asks of an integration, for ShipStation. Contract: "Integration Flow"."""

import time
from hashlib import sha256

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.integrations.endpoints import base_url
from medgrid.integrations.errors import OutOfTime
from medgrid.integrations.shipstation.budget import Budget
from medgrid.integrations.shipstation.client import ShipStationClient
from medgrid.integrations.shipstation.push import PushReport, Vendor, push_due_orders
from medgrid.integrations.shipstation.tracking import PullReport, pull_tracking
from medgrid.integrations.syncing import SyncResult, SyncRun
from medgrid.integrations.vendors import supplier_of

PROBE_SECONDS = 70


def check_user(user: str) -> None:
	"""
	:raises RuleViolated: the user belongs to no Supplier.
	"""
	supplier_of(user)


def account_of(credentials: dict[str, SecretStr]) -> str:
	"""A fingerprint by which two connections to one ShipStation account are known; it tells nothing else."""
	return sha256(f"shipstation:{credentials['api_key'].get_secret_value()}".encode()).hexdigest()[:40]


def probe(credentials: dict[str, SecretStr]) -> None:
	"""Tests credentials, within PROBE_SECONDS.

	:raises IntegrationError: they are rejected, or ShipStation cannot say.
	"""
	_client(credentials, time.monotonic() + PROBE_SECONDS).list_tags()


def sync(run: SyncRun) -> SyncResult:
	"""Probe, push, pull.

	:raises IntegrationError: what stops the whole sync.
	:raises LeaseLost: somebody else syncs now.
	"""
	supplier = supplier_of(run.connection.user)
	client = _client(run.credentials, run.deadline, before_waiting=run.lease.renew)
	pushed, pulled = PushReport(), PullReport()
	try:
		client.list_tags()
		vendor = Vendor(supplier, run.connection.name, run.connection.account)
		pushed = push_due_orders(client, vendor, run.limit)
		pulled = pull_tracking(client, supplier, run.connection.account)
	except OutOfTime:
		pulled.deferred += 1
	return _result(run, pushed, pulled)


def empty_stats() -> dict:
	"""The stats of a sync that did not come to anything."""
	return _stats(PushReport(), PullReport(), round_trip_ok=False)


def _result(run: SyncRun, pushed: PushReport, pulled: PullReport) -> SyncResult:
	return SyncResult(
		stats=_stats(pushed, pulled, round_trip_ok=True),
		done={"orders_pushed": pushed.pushed, "tracking_pulled": pulled.pulled},
		complaint=_complaint(pushed, pulled),
		deferred=pushed.deferred + pulled.deferred,
		pushes_left=None if run.limit is None else run.limit - pushed.pushed,
	)


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


def _client(
	credentials: dict[str, SecretStr], deadline: float, before_waiting=lambda: None
) -> ShipStationClient:
	key, secret = credentials["api_key"], credentials["api_secret"]
	return ShipStationClient(
		base_url("shipstation"),
		key,
		secret,
		Budget(frappe.cache, key.get_secret_value()),
		deadline=deadline,
		before_waiting=before_waiting,
	)

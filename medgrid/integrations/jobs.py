"""Syncs of vendors' connections: in a caller's request, and as RQ jobs. Each connection has its own job, so
several workers sync several vendors at a time."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import job
from medgrid.core.jobs import LONG, enqueue
from medgrid.exceptions import Conflict, RuleViolated
from medgrid.integrations import connections
from medgrid.integrations.connection_sync import ConnectionSync
from medgrid.integrations.connections import Connection
from medgrid.integrations.operations import operations_of
from medgrid.services.outgoing import take_turn
from medgrid.sync import engine, runs
from medgrid.sync.engine import Outcome
from medgrid.sync.runs import Run


@job
def push_and_track() -> None:
	"""Queues the syncs with ShipStation: they push orders and pull tracking. The scheduler's hourly job."""
	sync_connected_vendors("shipstation")


@job
def pull_catalogs() -> None:
	"""Queues the catalog pulls from vendors' Shopify stores. The scheduler's daily job."""
	sync_connected_vendors("shopify")


def sync_connected_vendors(integration: str) -> None:
	"""Queues one job for each vendor who has connected an integration, except during the pauses after syncs
	that failed."""
	connection, user = frappe.qb.DocType("Vendor Connection"), frappe.qb.DocType("User")
	names = (
		frappe.qb.from_(connection)
		.join(user)
		.on(user.name == connection.user)
		.select(connection.name)
		.where((connection.integration == integration) & (connection.status != "not_connected"))
		# A vendor who may no longer sign in must not receive further customers' addresses.
		.where(user.enabled == 1)
		.where(connection.next_sync_at.isnull() | (connection.next_sync_at <= stored_utc_now()))
		.run(pluck=True)
	)
	for name in names:
		enqueue_sync(name)


@job
def sync_connection(connection: str, token: str | None = None, limit: int | None = None) -> None:
	"""Syncs one connection, or resumes a run that was handed over. The RQ job.

	:param token: the token of the run to resume; None: begin a new run.
	:param limit: the maximum number of orders to push; None: all.
	"""
	if not frappe.db.exists("Vendor Connection", connection):
		return
	sync = _sync_of(connections.get(connection), limit)
	if token:
		engine.resume(sync, token, seconds=engine.JOB_SECONDS, go_on=_go_on(sync), yields=sync.is_resumable)
		return
	# Conflict: another worker is syncing the connection. RuleViolated: the vendor has disconnected it. Other
	# failures are recorded on the run.
	with suppress(Conflict, RuleViolated):
		carry_out(sync, seconds=engine.JOB_SECONDS)


def sync_now(connection: Connection, limit: int | None) -> dict[str, Any]:
	"""Syncs a connection in a vendor's request; if that takes longer than a caller waits, a job continues.
	Contract: "sync_now".

	:param limit: the maximum number of orders to push.
	:returns: `ok`, `stats`, and `error` if the sync failed.
	:raises RuleViolated: the user does not belong to exactly one enabled Supplier, or has disconnected.
	:raises Conflict: a sync is running.
	:raises TooManyRequests: see `outgoing.take_turn`.
	:raises Busy: see `outgoing.take_turn`.
	"""
	sync = _sync_of(connection, limit, by_person=True)
	sync.prepare()
	runs.check_idle(sync.job)
	take_turn(meanwhile=lambda: runs.check_idle(sync.job))
	return answer_of(sync, carry_out(sync, seconds=engine.ANSWER_SECONDS))


def carry_out(sync: ConnectionSync, *, seconds: float) -> Outcome:
	"""Carries out a sync.

	:param seconds: after this time a job continues.
	:raises Conflict: a sync of the connection is running.
	:raises RuleViolated: the connection was disconnected meanwhile.
	"""
	return engine.sync(sync, seconds=seconds, go_on=_go_on(sync), yields=sync.is_resumable)


def answer_of(sync: ConnectionSync, outcome: Outcome) -> dict[str, Any]:
	"""Builds the response of `sync_now`, as the contract prescribes."""
	if outcome.error:
		return {"ok": False, "error": outcome.error, "stats": sync.stats()}
	return {"ok": True, "stats": sync.stats()}


def _sync_of(connection: Connection, limit: int | None, *, by_person: bool = False) -> ConnectionSync:
	return operations_of(connection.integration).sync_of(connection, limit, by_person=by_person)


def _go_on(sync: ConnectionSync) -> Callable[[Run], None]:
	return lambda run: enqueue_sync(sync.connection.name, token=run.token, limit=sync.push_quota_left())


def enqueue_sync(connection: str, *, token: str | None = None, limit: int | None = None) -> None:
	"""Queues the sync of a connection. While such a job waits or runs, a second one is not queued.

	:param token: the token of the run that the job resumes, which no other job can; None: the job begins a
		run.
	:param limit: see `sync_connection`.
	"""
	enqueue(
		sync_connection,
		queue=LONG,
		timeout=engine.JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-sync-{connection}" + (f"-{token[:8]}" if token else ""),
		connection=connection,
		token=token,
		limit=limit,
	)

"""Syncs of vendors' connections: at once for a caller, and as RQ jobs; more workers mean more vendors at a
time."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frappe

from medgrid.core.jobs import LONG, enqueue
from medgrid.exceptions import Conflict, RuleViolated
from medgrid.integrations import connections
from medgrid.integrations.connection_sync import ConnectionSync
from medgrid.integrations.connections import Connection
from medgrid.integrations.operations import operations_of
from medgrid.sync import engine
from medgrid.sync.engine import Outcome
from medgrid.sync.runs import Run


def push_and_track() -> None:
	"""The scheduler's hourly job: orders out to ShipStation, tracking back."""
	sync_connected_vendors("shipstation")


def pull_catalogs() -> None:
	"""The scheduler's daily job: what vendors' Shopify stores sell."""
	sync_connected_vendors("shopify")


def sync_connected_vendors(integration: str) -> None:
	"""Queues one job for each vendor who has connected an integration."""
	connection, user = frappe.qb.DocType("Vendor Connection"), frappe.qb.DocType("User")
	names = (
		frappe.qb.from_(connection)
		.join(user)
		.on(user.name == connection.user)
		.select(connection.name)
		.where((connection.integration == integration) & (connection.status != "not_connected"))
		# A vendor who may not sign in any more gets no more customers' addresses.
		.where(user.enabled == 1)
		.run(pluck=True)
	)
	for name in names:
		enqueue_sync(name)


def sync_connection(connection: str, token: str | None = None, limit: int | None = None) -> None:
	"""Syncs one connection, or goes on with a run that was handed over.

	:param token: of the run to resume.
	:param limit: how many orders to push at most; None: all.
	"""
	if not frappe.db.exists("Vendor Connection", connection):
		return
	sync = _sync_of(connections.get(connection), limit)
	if token:
		engine.resume(sync, token, seconds=engine.JOB_SECONDS, go_on=_go_on(sync))
		return
	# Another worker syncs it, or the vendor has disconnected it; what keeps a user from syncing is on record.
	with suppress(Conflict, RuleViolated):
		carry_out(sync, seconds=engine.JOB_SECONDS)


def sync_now(connection: Connection, limit: int | None) -> dict[str, Any]:
	"""A sync that a vendor asked for; what takes longer than a caller waits goes on as a job. Contract:
	"sync_now".

	:param limit: how many orders to push at most.
	:returns: `ok`, `stats`, and `error` if it failed.
	:raises RuleViolated: this user cannot sync as things stand.
	:raises Conflict: a sync is running.
	"""
	sync = _sync_of(connection, limit)
	sync.prepare()
	return answer_of(sync, carry_out(sync, seconds=engine.ANSWER_SECONDS))


def carry_out(sync: ConnectionSync, *, seconds: float) -> Outcome:
	"""
	:param seconds: after so long, a job goes on.
	:raises Conflict: a sync of the connection is running.
	:raises RuleViolated: it was disconnected meanwhile.
	"""
	return engine.sync(sync, seconds=seconds, go_on=_go_on(sync))


def answer_of(sync: ConnectionSync, outcome: Outcome) -> dict[str, Any]:
	"""The contract's answer to `sync_now`."""
	if outcome.state == engine.LOST:
		return {"ok": False, "error": outcome.error}
	if outcome.error:
		return {"ok": False, "error": outcome.error, "stats": sync.stats()}
	return {"ok": True, "stats": sync.stats()}


def _sync_of(connection: Connection, limit: int | None) -> ConnectionSync:
	return operations_of(connection.integration).sync_of(connection, limit)


def _go_on(sync: ConnectionSync) -> Callable[[Run], None]:
	return lambda run: enqueue_sync(sync.connection.name, token=run.token, limit=sync.push_quota_left())


def enqueue_sync(connection: str, *, token: str | None = None, limit: int | None = None) -> None:
	"""One RQ job a connection; a second one while the first waits or runs is not queued.

	:param token: of the run that the job resumes, and alone can; None: the job begins its own.
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

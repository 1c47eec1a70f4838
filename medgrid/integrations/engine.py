"""One sync of one connection, whichever integration it is; what takes too long goes on as a job.

Data flow: lease → the integration's `sync(SyncRun)` → `SyncResult` → the lease's end, or a job that goes on.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import MedgridError
from medgrid.integrations import connections, leases
from medgrid.integrations.connections import Connection
from medgrid.integrations.leases import Lease, LeaseLost
from medgrid.services.failure_texts import failure_text

# A caller gets an answer within 100 seconds; a few of them are for what follows the last exchange.
ANSWER_SECONDS = 85
JOB_SECONDS = 1200
JOB_TIMEOUT_SECONDS = 1500


@dataclass(frozen=True)
class SyncRun:
	"""What an integration gets to know of a sync.

	:param deadline: `time.monotonic()` when there is no more time; what is left then is deferred.
	:param limit: how many documents to push at most; None: all.
	"""

	connection: Connection
	lease: Lease
	deadline: float
	limit: int | None


@dataclass
class SyncResult:
	"""What a sync did.

	:param stats: for the caller, with the contract's keys.
	:param done: what to add to the connection's stats.
	:param shown: what to show there instead of what was shown before.
	:param error: why the whole sync failed, in words for the vendor.
	:param complaint: what went wrong with single documents.
	:param deferred: how much is left for a job.
	"""

	stats: dict[str, Any]
	done: dict[str, int] = field(default_factory=dict)
	shown: dict[str, Any] = field(default_factory=dict)
	error: str | None = None
	complaint: str | None = None
	deferred: int = 0
	pushes_left: int | None = None


def sync_now(user: str, connection: Connection, limit: int | None) -> dict[str, Any]:
	"""A sync that a vendor asked for, within 100 seconds. Contract: "sync_now".

	:raises RuleViolated: this user cannot sync as things stand.
	:raises Conflict: a sync is running.
	"""
	connection.integration.load_operations().check_user(user)
	lease = leases.begin(connection.name)
	return run(lease, limit=limit, seconds=ANSWER_SECONDS)


def run(lease: Lease, *, limit: int | None, seconds: float) -> dict[str, Any]:
	"""Runs a sync whose lease has begun, to its end or to its deadline.

	:returns: `ok`, `stats`, and `error` if it failed.
	"""
	try:
		result = _exchange(lease, limit, time.monotonic() + seconds)
		if result.deferred and not result.error:
			_go_on_later(lease, result)
		else:
			lease.finish(error=result.error, complaint=result.complaint, done=result.done, shown=result.shown)
	except LeaseLost:
		sentence = _("The sync was stopped: the integration was disconnected or reconnected.")
		return {"ok": False, "error": sentence}
	if result.error:
		return {"ok": False, "error": result.error, "stats": result.stats}
	return {"ok": True, "stats": result.stats}


def _exchange(lease: Lease, limit: int | None, deadline: float) -> SyncResult:
	connection = connections.get(lease.connection)
	operations = connection.integration.load_operations()
	try:
		return operations.sync(SyncRun(connection, lease, deadline, limit))
	except MedgridError as error:
		frappe.db.rollback()
		return SyncResult(stats=operations.empty_stats(), error=failure_text(error))
	except LeaseLost:
		raise
	except Exception:
		frappe.db.rollback()
		sentence = _("Something failed at MedGrid's end. It was recorded; try again later.")
		lease.finish(error=sentence, complaint=None, done={})
		raise


def _go_on_later(lease: Lease, result: SyncResult) -> None:
	"""Hands the lease to a job; the connection stays `syncing`."""
	successor = lease.hand_over(result.done)
	enqueue(lease.connection, token=successor.token, limit=result.pushes_left)


def enqueue(connection: str, *, token: str | None = None, limit: int | None = None) -> None:
	"""One RQ job a connection; a second one while the first waits or runs is not queued.

	:param token: of the lease that the job takes over, and alone can; None: the job begins its own.
	"""
	frappe.enqueue(
		"medgrid.integrations.jobs.sync_connection",
		queue="long",
		timeout=JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-sync-{connection}" + (f"-{token[:8]}" if token else ""),
		deduplicate=True,
		connection=connection,
		token=token,
		limit=limit,
	)

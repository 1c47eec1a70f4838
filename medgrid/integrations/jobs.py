"""Syncs of vendors' connections: in a caller's request, and as RQ jobs. Each connection has its own job, so
several workers sync several vendors at a time."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frappe

from medgrid.core.faults.borders import job
from medgrid.core.jobs import enqueue, sync_queue
from medgrid.exceptions import Conflict, RuleViolated
from medgrid.integrations import turns
from medgrid.integrations.connections import records
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.connections.sync import ConnectionSync
from medgrid.integrations.operations import operations_of
from medgrid.services.outgoing import take_slot
from medgrid.sync import engine, running
from medgrid.sync.engine import SyncOutcome
from medgrid.sync.runs import Run

# A job works for so long; what is left is due again.
SLICE_SECONDS = 120


@job
def dispatch() -> None:
	"""Queues the syncs of the connections whose turn it is. The scheduler's job at every tick; each sync that
	ends does the same."""
	top_up()


@job
def push_and_track() -> None:
	"""As `dispatch`, for jobs that release 0.1 queued."""
	top_up()


@job
def pull_catalogs() -> None:
	"""As `dispatch`, for jobs that release 0.1 queued."""
	top_up()


def top_up() -> int:
	"""Queues the syncs of connections that are due, as many as the queue has room for.

	:returns: their number.
	"""
	frappe.db.rollback()
	queued = 0
	for name in turns.due_connections(turns.room_in_queue()):
		turn = turns.take(name)
		if turn and not enqueue_sync(name, turn=turn):
			# The queue is full or down. It is not asked again for each of the others.
			turns.give_back(name)
			break
		queued += bool(turn)
	return queued


@job
def sync_connection(
	connection: str, token: str | None = None, limit: int | None = None, turn: int | None = None
) -> None:
	"""Syncs one connection for one slice, or resumes a run that was handed over. The RQ job.

	:param token: the token of the run to resume; None: begin a new run.
	:param limit: the maximum number of orders to push; None: all.
	:param turn: the number of the dispatcher's turn; None: nobody's. A job whose turn is over does nothing.
	"""
	if not frappe.db.exists("Vendor Connection", connection):
		return
	if turn and not turns.begin(connection, turn):
		return
	try:
		_sync_connection(connection, token, limit)
	finally:
		if turn:
			top_up()


def _sync_connection(connection: str, token: str | None, limit: int | None) -> None:
	sync = _sync_of(records.get(connection), limit)
	if token:
		options = {"yields": sync.is_resumable, "is_sliced": not sync.is_resumable}
		engine.resume(sync, token, seconds=SLICE_SECONDS, go_on=_go_on(sync), **options)
		return
	# Conflict: another worker is syncing the connection. RuleViolated: the vendor has disconnected it. Other
	# failures are recorded on the run.
	with suppress(Conflict, RuleViolated):
		carry_out(sync, seconds=SLICE_SECONDS, is_sliced=not sync.is_resumable)


def sync_now(connection: Connection, limit: int | None) -> dict[str, Any]:
	"""Syncs a connection in a vendor's request; if that takes longer than a caller waits, a job continues.
	Contract: "sync_now".

	:param limit: the maximum number of orders to push.
	:returns: `ok`, `stats`, and `error` if the sync failed.
	:raises RuleViolated: the user does not belong to exactly one enabled Supplier, or has disconnected.
	:raises Conflict: a sync is running.
	:raises TooManyRequests: see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	sync = _sync_of(connection, limit, by_person=True)
	sync.prepare()
	running.check_idle(sync.job)
	take_slot(meanwhile=lambda: running.check_idle(sync.job))
	return answer_of(sync, carry_out(sync, seconds=engine.ANSWER_SECONDS))


def carry_out(sync: ConnectionSync, *, seconds: float, is_sliced: bool = False) -> SyncOutcome:
	"""Carries out a sync.

	:param seconds: after this time a job continues.
	:param is_sliced: see `engine.sync`.
	:raises Conflict: a sync of the connection is running.
	:raises RuleViolated: the connection was disconnected meanwhile.
	"""
	options = {"yields": sync.is_resumable, "is_sliced": is_sliced}
	return engine.sync(sync, seconds=seconds, go_on=_go_on(sync), **options)


def answer_of(sync: ConnectionSync, outcome: SyncOutcome) -> dict[str, Any]:
	"""Builds the response of `sync_now`, as the contract prescribes."""
	if outcome.error:
		return {"ok": False, "error": outcome.error, "stats": sync.stats()}
	return {"ok": True, "stats": sync.stats()}


def _sync_of(connection: Connection, limit: int | None, *, by_person: bool = False) -> ConnectionSync:
	return operations_of(connection.integration).sync_of(connection, limit, by_person=by_person)


def _go_on(sync: ConnectionSync) -> Callable[[Run], None]:
	def queue(run: Run) -> None:
		enqueue_sync(sync.connection.name, token=run.token, limit=sync.push_quota_left())

	return queue


def sync_soon(integration: str, supplier: str) -> None:
	"""Queues the syncs of a Supplier's connections to an integration before their turn, because a person asks
	for what they do. Commits."""
	for name in turns.connections_of(integration, supplier):
		turns.make_due(name)
		if not queue_soon(name):
			return


def queue_soon(name: str) -> bool:
	"""Queues the sync of a connection that is due, unless it is queued or paused. If the queue is full or
	down, the dispatcher does it. Commits.

	:returns: whether the queue takes jobs.
	"""
	turn = turns.take(name)
	if turn and not enqueue_sync(name, turn=turn):
		turns.give_back(name)
		return False
	return True


def enqueue_sync(
	connection: str, *, token: str | None = None, limit: int | None = None, turn: int | None = None
) -> bool:
	"""Queues the sync of a connection. The job's id has the run's token or the number of the turn: a job of
	the same connection that Redis still takes for running is not in the way.

	:param token: the token of the run that the job resumes, which no other job can; None: the job begins a
		run.
	:param limit: see `sync_connection`.
	:param turn: see `sync_connection`.
	:returns: whether the queue took it.
	"""
	number = token[:8] if token else turn
	return enqueue(
		sync_connection,
		queue=sync_queue(),
		timeout=engine.JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-sync-{connection}" + (f"-{number}" if number else ""),
		connection=connection,
		token=token,
		limit=limit,
		turn=turn,
	)

"""Syncs with the store, in an administrator's request and as RQ jobs.

Every day a job syncs the catalog and then the inventory; every hour a job runs the reconciliation. While no
store is connected, no job is queued. At most one sync of each kind runs at a time.

Contract: "sync_catalog", "sync_inventory" ("Keep sync_catalog as a scheduled daily job").
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from frappe import _
from rq.timeouts import JobTimeoutException

from medgrid.core.faults.borders import job, report
from medgrid.core.jobs import LONG, enqueue
from medgrid.core.rate_limits import MINUTE
from medgrid.exceptions import Conflict, MedgridError, RuleViolated, TooManyRequests
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.catalog.sync import CatalogSync
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment.reconciliation_sync import ReconciliationSync
from medgrid.exoceuticals.inventory.sync import InventorySync
from medgrid.exoceuticals.orders import repetition
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, RateLimited
from medgrid.services.outgoing import take_slot
from medgrid.sync import engine, running
from medgrid.sync.engine import JOB_TIMEOUT_SECONDS, SyncOutcome
from medgrid.sync.runs import Run

SYNCS: dict[str, type[StoreSync]] = {"catalog": CatalogSync, "inventory": InventorySync}
DAILY = tuple(SYNCS)
# The job that sends orders again works for so long; the next tick goes on.
SLICE_SECONDS = 120
STATUSES = {engine.SUCCEEDED: "ok", engine.RUNNING: "running"}


@job
def queue_daily_syncs() -> None:
	"""Queues the daily syncs if a store is connected. The scheduler's daily job."""
	if settings.load().is_connected():
		_enqueue_all(run_daily_syncs, "daily")


@job
def queue_reconciliation() -> None:
	"""Queues the reconciliation if a store is connected. The scheduler's hourly job."""
	if settings.load().is_connected():
		_enqueue_all(run_reconciliation, "reconciliation")


@job
def take_up_dead() -> None:
	"""Queues the syncs with the store whose worker died, as soon as its lease is over: they go on where it
	stopped, and those that follow them, follow. The scheduler's job at every tick."""
	for kind in DAILY:
		if dead := running.dead_run(SYNCS[kind].job):
			_enqueue_all(run_daily_syncs, f"daily-{kind}-{dead}", first=kind)
	if dead := running.dead_run(ReconciliationSync.job):
		_enqueue_all(run_reconciliation, f"reconciliation-{dead}")


@job
def queue_due_orders() -> None:
	"""Queues the job that sends orders again, if one is due. The scheduler's job at every tick."""
	if settings.load().is_connected() and repetition.is_due():
		enqueue(
			send_due_orders,
			queue=LONG,
			timeout=JOB_TIMEOUT_SECONDS,
			job_id="medgrid-exoceuticals-orders",
			unless_running=True,
		)


@job
def send_due_orders() -> None:
	"""Sends the orders that are due. The RQ job."""
	store = settings.load()
	if store.is_connected():
		with store_client(store, seconds=SLICE_SECONDS) as client:
			repetition.send_due(client)


def _enqueue_all(function: Callable[..., Any], name: str, **arguments: str) -> None:
	timeout = len(DAILY) * JOB_TIMEOUT_SECONDS
	job_id = f"medgrid-exoceuticals-{name}"
	enqueue(function, queue=LONG, timeout=timeout, job_id=job_id, unless_running=True, **arguments)


def sync_now(kind: str) -> dict[str, Any]:
	"""Carries out a sync in an administrator's request; if that takes longer than a caller waits, a job
	continues. At a rate limit of Shopify's before anything is done, no job does.

	:param kind: a key of SYNCS.
	:returns: `status`: "ok" or "running" (a job continues); and the result so far.
	:raises RuleViolated: a setting is missing or wrong, or Shopify failed. What was done until then stays;
		the message names the record that has its counts.
	:raises Conflict: a sync of the same kind is running.
	:raises TooManyRequests: Shopify's rate limit is used up; or see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	sync = SYNCS[kind]()
	sync.is_watched = True
	sync.prepare()
	running.check_idle(sync.job)
	take_slot(meanwhile=lambda: running.check_idle(sync.job))
	outcome = engine.sync(sync, seconds=engine.ANSWER_SECONDS, go_on=_go_on(kind, None), fails_at_limit=True)
	if outcome.state in (engine.FAILED, engine.LOST):
		raise _failure(outcome) from None
	return _result(sync, outcome)


@job
def run_daily_syncs(first: str = DAILY[0]) -> None:
	"""Carries out the daily syncs in order. A sync that exceeds its time limit continues as a separate job,
	which queues the syncs that follow.

	:param first: the sync to begin with, one of DAILY; those before it are skipped.
	"""
	kinds = DAILY[DAILY.index(first) :]
	for kind, following in zip(kinds, (*kinds[1:], None), strict=True):
		if run_sync(kind, following) == engine.RUNNING:
			return


@job
def run_sync(kind: str, following: str | None = None) -> str | None:
	"""Carries out one sync within a job.

	:param kind: a key of SYNCS.
	:param following: the daily sync to queue after this one, if this one is handed over to another job.
	:returns: how it ended (`SyncOutcome.state`); None if it could not begin, or if it failed because of a
		fault in MedGrid.
	"""
	sync = SYNCS[kind]()
	try:
		sync.prepare()
		return engine.sync(sync, seconds=engine.JOB_SECONDS, go_on=_go_on(kind, following), yields=True).state
	except (Conflict, RuleViolated):
		# Conflict: another worker runs this sync. RuleViolated: a setting is missing; `health` names it.
		return None
	except JobTimeoutException:
		# RQ raises it only once. If it were suppressed, the next sync would have no time limit.
		raise
	except Exception as error:
		# The run's record has the failure. The next sync must still run.
		report(error, f"Exoceuticals: {kind} sync")
		return None


@job
def run_job(kind: str, token: str, following: str | None = None) -> dict[str, Any] | None:
	"""Resumes a run that was handed over. The RQ job.

	:param kind: a key of SYNCS.
	:param token: the token of the handover.
	:param following: the daily sync to queue when this one has ended.
	:returns: as `sync_now`, with the status "error" after a failure; None if another worker has the run.
	"""
	sync, outcome = SYNCS[kind](), None
	try:
		outcome = engine.resume(
			sync, token, seconds=engine.JOB_SECONDS, go_on=_go_on(kind, following), yields=True
		)
		return _result(sync, outcome) if outcome else None
	finally:
		if following and not (outcome and outcome.state == engine.RUNNING):
			_enqueue_all(run_daily_syncs, f"daily-{following}", first=following)


@job
def run_reconciliation() -> None:
	"""Carries out the reconciliation. The RQ job."""
	sync = ReconciliationSync()
	with suppress(Conflict, RuleViolated):
		sync.prepare()
		engine.sync(sync, seconds=engine.JOB_SECONDS)


def _result(sync: StoreSync, outcome: SyncOutcome) -> dict[str, Any]:
	return {"status": STATUSES.get(outcome.state, "error"), **sync.result(outcome.run)}


def _failure(outcome: SyncOutcome) -> MedgridError:
	"""The error of a sync that did not end: as that of any other exchange with the store."""
	failure = outcome.failure
	if failure and not isinstance(failure, IntegrationError):
		return failure
	sentence = _("{0} What was done until then is in the Sync Run {1}.").format(
		outcome.error, outcome.run.name
	)
	if isinstance(failure, RateLimited | DeadlineExceeded):
		return TooManyRequests(sentence, retry_after=failure.retry_after or MINUTE)
	return RuleViolated(sentence)


def _go_on(kind: str, following: str | None) -> Callable[[Run], None]:
	def queue(run: Run) -> None:
		enqueue(
			run_job,
			queue=LONG,
			timeout=JOB_TIMEOUT_SECONDS,
			job_id=f"medgrid-exoceuticals-{kind}-{run.token[:8]}",
			kind=kind,
			token=run.token,
			following=following,
		)

	return queue

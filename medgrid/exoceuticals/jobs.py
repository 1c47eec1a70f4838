"""Syncs with the store: at once for an administrator, and as RQ jobs: daily the catalog and then the stock,
hourly the reconciliation. All of it is off while there is no store, and of one kind one job runs at a time.

Contract: "sync_catalog", "sync_inventory" ("Keep sync_catalog as a scheduled daily job").
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frappe
from rq.timeouts import JobTimeoutException

from medgrid.core.jobs import LONG, enqueue
from medgrid.exceptions import Conflict, RuleViolated
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.catalog.sync import CatalogSync
from medgrid.exoceuticals.fulfillment.reconciliation_sync import ReconciliationSync
from medgrid.exoceuticals.inventory.sync import InventorySync
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import IntegrationError
from medgrid.sync import engine
from medgrid.sync.engine import JOB_TIMEOUT_SECONDS, Outcome
from medgrid.sync.runs import Run

SYNCS: dict[str, type[StoreSync]] = {"catalog": CatalogSync, "inventory": InventorySync}
DAILY = tuple(SYNCS)


def queue_daily_syncs() -> None:
	"""The scheduler's daily job."""
	if settings.load().is_connected():
		_enqueue_all(run_daily_syncs, "daily")


def queue_reconciliation() -> None:
	"""The scheduler's hourly job."""
	if settings.load().is_connected():
		_enqueue_all(run_reconciliation, "reconciliation")


def _enqueue_all(function: Callable[..., Any], name: str, **arguments: str) -> None:
	timeout = len(DAILY) * JOB_TIMEOUT_SECONDS
	enqueue(function, queue=LONG, timeout=timeout, job_id=f"medgrid-exoceuticals-{name}", **arguments)


def sync_now(kind: str) -> dict[str, Any]:
	"""A sync that a person asked for; what takes longer than a caller waits goes on as a job.

	:param kind: of SYNCS.
	:returns: `status`: "ok", "running" (a job goes on), or "error" with `error`, a sentence; and what was
		done so far.
	:raises RuleViolated: a setting is missing or wrong.
	:raises Conflict: one of the same kind is running.
	"""
	sync = SYNCS[kind]()
	sync.is_watched = True
	sync.prepare()
	return _answer(sync, engine.sync(sync, seconds=engine.ANSWER_SECONDS, go_on=_go_on(kind, None)))


def run_daily_syncs(first: str = DAILY[0]) -> None:
	"""The syncs in their order, from one of them on. A long one goes on as a job of its own, and that one
	with the next.

	:param first: of DAILY.
	"""
	kinds = DAILY[DAILY.index(first) :]
	for kind, following in zip(kinds, (*kinds[1:], None), strict=True):
		if run_sync(kind, following) == engine.RUNNING:
			return


def run_sync(kind: str, following: str | None = None) -> str | None:
	"""One sync, as a job of its own.

	:param kind: of SYNCS.
	:param following: the sync to go on with when this one had to be handed over and has ended.
	:returns: how it ended (`Outcome.state`); None if it could not begin, or failed by a fault of MedGrid's
		own.
	"""
	sync = SYNCS[kind]()
	try:
		sync.prepare()
		return engine.sync(sync, seconds=engine.JOB_SECONDS, go_on=_go_on(kind, following)).state
	except (Conflict, RuleViolated):
		# Another worker runs it; or a setting that only this one needs is missing: `health` says which.
		return None
	except JobTimeoutException:
		# It comes once: swallowed, nothing would bound what follows.
		raise
	except Exception:
		# On record with the run: it does not keep the other sync from its day.
		frappe.db.rollback()
		frappe.log_error(f"Exoceuticals: {kind} sync")
		return None


def run_job(kind: str, token: str, following: str | None = None) -> dict[str, Any] | None:
	"""Goes on with a run that was handed over.

	:param kind: of SYNCS.
	:param following: the sync to go on with when this one has ended.
	:returns: as `sync_now`; None if another worker has it.
	"""
	sync, outcome = SYNCS[kind](), None
	try:
		outcome = engine.resume(sync, token, seconds=engine.JOB_SECONDS, go_on=_go_on(kind, following))
		return _answer(sync, outcome) if outcome else None
	finally:
		if following and not (outcome and outcome.state == engine.RUNNING):
			_enqueue_all(run_daily_syncs, f"daily-{following}", first=following)


def run_reconciliation() -> None:
	"""Requests the state of the orders whose webhooks may have been lost."""
	sync = ReconciliationSync()
	with suppress(Conflict, RuleViolated):
		sync.prepare()
		engine.sync(sync, seconds=engine.JOB_SECONDS)


def _answer(sync: StoreSync, outcome: Outcome) -> dict[str, Any]:
	if outcome.state == engine.LOST:
		return {"status": "error", "error": outcome.error}
	result = sync.result(outcome.run)
	if outcome.state == engine.RUNNING:
		return {"status": "running", **result}
	if not outcome.failure:
		return {"status": "ok", **result}
	if isinstance(outcome.failure, IntegrationError):
		return {"status": "error", **result, "error": outcome.error}
	raise outcome.failure


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

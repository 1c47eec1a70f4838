"""One sync with the store, whichever it is: its run, its failure, and the job that goes on with a long one.

A sync is a module with `KIND`, `check()`, `carry_out(run, deadline)` and `result(run)`; `catalog` and
`inventory` are two. Whatever it did before a failure stays done, and the answer says so.
"""

import time
from importlib import import_module
from types import ModuleType
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import Conflict, MedgridError
from medgrid.exoceuticals import runs
from medgrid.exoceuticals.failure_notices import notify_first_failure
from medgrid.exoceuticals.runs import Run, RunLost
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.services.failure_texts import failure_text

# A caller gets an answer within 100 seconds; a few of them are for what follows the last exchange.
ANSWER_SECONDS = 85
JOB_SECONDS = 1200
JOB_TIMEOUT_SECONDS = 1500


def sync_now(sync: ModuleType) -> dict[str, Any]:
	"""A sync that a person asked for, within 100 seconds; what does not fit goes on as a job.

	:returns: `status`: "ok", "running" (a job goes on), or "error" with `error`, a sentence; and what was
		done so far.
	:raises RuleViolated: a setting is missing or wrong.
	:raises Conflict: one of the same kind is running.
	"""
	sync.check()
	return _carry_out(sync, runs.start(sync.KIND), ANSWER_SECONDS)


def run_job(kind: str, token: str | None = None, following: str | None = None) -> dict[str, Any] | None:
	"""A sync as an RQ job.

	:param kind: "catalog" or "inventory".
	:param token: of the run that was handed over; None: it begins its own.
	:param following: the sync to go on with when a handed-over one has ended.
	:returns: as `sync_now`; None if somebody else runs one.
	"""
	sync = import_module(f"medgrid.exoceuticals.{kind}.sync")
	try:
		if not token:
			sync.check()
		run = runs.resume(kind, token) if token else runs.start(kind)
	except Conflict:
		return None
	result = None
	try:
		result = _carry_out(sync, run, JOB_SECONDS, following) if run else None
	finally:
		notify_first_failure(kind)
		if token and following and not (result and result["status"] == "running"):
			_queue(following)
	return result


def _queue(following: str) -> None:
	frappe.enqueue(
		"medgrid.exoceuticals.jobs.run_daily_syncs",
		queue="long",
		timeout=JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-exoceuticals-daily-{following}",
		deduplicate=True,
		first=following,
	)


def _carry_out(sync: ModuleType, run: Run, seconds: float, following: str | None = None) -> dict[str, Any]:
	error = None
	try:
		try:
			sync.carry_out(run, time.monotonic() + seconds)
		except DeadlineExceeded:
			return _go_on_later(sync, run, following)
		except IntegrationError as failure:
			frappe.db.rollback()
			error = failure_text(failure)
		return _finish(sync, run, error)
	except RunLost:
		frappe.db.rollback()
		return {"status": "error", "error": _("The sync was stopped: another one took over.")}
	except Exception as failure:
		_record_failure(sync, run, failure)
		raise


def _go_on_later(sync: ModuleType, run: Run, following: str | None) -> dict[str, Any]:
	"""Hands the run to a job."""
	token = run.token = run.hand_over()
	frappe.enqueue(
		"medgrid.exoceuticals.engine.run_job",
		queue="long",
		timeout=JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-exoceuticals-{sync.KIND}-{token[:8]}",
		deduplicate=True,
		kind=sync.KIND,
		token=token,
		following=following,
	)
	return {"status": "running", **sync.result(run)}


def _finish(sync: ModuleType, run: Run, error: str | None) -> dict[str, Any]:
	result = sync.result(run)
	run.finish(sync.counts(run), error)
	if error:
		return {"status": "error", **result, "error": error}
	return {"status": "ok", **result}


def _record_failure(sync: ModuleType, run: Run, failure: Exception) -> None:
	"""Ends the run; the failure itself is the caller's."""
	frappe.db.rollback()
	is_ours = not isinstance(failure, MedgridError)
	sentence = _("Something failed at MedGrid's end. It was recorded; try again later.")
	try:
		run.finish(sync.counts(run), sentence if is_ours else failure_text(failure))
	except RunLost:
		frappe.db.rollback()

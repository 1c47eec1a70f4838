"""Carries out any sync: begins and ends its run, records its failure, and hands a long run over to a job.

Data flow: the run begins → `Sync.carry_out(run)` → the run ends, or is handed over to a job.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import frappe
from frappe import _

from medgrid.core.waiting import request_time
from medgrid.exceptions import Busy, MedgridError
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.services.failure_texts import failure_text
from medgrid.services.support import us
from medgrid.sync import runs
from medgrid.sync.job import Job
from medgrid.sync.runs import Run, RunLost

# A caller waits this long for a sync; what is left then goes on as a job.
ANSWER_SECONDS = request_time.EXCHANGE_SECONDS
JOB_SECONDS = 1200
JOB_TIMEOUT_SECONDS = 1500
# After this time a job that yields lets other jobs go first.
FAIR_SECONDS = 120
# A run is handed over from job to job for so long.
MAX_RUN_SECONDS = 2 * 3600

GoOn = Callable[[Run], None]

SUCCEEDED, FAILED, RUNNING, LOST = "succeeded", "failed", "running", "lost"


class Sync(Protocol):
	"""A sync that a feature defines. A failure does not undo what the sync did before."""

	job: Job

	def carry_out(self, run: Run) -> None:
		"""Syncs, from the start or from `run.progress`. Calls `run.heartbeat` before each request.

		:raises DeadlineExceeded: the next worker does the rest; `run.progress` says where it continues.
		:raises MedgridError: the sync failed; the message is for people.
		:raises RunLost: see `Run.heartbeat`.
		"""

	def counts(self, run: Run) -> dict[str, Any]:
		"""Returns the counts that the run's record stores."""

	def began(self) -> None:
		"""Is called in the transaction that begins the run."""

	def ended(self, run: Run, error: str | None) -> None:
		"""Is called in the transaction that ends the run.

		:param error: why the sync failed, in a sentence for people; None: it succeeded. `run.failure` is the
			failure itself.
		"""

	def interrupted(self) -> None:
		"""Is called in the transaction that ends the run of a worker that died."""

	def handed_over(self, run: Run) -> None:
		"""Is called in the transaction that hands the run over to another worker."""


class RunTooLong(IntegrationError):
	"""A run was handed over from job to job for MAX_RUN_SECONDS and did not come to its end."""


@dataclass(frozen=True)
class SyncOutcome:
	"""The result of `sync` or `resume`.

	:param run: the run that was carried out.
	:param state: SUCCEEDED, FAILED, RUNNING (a job continues) or LOST (another worker took over).
	:param error: a sentence for people if the state is FAILED or LOST.
	:param failure: the MedgridError that made the sync fail.
	"""

	run: Run
	state: str
	error: str | None = None
	failure: MedgridError | None = None


def sync(
	sync: Sync,
	*,
	seconds: float,
	go_on: GoOn | None = None,
	yields: bool = False,
	is_sliced: bool = False,
	fails_at_limit: bool = False,
) -> SyncOutcome:
	"""Begins a run and carries it out.

	:param sync: the sync to carry out.
	:param seconds: the time limit; a job does what remains after it.
	:param go_on: queues the job that resumes the run; None: reaching the time limit is a failure.
	:param yields: whether the run is handed over early, so that jobs that wait in the queue go first. Only
		for syncs that continue exactly where they stopped.
	:param is_sliced: whether a job that reaches its deadline has ended well, because another run does what is
		left, without a handover.
	:param fails_at_limit: whether a rate limit of the other system before anything is done is a failure: the
		caller is told when to try again, instead of a job that would do all of it.
	:raises Conflict: a run of the same job is in progress.
	"""
	run = runs.start(sync.job, also=sync.began, interrupted=sync.interrupted)
	options = {"yields": yields, "is_sliced": is_sliced, "fails_at_limit": fails_at_limit}
	return carry_out(sync, run, seconds, go_on, **options)


def resume(
	sync: Sync,
	token: str,
	*,
	seconds: float,
	go_on: GoOn | None = None,
	yields: bool = False,
	is_sliced: bool = False,
) -> SyncOutcome | None:
	"""Resumes a run that was handed over.

	:param sync: the sync to carry out.
	:param token: the token of the handover.
	:param seconds: see `sync`.
	:param go_on: see `sync`.
	:param yields: see `sync`.
	:param is_sliced: see `sync`.
	:returns: None if another worker has the run, or if it has ended.
	"""
	run = runs.resume(sync.job, token)
	if not run:
		return None
	return carry_out(sync, run, seconds, go_on, yields=yields, is_sliced=is_sliced)


def carry_out(
	sync: Sync,
	run: Run,
	seconds: float,
	go_on: GoOn | None = None,
	*,
	yields: bool = False,
	is_sliced: bool = False,
	fails_at_limit: bool = False,
) -> SyncOutcome:
	"""Carries out a run to its end or to its deadline.

	:param sync: the sync to carry out.
	:param run: the run, begun or resumed by this worker.
	:param seconds: see `sync`.
	:param go_on: see `sync`.
	:raises Exception: a fault of MedGrid; the run is recorded as failed.
	"""
	run.deadline = request_time.deadline_in(seconds)
	if go_on and yields:
		run.yields_after = time.monotonic() + FAIR_SECONDS
	try:
		return _carry_out(sync, run, go_on, is_sliced=is_sliced, fails_at_limit=fails_at_limit)
	except RunLost:
		frappe.db.rollback()
		return SyncOutcome(
			run, LOST, _("The sync was stopped: another one took over, or the connection was removed.")
		)


def _carry_out(
	sync: Sync, run: Run, go_on: GoOn | None, *, is_sliced: bool, fails_at_limit: bool
) -> SyncOutcome:
	try:
		sync.carry_out(run)
	except DeadlineExceeded as failure:
		frappe.db.rollback()
		if is_sliced:
			return _finish(sync, run, None)
		is_limited = failure.retry_after is not None and not run.has_saved
		if not go_on or (fails_at_limit and is_limited):
			return _finish(sync, run, failure)
		return _hand_over(sync, run, go_on)
	except Busy as failure:
		# A caller does not wait for a lock as long as a job does.
		frappe.db.rollback()
		if go_on and request_time.in_request():
			return _hand_over(sync, run, go_on)
		return _finish(sync, run, failure)
	except MedgridError as failure:
		frappe.db.rollback()
		return _finish(sync, run, failure)
	except RunLost:
		raise
	except BaseException:
		# RQ raises its timeout only once, and not in all versions as a subclass of Exception: end the run,
		# then raise it again.
		frappe.db.rollback()
		_finish(
			sync, run, MedgridError(_("Something failed at MedGrid's end. It was recorded; try again later."))
		)
		raise
	return _finish(sync, run, None)


def _finish(sync: Sync, run: Run, failure: MedgridError | None) -> SyncOutcome:
	error = failure_text(failure) if failure else None
	run.failure = failure
	run.finish(sync.counts(run), error, also=lambda: sync.ended(run, error))
	return SyncOutcome(run, FAILED if failure else SUCCEEDED, error, failure)


def _hand_over(sync: Sync, run: Run, go_on: GoOn) -> SyncOutcome:
	if run.age() > MAX_RUN_SECONDS:
		return _finish(sync, run, RunTooLong(_too_long()))
	run.hand_over(also=lambda: sync.handed_over(run))
	go_on(run)
	return SyncOutcome(run, RUNNING)


def _too_long() -> str:
	hours = MAX_RUN_SECONDS // 3600
	return _("The sync was stopped after {0} hours: there was always more to sync. Ask {1} why.").format(
		hours, us()
	)

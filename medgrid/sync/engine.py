"""Carries out one sync, whichever it is: its run, its failure, and the job that goes on with a long one.

Data flow: the run begins → `Sync.carry_out(run)` → the run ends, or is handed over to a job.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import frappe
from frappe import _

from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.services.failure_texts import failure_text
from medgrid.sync import runs
from medgrid.sync.runs import Job, Run, RunLost

# A caller gets an answer within 100 seconds; a few of them are for what follows the last exchange.
ANSWER_SECONDS = 85
JOB_SECONDS = 1200
JOB_TIMEOUT_SECONDS = 1500

GoOn = Callable[[Run], None]

SUCCEEDED, FAILED, RUNNING, LOST = "succeeded", "failed", "running", "lost"


class Sync(Protocol):
	"""One sync that a feature defines. What it did before a failure stays done."""

	job: Job

	def carry_out(self, run: Run) -> None:
		"""Syncs, or goes on from `run.progress`. Calls `run.heartbeat` before each request.

		:raises DeadlineExceeded: the rest is for the next worker; `run.progress` says where to go on.
		:raises MedgridError: it failed; the message is for people.
		:raises RunLost: see `Run.heartbeat`.
		"""

	def counts(self, run: Run) -> dict[str, Any]:
		"""What the run's record keeps."""

	def began(self) -> None:
		"""In the transaction that begins the run."""

	def ended(self, run: Run, error: str | None) -> None:
		"""In the transaction that ends it.

		:param error: why it failed, in words for people; None: it succeeded.
		"""

	def interrupted(self) -> None:
		"""In the transaction that ends the run of a worker that died."""

	def handed_over(self, run: Run) -> None:
		"""In the transaction that leaves the run to another worker."""


@dataclass(frozen=True)
class Outcome:
	"""How a sync ended for now.

	:param run: what was carried out.
	:param state: SUCCEEDED, FAILED, RUNNING (a job goes on) or LOST (another worker took over).
	:param error: a sentence for people, unless it succeeded or goes on.
	:param failure: the MedgridError behind it, where one was raised.
	"""

	run: Run
	state: str
	error: str | None = None
	failure: MedgridError | None = None


def sync(sync: Sync, *, seconds: float, go_on: GoOn | None = None) -> Outcome:
	"""Begins a run and carries it out.

	:param seconds: how long; what does not fit goes on as a job.
	:param go_on: queues the job that resumes a run; None: not to come to the end is a failure.
	:raises Conflict: one of the same job is running.
	"""
	return carry_out(
		sync, runs.start(sync.job, also=sync.began, interrupted=sync.interrupted), seconds, go_on
	)


def resume(sync: Sync, token: str, *, seconds: float, go_on: GoOn | None = None) -> Outcome | None:
	"""Goes on with a run that was handed over.

	:returns: None if another worker has it, or it has ended.
	"""
	run = runs.resume(sync.job, token)
	return carry_out(sync, run, seconds, go_on) if run else None


def carry_out(sync: Sync, run: Run, seconds: float, go_on: GoOn | None = None) -> Outcome:
	"""Carries a run out, to its end or to its deadline.

	:raises Exception: a fault of MedGrid's own; the run is on record as failed.
	"""
	run.deadline = time.monotonic() + seconds
	try:
		return _carry_out(sync, run, go_on)
	except RunLost:
		frappe.db.rollback()
		return Outcome(
			run, LOST, _("The sync was stopped: another one took over, or the connection was removed.")
		)


def _carry_out(sync: Sync, run: Run, go_on: GoOn | None) -> Outcome:
	try:
		sync.carry_out(run)
	except DeadlineExceeded as failure:
		frappe.db.rollback()
		return _hand_over(sync, run, go_on) if go_on else _finish(sync, run, failure)
	except MedgridError as failure:
		frappe.db.rollback()
		return _finish(sync, run, failure)
	except RunLost:
		raise
	except BaseException:
		# RQ's time-out comes once, and is no Exception everywhere: the run ends with it, and it goes on its
		# way.
		frappe.db.rollback()
		_finish(
			sync, run, MedgridError(_("Something failed at MedGrid's end. It was recorded; try again later."))
		)
		raise
	return _finish(sync, run, None)


def _finish(sync: Sync, run: Run, failure: MedgridError | None) -> Outcome:
	error = failure_text(failure) if failure else None
	run.finish(sync.counts(run), error, also=lambda: sync.ended(run, error))
	return Outcome(run, FAILED if failure else SUCCEEDED, error, failure)


def _hand_over(sync: Sync, run: Run, go_on: GoOn) -> Outcome:
	run.hand_over(also=lambda: sync.handed_over(run))
	go_on(run)
	return Outcome(run, RUNNING)

"""What the scheduler does for the store, as RQ jobs: daily the two syncs one after the other, hourly the
reconciliation. All of it is off while there is no store, and of one kind one job runs at a time.

Contract: "Keep sync_catalog as a scheduled daily job".
"""

from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

from medgrid.exceptions import Conflict, MedgridError, RuleViolated
from medgrid.exoceuticals import engine, runs, settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.engine import JOB_SECONDS, JOB_TIMEOUT_SECONDS
from medgrid.exoceuticals.failure_notices import notify_first_failure
from medgrid.exoceuticals.fulfillment.reconciliation import Counts, reconcile
from medgrid.exoceuticals.orders import send
from medgrid.exoceuticals.runs import Run, RunLost
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.services.failure_texts import failure_text

DAILY = ("catalog", "inventory")
RECONCILIATION = "reconciliation"


def queue_daily_syncs() -> None:
	"""The scheduler's daily job."""
	if settings.load().is_connected():
		_enqueue(run_daily_syncs, "daily")


def queue_reconciliation() -> None:
	"""The scheduler's hourly job."""
	if settings.load().is_connected():
		_enqueue(run_reconciliation, RECONCILIATION)


def _enqueue(function, name: str) -> None:
	frappe.enqueue(
		f"{function.__module__}.{function.__name__}",
		queue="long",
		timeout=len(DAILY) * JOB_TIMEOUT_SECONDS,
		job_id=f"medgrid-exoceuticals-{name}",
		deduplicate=True,
	)


def run_daily_syncs(first: str = DAILY[0]) -> None:
	"""The syncs in their order, from one of them on. A long one goes on as a job of its own, and that one
	with the next.

	:param first: of DAILY.
	"""
	kinds = DAILY[DAILY.index(first) :]
	for kind, following in zip(kinds, (*kinds[1:], None), strict=True):
		if _sync(kind, following) == "running":
			return


def _sync(kind: str, following: str | None) -> str | None:
	"""How it ended; None if it could not begin."""
	try:
		result = engine.run_job(kind, following=following)
	except RuleViolated:
		# A setting that only this one needs is missing: `health` says which.
		frappe.db.rollback()
		return None
	except JobTimeoutException:
		# It comes once: swallowed, nothing would bound what follows.
		raise
	except Exception:
		# A fault of ours, on record with the run: it does not keep the other sync from its day.
		frappe.db.rollback()
		frappe.log_error(f"Exoceuticals: {kind} sync")
		frappe.db.commit()
		return None
	return result and result["status"]


@dataclass(frozen=True)
class ReconciliationCounts:
	"""What a reconciliation has done so far."""

	settled: send.Resolution = field(default_factory=send.Resolution)
	checked: Counts = field(default_factory=Counts)

	def has_any(self) -> bool:
		return any({**asdict(self.settled), **asdict(self.checked)}.values())

	def told(self, *, complete: bool) -> dict[str, Any]:
		"""For the run's record.

		:param complete: whether it came to everything that was due.
		"""
		return {**asdict(self.settled), **asdict(self.checked), "complete": complete}


def run_reconciliation() -> None:
	"""Asks Shopify about the orders whose news may have been lost.

	Not to come to the end in one's time is no failure, unless nothing at all was done: the next run goes on.
	"""
	store = settings.load()
	try:
		run = runs.start(RECONCILIATION)
	except Conflict:
		return
	counts = ReconciliationCounts()
	try:
		with closing(store_client(store, seconds=JOB_SECONDS, heartbeat=run.renew)) as client:
			send.look_up_attempts(client, counts.settled)
			reconcile(client, run.renew, counts=counts.checked)
	except RunLost:
		frappe.db.rollback()
		return
	except DeadlineExceeded as failure:
		frappe.db.rollback()
		_finish(run, counts.told(complete=False), None if counts.has_any() else failure_text(failure))
	except MedgridError as failure:
		frappe.db.rollback()
		_finish(run, counts.told(complete=False), failure_text(failure))
	except Exception:
		frappe.db.rollback()
		sentence = _("Something failed at MedGrid's end. It was recorded in the Error Log.")
		_finish(run, counts.told(complete=False), sentence)
		raise
	else:
		_finish(run, counts.told(complete=True))


def _finish(run: Run, counts: dict[str, Any], error: str | None = None) -> None:
	with suppress(RunLost):
		run.finish(counts, error)
	notify_first_failure(run.kind)

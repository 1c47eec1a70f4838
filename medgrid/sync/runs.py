"""Sync Run: records every run of a job, and allows at most one at a time.

While a run is in progress, its field `running` holds the job's key, which is unique in the database. The
worker that carries out the run renews its lease. A lease expires, so a dead worker does not block the job:
the next `start` ends the dead worker's run and continues where it stopped, if that was recently. A worker
that returns too late finds its token replaced.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe

from medgrid.core.clock import from_stored_utc, stored_utc
from medgrid.core.database_clock import database_now, is_yet_to_come, stored_database_now
from medgrid.core.jobs import LONG, has_waiting_jobs
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.sync.history import delete_old, interrupted_sentence
from medgrid.sync.job import DOCTYPE, Job
from medgrid.sync.running import conflict

# Longer than one exchange with its retries and waits.
LEASE_SECONDS = 180
# The age at which a lease is renewed, long before it expires.
RENEW_AFTER_SECONDS = 10
# The lease of a run that is handed over: the job may wait in a queue.
HANDOVER_SECONDS = 900
# The progress of an interrupted run is out of date after this time: the next run begins from the start.
RESUME_WITHIN = timedelta(minutes=20)


class RunLost(Exception):
	"""This worker no longer has the run: another worker took over, or the connection was disconnected. The
	worker must stop and write nothing more."""


def nothing_more() -> None:
	"""Does nothing: the default for work that is added to a transaction."""


@dataclass
class Run:
	"""A run that this worker carries out.

	:param progress: what is done, so that another worker can continue; values that JSON can hold.
	:param deadline: the value of `time.monotonic()` at which this worker stops and leaves the rest to the
		next one.
	:param yields_after: the value of `time.monotonic()` after which it does so as soon as other jobs wait.
	:param failure: why the sync failed, once it has.
	:param has_saved: whether this worker has stored any progress.
	"""

	name: str
	job: Job
	token: str
	progress: dict[str, Any] = field(default_factory=dict)
	deadline: float = float("inf")
	yields_after: float = float("inf")
	failure: MedgridError | None = None
	has_saved: bool = False
	_renewed_at: float = 0.0

	def heartbeat(self) -> None:
		"""Renews the lease; is called before each request to the other system and before each wait.

		It never commits the caller's work: while there are uncommitted changes, it does nothing.

		:raises RunLost: this worker no longer has the run.
		:raises DeadlineExceeded: other jobs wait, and it is their turn.
		"""
		if frappe.db.transaction_writes:
			return
		if time.monotonic() > self.yields_after and has_waiting_jobs(LONG):
			raise DeadlineExceeded(was_sent=False)
		if time.monotonic() - self._renewed_at < RENEW_AFTER_SECONDS:
			self.check()
			return
		self._write(lease_until=_in(LEASE_SECONDS))
		self._renewed_at = time.monotonic()

	def age(self) -> float:
		"""The seconds since the run began, with all workers that had it."""
		frappe.db.rollback()
		started = frappe.db.get_value(DOCTYPE, self.name, "started")
		return (stored_database_now() - started).total_seconds() if started else 0

	def check(self) -> None:
		"""Checks that this worker still has the run.

		:raises RunLost: it does not.
		"""
		frappe.db.rollback()
		if frappe.db.get_value(DOCTYPE, self.name, "token") != self.token:
			raise RunLost
		frappe.db.rollback()

	def save(self, **progress: Any) -> None:
		"""Stores the progress. Commits the caller's changes and the progress.

		:param progress: the entries to replace.
		:raises RunLost: this worker no longer has the run.
		"""
		self.progress.update(progress)
		self._write(progress=json.dumps(self.progress))
		self.has_saved = True

	def finish(
		self, counts: dict[str, Any], error: str | None = None, also: Callable[[], None] = nothing_more
	) -> None:
		"""Ends the run. Commits.

		:param counts: the numbers of what the run did.
		:param error: why the run failed, in a sentence for people; None: it succeeded.
		:param also: further work in the same transaction; it is repeated if the transaction is.
		:raises RunLost: this worker no longer has the run.
		"""

		def work() -> None:
			started = self._locked().started
			values = _ended(started, "Failed" if error else "Succeeded", error)
			frappe.db.set_value(DOCTYPE, self.name, {**values, "counts": json.dumps(counts)})
			also()

		in_transaction(work)
		delete_old(self.job)

	def hand_over(self, also: Callable[[], None] = nothing_more) -> str:
		"""Hands the run over to the worker that resumes it with the returned token. Commits.

		:param also: see `finish`.
		:raises RunLost: this worker no longer has the run.
		"""
		token = _new_token()

		def work() -> None:
			self._locked()
			values = {
				"token": token,
				"lease_until": _in(HANDOVER_SECONDS),
				"progress": json.dumps(self.progress),
			}
			frappe.db.set_value(DOCTYPE, self.name, values)
			also()

		in_transaction(work)
		self.token = token
		return token

	def _write(self, **values: Any) -> None:
		def work() -> None:
			self._locked()
			frappe.db.set_value(DOCTYPE, self.name, values, update_modified=False)

		in_transaction(work)

	def _locked(self) -> Any:
		row = locked_row(DOCTYPE, self.name, ["running", "token", "started"])
		if not row or not row.running or row.token != self.token:
			raise RunLost
		return row


def start(
	job: Job, also: Callable[[], None] = nothing_more, interrupted: Callable[[], None] = nothing_more
) -> Run:
	"""Begins a run. Commits, so that other workers see the run at once.

	:param also: further work in the same transaction; it is repeated if the transaction is.
	:param interrupted: further work in the transaction that ends the run of a dead worker.
	:raises Conflict: a run of the same job is in progress.
	"""
	token = _new_token()
	before = in_transaction(lambda: _end_if_dead(job, interrupted))

	def work() -> Run:
		also()
		values = {
			"doctype": DOCTYPE,
			"kind": job.kind,
			"connection": job.connection,
			"running": job.key,
			"token": token,
			"started": stored_database_now(),
			"lease_until": _in(LEASE_SECONDS),
			"resumed_from": before and before.name,
			"progress": json.dumps(before.progress) if before else None,
		}
		# The caller's role was checked already; no role may create runs by hand.
		document = frappe.get_doc(values).insert(ignore_permissions=True)
		return Run(document.name, job, token, dict(before.progress) if before else {})

	try:
		return in_transaction(work)
	except frappe.UniqueValidationError:
		frappe.clear_messages()
	raise conflict()


def resume(job: Job, token: str) -> Run | None:
	"""Takes the run that was handed over with a token; None if another worker has it, or if it has ended."""
	frappe.db.rollback()
	row = frappe.db.get_value(
		DOCTYPE, {"running": job.key, "token": token}, ["name", "progress"], as_dict=True
	)
	frappe.db.rollback()
	return Run(row.name, job, token, json.loads(row.progress or "{}")) if row else None


def stop(connection: str) -> None:
	"""Ends the run of a connection that is being disconnected or connected again. The caller commits."""
	filters = {"connection": connection, "running": ("is", "set")}
	for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "started"]):
		frappe.db.set_value(DOCTYPE, row.name, _ended(row.started, "Stopped", None))


def _end_if_dead(job: Job, interrupted: Callable[[], None]) -> Run | None:
	"""Ends the run of a worker that died.

	:returns: that run, if its progress is recent enough to continue from.
	:raises Conflict: the worker is alive.
	"""
	name = frappe.db.get_value(DOCTYPE, {"running": job.key})
	fields = ["running", "lease_until", "started", "progress"]
	row = locked_row(DOCTYPE, name, fields) if name else None
	if not row or not row.running:
		return None
	if is_yet_to_come(row.lease_until):
		raise conflict()
	frappe.db.set_value(DOCTYPE, name, _ended(row.started, "Interrupted", interrupted_sentence()))
	interrupted()
	progress = json.loads(row.progress or "{}")
	is_recent = database_now() - from_stored_utc(row.lease_until) < RESUME_WITHIN
	return Run(name, job, "", progress) if progress and is_recent else None


def _ended(started: datetime, status: str, error: str | None) -> dict[str, Any]:
	finished = stored_database_now()
	return {
		"status": status,
		"error": error,
		"finished": finished,
		"duration": round(max(0, (finished - started).total_seconds()), 1),
		**dict.fromkeys(("running", "token", "lease_until", "progress")),
	}


def _new_token() -> str:
	return secrets.token_hex(16)


def _in(seconds: int) -> datetime:
	return stored_utc(database_now() + timedelta(seconds=seconds))

"""Sync Run: at most one run of a job at a time, each on record.

A running run's field `running` holds the job's key, which the database keeps unique. Whoever carries the run
out renews its lease; a lease expires, so a dead worker does not block the job: the next `start` takes over,
and goes on where the dead one stopped if that was not long ago. A worker that comes back too late finds its
token replaced.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc, is_ahead, stored_utc, utc_now
from medgrid.core.site_time import utc_text
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import Conflict

DOCTYPE = "Sync Run"
# Longer than any one exchange with its retries and waits.
LEASE_SECONDS = 180
# A lease is written anew when so much of it is gone: it has long not expired then.
RENEW_AFTER_SECONDS = 10
# From one worker to the next there may be a queue.
HANDOVER_SECONDS = 900
# What an interrupted run had read is out of date after so long: the next one begins from the start.
RESUME_WITHIN = timedelta(minutes=20)
# Runs of each job that are kept.
KEPT = 50


class RunLost(Exception):
	"""The run is not this worker's any more (taken over, or its connection was disconnected): stop, and write
	nothing more."""


@dataclass(frozen=True)
class Job:
	"""What may run once at a time.

	:param kind: an option of Sync Run's field `kind`.
	:param connection: the name of the Vendor Connection that is synced; None: the store.
	"""

	kind: str
	connection: str | None = None

	@property
	def key(self) -> str:
		return f"{self.kind}:{self.connection}" if self.connection else self.kind

	@property
	def filters(self) -> dict[str, Any]:
		return {"kind": self.kind, "connection": self.connection or ("is", "not set")}


def nothing_more() -> None:
	"""Nothing else belongs into the transaction."""


@dataclass
class Run:
	"""A run that this worker carries out.

	:param progress: how far it has come, for the worker that goes on; JSON.
	:param deadline: `time.monotonic()` when there is no more time; what is left is for the next worker.
	"""

	name: str
	job: Job
	token: str
	progress: dict[str, Any] = field(default_factory=dict)
	deadline: float = float("inf")
	_renewed_at: float = 0.0

	def heartbeat(self) -> None:
		"""Called before each request to the other system and each wait: renews the lease.

		It never commits the caller's work: while something is uncommitted, the lease is left as it is.

		:raises RunLost: the run is not this worker's any more.
		"""
		if frappe.db.transaction_writes:
			return
		if time.monotonic() - self._renewed_at < RENEW_AFTER_SECONDS:
			self.check()
			return
		self._write(lease_until=_in(LEASE_SECONDS))
		self._renewed_at = time.monotonic()

	def check(self) -> None:
		"""
		:raises RunLost: the run is not this worker's any more.
		"""
		frappe.db.rollback()
		if frappe.db.get_value(DOCTYPE, self.name, "token") != self.token:
			raise RunLost
		frappe.db.rollback()

	def save(self, **progress: Any) -> None:
		"""Remembers how far it has come. Commits, together with what was done.

		:param progress: what to replace in it.
		:raises RunLost: the run is not this worker's any more.
		"""
		self.progress.update(progress)
		self._write(progress=json.dumps(self.progress))

	def finish(
		self, counts: dict[str, Any], error: str | None = None, also: Callable[[], None] = nothing_more
	) -> None:
		"""Ends the run. Commits.

		:param counts: what it did.
		:param error: why it failed, in words for people; None: it succeeded.
		:param also: what else belongs into the same transaction; may be repeated with it.
		:raises RunLost: the run is not this worker's any more.
		"""

		def work() -> None:
			started = self._locked().started
			values = _ended(started, "Failed" if error else "Succeeded", error)
			frappe.db.set_value(DOCTYPE, self.name, {**values, "counts": json.dumps(counts)})
			also()

		in_transaction(work)
		_forget_old(self.job)

	def hand_over(self, also: Callable[[], None] = nothing_more) -> str:
		"""Leaves the run to the worker that resumes it with the token returned. Commits.

		:raises RunLost: the run is not this worker's any more.
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
	"""Begins a run. Commits, so that everybody sees it at once.

	:param also: what else belongs into the same transaction; may be repeated with it.
	:param interrupted: what belongs into the transaction that ends the run of a dead worker.
	:raises Conflict: one of the same job is running.
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
			"started": frappe.utils.now_datetime(),
			"lease_until": _in(LEASE_SECONDS),
			"resumed_from": before and before.name,
			"progress": json.dumps(before.progress) if before else None,
		}
		# The caller's role was checked; nobody may make one by hand.
		document = frappe.get_doc(values).insert(ignore_permissions=True)
		return Run(document.name, job, token, dict(before.progress) if before else {})

	try:
		return in_transaction(work)
	except frappe.UniqueValidationError:
		frappe.clear_messages()
	raise _conflict()


def resume(job: Job, token: str) -> Run | None:
	"""The run that was handed over with a token; None if another worker has it, or it has ended."""
	frappe.db.rollback()
	row = frappe.db.get_value(
		DOCTYPE, {"running": job.key, "token": token}, ["name", "progress"], as_dict=True
	)
	frappe.db.rollback()
	return Run(row.name, job, token, json.loads(row.progress or "{}")) if row else None


def stop(connection: str) -> None:
	"""Ends whatever runs for a connection: it is being disconnected, or connected anew. The caller
	commits."""
	filters = {"connection": connection, "running": ("is", "set")}
	for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "started"]):
		frappe.db.set_value(DOCTYPE, row.name, _ended(row.started, "Stopped", None))


def is_running(job: Job) -> bool:
	"""Whether a live worker carries it out, or is to resume it."""
	return is_ahead(frappe.db.get_value(DOCTYPE, {"running": job.key}, "lease_until"))


def running_connections(connections: list[str]) -> set[str]:
	"""Those of some Vendor Connections that a live worker syncs."""
	if not connections:
		return set()
	filters = {"connection": ("in", connections), "running": ("is", "set")}
	rows = frappe.get_all(DOCTYPE, filters=filters, fields=["connection", "lease_until"])
	return {row.connection for row in rows if is_ahead(row.lease_until)}


def last(job: Job) -> dict[str, Any] | None:
	"""The latest run of a job, running or not; None if there never was one.

	:returns: `status` (Running, Succeeded, Failed, Interrupted, Stopped), `started` and `finished` (UTC),
		`duration` (seconds), `counts`, `error`.
	"""
	fields = ["status", "started", "finished", "duration", "counts", "error", "lease_until"]
	rows = frappe.get_all(DOCTYPE, filters=job.filters, fields=fields, order_by="started desc", limit=1)
	return _summary(rows[0]) if rows else None


def last_counts(job: Job) -> dict[str, Any]:
	"""What the latest run of a job that ended and counted anything did; empty if there is none."""
	filters = {**job.filters, "status": ("!=", "Running"), "counts": ("is", "set")}
	counts = frappe.get_all(DOCTYPE, filters=filters, pluck="counts", order_by="started desc", limit=1)
	return json.loads(counts[0]) if counts else {}


def interrupted_sentence() -> str:
	return _("The worker stopped before it was done. Sync again.")


def _summary(row: Any) -> dict[str, Any]:
	is_dead = row.status == "Running" and not is_ahead(row.lease_until)
	return {
		"status": "Interrupted" if is_dead else row.status,
		"started": utc_text(row.started),
		"finished": utc_text(row.finished),
		"duration": row.duration if row.finished else None,
		"counts": json.loads(row.counts or "{}"),
		"error": interrupted_sentence() if is_dead else row.error or None,
	}


def _end_if_dead(job: Job, interrupted: Callable[[], None]) -> Run | None:
	"""Ends the run of a worker that died.

	:returns: that run, if its progress is worth going on from.
	:raises Conflict: its worker is alive.
	"""
	name = frappe.db.get_value(DOCTYPE, {"running": job.key})
	fields = ["running", "lease_until", "started", "progress"]
	row = locked_row(DOCTYPE, name, fields) if name else None
	if not row or not row.running:
		return None
	if is_ahead(row.lease_until):
		raise _conflict()
	frappe.db.set_value(DOCTYPE, name, _ended(row.started, "Interrupted", interrupted_sentence()))
	interrupted()
	progress = json.loads(row.progress or "{}")
	is_recent = utc_now() - from_stored_utc(row.lease_until) < RESUME_WITHIN
	return Run(name, job, "", progress) if progress and is_recent else None


def _ended(started: datetime, status: str, error: str | None) -> dict[str, Any]:
	finished = frappe.utils.now_datetime()
	return {
		"status": status,
		"error": error,
		"finished": finished,
		"duration": round(max(0, (finished - started).total_seconds()), 1),
		**dict.fromkeys(("running", "token", "lease_until", "progress")),
	}


def _forget_old(job: Job) -> None:
	def work() -> None:
		old = frappe.get_all(
			DOCTYPE, filters=job.filters, order_by="started desc", limit_start=KEPT, limit=1000, pluck="name"
		)
		if old:
			frappe.db.delete(DOCTYPE, {"name": ("in", old)})

	in_transaction(work)


def _conflict() -> Conflict:
	return Conflict(_("A sync is running already. Wait until it is done."))


def _new_token() -> str:
	return secrets.token_hex(16)


def _in(seconds: int) -> datetime:
	return stored_utc(utc_now() + timedelta(seconds=seconds))

"""Runs of the syncs with the store: one of a kind at a time, none for ever, each on record.

A running run's `running` field holds its kind; the database keeps it unique. Whoever carries a run out renews
its lease before each exchange; when a worker dies the lease runs out, and the next `start` takes over. A
worker that comes back too late finds its token gone.
"""

import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
from frappe import _

from medgrid.core.site_time import utc_text
from medgrid.exceptions import Conflict
from medgrid.exoceuticals.failure_notices import notify_first_failure

DOCTYPE = "Exoceuticals Sync Run"
KINDS = ("catalog", "inventory", "reconciliation")
# Longer than any one exchange with its retries and waits.
LEASE_SECONDS = 180
# A lease is written anew when so much of it is gone: it has long not run out then.
RENEW_AFTER_SECONDS = 10
# From one worker to the next there may be a queue.
HANDOVER_SECONDS = 900
# Of each kind.
KEPT = 50


class RunLost(Exception):
	"""Another worker took the run over: stop, and write nothing more."""


@dataclass
class Run:
	"""A run that this worker carries out.

	:param progress: up to where it has come, for the worker that goes on; JSON.
	"""

	name: str
	kind: str
	token: str
	progress: dict[str, Any] = field(default_factory=dict)
	_renewed_at: float = 0.0

	def renew(self) -> None:
		"""Holds on for LEASE_SECONDS more. Commits: what was done so far is done.

		:raises RunLost: it is another worker's now.
		"""
		frappe.db.commit()
		if time.monotonic() - self._renewed_at < RENEW_AFTER_SECONDS:
			return
		self._check()
		self._write(lease_until=_utc_now() + timedelta(seconds=LEASE_SECONDS))
		self._renewed_at = time.monotonic()

	def save(self, **progress: Any) -> None:
		"""Remembers how far it has come. Commits, together with what was done.

		:param progress: what to replace in it.
		"""
		self.progress.update(progress)
		frappe.db.set_value(DOCTYPE, self.name, "progress", json.dumps(self.progress), update_modified=False)
		frappe.db.commit()

	def finish(self, counts: dict[str, Any], error: str | None = None) -> None:
		"""Ends the run. Commits.

		:param counts: what it did.
		:param error: why it failed, in words for an administrator; None: it succeeded.
		:raises RunLost: it is another worker's now.
		"""
		started = self._check()
		status = "Failed" if error else "Succeeded"
		self._write(**_ended(started, status, error), counts=json.dumps(counts))
		_forget_old(self.kind)

	def hand_over(self) -> str:
		"""Leaves the run to the worker that resumes it with the token returned. Commits.

		:raises RunLost: it is another worker's now.
		"""
		self._check()
		token = _new_token()
		self._write(token=token, lease_until=_utc_now() + timedelta(seconds=HANDOVER_SECONDS))
		return token

	def _check(self) -> datetime:
		"""When it started, if it is still this worker's; the row stays locked."""
		# A locking read must be a transaction's first, to see what is there now.
		frappe.db.commit()
		fields = ["running", "token", "started"]
		row = frappe.db.get_value(DOCTYPE, self.name, fields, as_dict=True, for_update=True)
		if not row or not row.running or row.token != self.token:
			frappe.db.rollback()
			raise RunLost
		return row.started

	def _write(self, **values: Any) -> None:
		frappe.db.set_value(DOCTYPE, self.name, values)
		frappe.db.commit()


def start(kind: str) -> Run:
	"""Begins a run. Commits, so that everybody sees it at once.

	:param kind: one of KINDS.
	:raises Conflict: one of the same kind is running.
	"""
	frappe.db.commit()
	if running := frappe.db.get_value(DOCTYPE, {"running": kind}):
		_end_if_dead(running)
	token = _new_token()
	values = {"kind": kind, "running": kind, "token": token, "started": frappe.utils.now_datetime()}
	document = frappe.get_doc(
		{"doctype": DOCTYPE, **values, "lease_until": _utc_now() + timedelta(seconds=LEASE_SECONDS)}
	)
	try:
		document.insert(ignore_permissions=True)  # the caller's role was checked; nobody may make one by hand
	except (frappe.UniqueValidationError, frappe.QueryDeadlockError):
		frappe.db.rollback()
		frappe.clear_messages()
		raise _conflict() from None
	frappe.db.commit()
	return Run(document.name, kind, token)


def resume(kind: str, token: str) -> Run | None:
	"""The run that was handed over with a token; None if another worker has it, or it has ended."""
	frappe.db.commit()
	filters = {"running": kind, "token": token}
	row = frappe.db.get_value(DOCTYPE, filters, ["name", "progress"], as_dict=True)
	return Run(row.name, kind, token, json.loads(row.progress or "{}")) if row else None


def last(kind: str) -> dict[str, Any] | None:
	"""The latest run of a kind, running or not; None if there never was one.

	:returns: `status` (Running, Succeeded, Failed, Interrupted), `started` and `finished` (UTC), `duration`
		(seconds), `counts`, `error`.
	"""
	fields = ["status", "started", "finished", "duration", "counts", "error", "lease_until"]
	rows = frappe.get_all(DOCTYPE, filters={"kind": kind}, fields=fields, order_by="started desc", limit=1)
	return _summary(rows[0]) if rows else None


def last_counts(kind: str) -> dict[str, Any]:
	"""What the latest run of a kind that ended and counted anything did; empty if there is none."""
	filters = {"kind": kind, "status": ("!=", "Running"), "counts": ("is", "set")}
	counts = frappe.get_all(DOCTYPE, filters=filters, pluck="counts", order_by="started desc", limit=1)
	return json.loads(counts[0]) if counts else {}


def _summary(row) -> dict[str, Any]:
	is_dead = row.status == "Running" and not _is_live(row.lease_until)
	return {
		"status": "Interrupted" if is_dead else row.status,
		"started": utc_text(row.started),
		"finished": utc_text(row.finished),
		"duration": row.duration if row.finished else None,
		"counts": json.loads(row.counts or "{}"),
		"error": _interrupted() if is_dead else row.error or None,
	}


def _end_if_dead(name: str) -> None:
	"""
	:raises Conflict: it is alive.
	"""
	fields = ["kind", "running", "lease_until", "started"]
	row = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	if not row or not row.running:
		return
	if _is_live(row.lease_until):
		frappe.db.rollback()
		raise _conflict()
	frappe.db.set_value(DOCTYPE, name, _ended(row.started, "Interrupted", _interrupted()))
	notify_first_failure(row.kind)


def _ended(started: datetime, status: str, error: str | None) -> dict[str, Any]:
	finished = frappe.utils.now_datetime()
	return {
		"status": status,
		"error": error,
		"finished": finished,
		"duration": round(max(0, (finished - started).total_seconds()), 1),
		**dict.fromkeys(("running", "token", "lease_until", "progress")),
	}


def _forget_old(kind: str) -> None:
	old = frappe.get_all(
		DOCTYPE, filters={"kind": kind}, order_by="started desc", limit_start=KEPT, limit=1000, pluck="name"
	)
	if old:
		frappe.db.delete(DOCTYPE, {"name": ("in", old)})
		frappe.db.commit()


def _is_live(lease_until: datetime | None) -> bool:
	"""Whether a lease holds; its time is stored in UTC, whatever the site's zone and daylight saving time."""
	return bool(lease_until) and frappe.utils.get_datetime(lease_until) > _utc_now()


def _conflict() -> Conflict:
	return Conflict(_("This sync is running already. Wait until it is done."))


def _interrupted() -> str:
	return _("The worker stopped before it was done. Sync again.")


def _new_token() -> str:
	return secrets.token_hex(16)


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)

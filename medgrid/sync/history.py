"""What is recorded of the latest runs of a sync, and how many records are kept."""

import json
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_text
from medgrid.core.database_clock import is_yet_to_come
from medgrid.core.transactions import in_transaction
from medgrid.sync.job import DOCTYPE, Job

# The number of runs that are kept for each job.
KEPT = 50


def last(job: Job) -> dict[str, Any] | None:
	"""The latest run of a job, in progress or ended, as `latest` describes it; None if there is none."""
	return next(iter(latest(job, 1)), None)


def latest(job: Job, most: int) -> list[dict[str, Any]]:
	"""The latest runs of a job, in progress or ended, the newest first.

	:param most: their maximum number.
	:returns: for each `status` (Running, Succeeded, Failed, Interrupted, Stopped), `started` and `finished`
		(UTC), `duration` (seconds), `counts`, `error`.
	"""
	fields = ["status", "started", "finished", "duration", "counts", "error", "lease_until"]
	rows = frappe.get_all(DOCTYPE, filters=job.filters, fields=fields, order_by="started desc", limit=most)
	return [_summary(row) for row in rows]


def last_counts(job: Job) -> dict[str, Any]:
	"""The counts of the latest run of a job that ended and has counts; empty if there is none."""
	filters = {**job.filters, "status": ("!=", "Running"), "counts": ("is", "set")}
	counts = frappe.get_all(DOCTYPE, filters=filters, pluck="counts", order_by="started desc", limit=1)
	return json.loads(counts[0]) if counts else {}


def interrupted_sentence() -> str:
	"""The sentence about a run whose worker died."""
	return _("The worker stopped before the sync was complete. Sync again.")


def _summary(row: Any) -> dict[str, Any]:
	is_dead = row.status == "Running" and not is_yet_to_come(row.lease_until)
	return {
		"status": "Interrupted" if is_dead else row.status,
		"started": stored_utc_text(row.started),
		"finished": stored_utc_text(row.finished),
		"duration": row.duration if row.finished else None,
		"counts": json.loads(row.counts or "{}"),
		"error": interrupted_sentence() if is_dead else row.error or None,
	}


def delete_old(job: Job) -> None:
	"""Deletes the oldest runs of a job, those beyond KEPT. Commits."""

	def work() -> None:
		old = frappe.get_all(
			DOCTYPE, filters=job.filters, order_by="started desc", limit_start=KEPT, limit=1000, pluck="name"
		)
		if old:
			frappe.db.delete(DOCTYPE, {"name": ("in", old)})

	in_transaction(work)

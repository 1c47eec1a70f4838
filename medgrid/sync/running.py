"""Whether a run of a sync is in progress. Nothing here begins, ends or writes a run: `runs` does."""

import frappe
from frappe import _

from medgrid.core.database_clock import is_yet_to_come
from medgrid.exceptions import Conflict
from medgrid.sync.job import DOCTYPE, Job


def check_idle(job: Job) -> None:
	"""Checks that no run of a job is in progress, before anything is done for a new one. `start` makes sure.

	:raises Conflict: one is.
	"""
	if is_running(job):
		raise conflict()


def is_running(job: Job) -> bool:
	"""Whether a run of a job is in progress or waits to be resumed; the run of a dead worker does not
	count."""
	return is_yet_to_come(frappe.db.get_value(DOCTYPE, {"running": job.key}, "lease_until"))


def dead_run(job: Job) -> str | None:
	"""The name of a job's run whose worker died or whose handover was lost; None if there is none."""
	row = frappe.db.get_value(DOCTYPE, {"running": job.key}, ["name", "lease_until"], as_dict=True)
	return row.name if row and not is_yet_to_come(row.lease_until) else None


def running_connections(connections: list[str]) -> set[str]:
	"""Those of some Vendor Connections whose run is in progress; the run of a dead worker does not count."""
	if not connections:
		return set()
	filters = {"connection": ("in", connections), "running": ("is", "set")}
	rows = frappe.get_all(DOCTYPE, filters=filters, fields=["connection", "lease_until"])
	return {row.connection for row in rows if is_yet_to_come(row.lease_until)}


def conflict() -> Conflict:
	"""The error that says that a run of a job is in progress."""
	return Conflict(_("A sync is running already. Wait until it is done."))

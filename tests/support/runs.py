"""Runs of syncs that a test begins and ends by itself, as a worker does."""

from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.integrations import jobs
from medgrid.integrations.connections import records
from medgrid.integrations.connections.sync import ConnectionSync
from medgrid.integrations.operations import operations_of
from medgrid.sync import history, runs
from medgrid.sync.job import DOCTYPE, Job
from medgrid.sync.runs import Run
from tests.support.records import write_values


class WorkerSync(ConnectionSync):
	"""A sync of a connection that does nothing itself. A test sets its added stats and its warning."""

	added: dict[str, int] = {}
	warning_text: str | None = None

	def stats(self) -> dict[str, Any]:
		return {}

	def added_stats(self) -> dict[str, int]:
		return self.added

	def carry_out(self, run: Run) -> None:
		raise AssertionError("the test itself is the work")

	def warning(self) -> str | None:
		return self.warning_text


class Worker:
	"""Syncs a connection until the test ends it.

	:param connection: the name of the Vendor Connection.
	"""

	def __init__(self, connection: str, run: Run | None = None):
		frappe.db.rollback()
		self.sync = WorkerSync(records.get(connection))
		self.run = run or runs.start(self.sync.job, also=self.sync.began, interrupted=self.sync.interrupted)

	def finish(
		self, *, error: str | None = None, warning: str | None = None, done: dict[str, int] | None = None
	) -> None:
		self.sync.added, self.sync.warning_text = done or {}, warning
		self.run.finish({}, error, also=lambda: self.sync.ended(self.run, error))

	def hand_over(self, done: dict[str, int]) -> "Worker":
		self.sync.added = done
		token = self.run.hand_over(also=lambda: self.sync.handed_over(self.run))
		successor = runs.resume(self.sync.job, token)
		assert successor
		return Worker(self.sync.connection.name, successor)


def kill(kind: str, connection: str | None = None, *, long_ago: bool = False) -> None:
	"""What waiting three minutes does to the run of a worker that died.

	:param long_ago: it died so long ago that its progress is out of date.
	"""
	frappe.db.rollback()
	key = Job(kind, connection).key
	name = frappe.db.get_value(DOCTYPE, {"running": key})
	frappe.db.set_value(DOCTYPE, name, "lease_until", "2020-01-01" if long_ago else stored_utc_now())
	frappe.db.commit()


def let_the_lease_and_claims_run_out(vendor) -> None:
	"""What waiting ten minutes does after the worker of a vendor's sync with ShipStation died."""
	kill("shipstation", vendor.connection())
	for name in frappe.get_all("ShipStation Order", filters={"supplier": vendor.supplier}, pluck="name"):
		write_values("ShipStation Order", name, "claimed_at", "2020-01-01 00:00:00")
	frappe.db.commit()


def last(kind: str) -> dict[str, Any] | None:
	"""The latest run with the store, as administrators see it."""
	frappe.db.rollback()
	return history.last(Job(kind))


def sync_for(connection: str, *, limit: int | None = None, seconds: float) -> dict[str, Any]:
	"""A sync of a connection that a caller waits for, for so long; what does not fit goes on as a job."""
	frappe.db.rollback()
	found = records.get(connection)
	sync = operations_of(found.integration).sync_of(found, limit)
	return jobs.answer_of(sync, jobs.carry_out(sync, seconds=seconds))

"""Waiting for what another process, thread or clock brings about: by looking again and again at the state."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

# Far more than it takes on a busy machine: a bench's one worker has the jobs of earlier tests before it, and
# forks for each.
PATIENCE_SECONDS = 180

Value = TypeVar("Value")


def wait_for(look: Callable[[], Value], *, seconds: float = PATIENCE_SECONDS, every: float = 0.05) -> Value:
	"""What `look()` returns as soon as that is true.

	:param seconds: how long to look.
	:param every: seconds between two looks.
	:raises AssertionError: it never was; with the last value.
	"""
	return _wait(look, bool, "true", seconds, every)


def wait_until_equal(
	look: Callable[[], Value], wanted: Value, *, seconds: float = PATIENCE_SECONDS, every: float = 0.1
) -> None:
	"""Returns as soon as `look()` equals `wanted`.

	:param every: seconds between two looks.

	:raises AssertionError: it never did; with the last value.
	"""
	_wait(look, lambda value: value == wanted, repr(wanted), seconds, every)


def wait_for_jobs(queue: str = "short") -> None:
	"""Returns when no job waits or runs in a queue.

	:raises AssertionError: one still does after PATIENCE_SECONDS.
	"""
	from frappe.utils.background_jobs import get_queue
	from rq.registry import StartedJobRegistry

	jobs, quiet = get_queue(queue), 0

	def is_quiet() -> bool:
		nonlocal quiet
		quiet = 0 if jobs.count or StartedJobRegistry(queue=jobs).count else quiet + 1
		# A job that a worker takes is in neither place for a moment.
		return quiet == 2

	wait_for(is_quiet, every=0.1)


def wait_for_earlier_jobs() -> None:
	"""Returns when the workers have nothing to do and no sync is being queued. A sync that ends queues all
	syncs that are due, so one that an earlier test left would sync what the next test is about to sync.

	:raises AssertionError: they still have after PATIENCE_SECONDS.
	"""
	nothing: list[str] = []
	wait_until_equal(_earlier_jobs, nothing, every=0.02)


def _earlier_jobs() -> list[str]:
	import frappe
	from frappe.utils.background_jobs import get_queue
	from rq.registry import StartedJobRegistry

	from medgrid.core.database_clock import stored_database_now

	found: list[str] = []
	for queue in map(get_queue, ("short", "default", "long")):
		found += [*queue.get_job_ids(), *StartedJobRegistry(queue=queue).get_job_ids()]
	if not found:
		# A job that a worker takes is in neither place for a moment.
		queued = {"queued_at": (">", stored_database_now() - timedelta(seconds=2))}
		found = frappe.get_all("Vendor Connection", filters=queued, pluck="name")
	frappe.db.rollback()
	return found


def known_jobs(queue: str) -> list[str]:
	"""The ids of the jobs that wait or run in a queue, or have ended in it a short time ago."""
	from frappe.utils.background_jobs import get_queue
	from rq.registry import FinishedJobRegistry, StartedJobRegistry

	jobs = get_queue(queue)
	registries = (StartedJobRegistry(queue=jobs), FinishedJobRegistry(queue=jobs))
	return [*jobs.get_job_ids(), *(id for registry in registries for id in registry.get_job_ids())]


def _wait(look, is_wanted, wanted: str, seconds: float, every: float):
	deadline = time.monotonic() + seconds
	while not is_wanted(value := look()):
		assert time.monotonic() < deadline, f"{value!r} is not {wanted} after {seconds} seconds"
		time.sleep(every)
	return value

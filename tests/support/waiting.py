"""Waiting for what another process, thread or clock brings about: by looking again and again at the state."""

import time
from collections.abc import Callable
from typing import TypeVar

from rq.worker_registration import REDIS_WORKER_KEYS

# Far more than it takes on a busy machine: a bench's one worker has the jobs of earlier tests before it, and
# forks for each.
PATIENCE_SECONDS = 180
# Between two looks at the workers, and the time in which a job that a worker takes can be seen nowhere.
LOOK_SECONDS, TAKING_SECONDS = 0.02, 0.1
QUEUES = ("short", "default", "long")
# The commands of Redis in which RQ's workers wait, of several queues and of one.
_WAITS_FOR_JOBS = ("blpop", "blmove", "brpoplpush")

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


def wait_for_jobs() -> None:
	"""Returns when no job waits or runs in any queue. A job of one queue brings about jobs of others, and its
	writes would meet what the test does next.

	:raises AssertionError: one still does after PATIENCE_SECONDS.
	"""
	quiet_since = float("inf")

	def is_quiet() -> bool:
		nonlocal quiet_since
		if workers_are_idle():
			return True
		if _jobs():
			quiet_since = float("inf")
			return False
		quiet_since = min(quiet_since, time.monotonic())
		# A job that a worker takes is in neither place for a moment.
		return time.monotonic() - quiet_since >= TAKING_SECONDS

	wait_for(is_quiet, every=LOOK_SECONDS)


def wait_for_earlier_jobs() -> None:
	"""Returns when the workers have nothing to do and no sync is being queued. A sync that ends queues all
	syncs that are due, so one that an earlier test left would sync what the next test is about to sync.

	:raises AssertionError: they still have after PATIENCE_SECONDS.
	"""
	nothing: list[str] = []
	wait_until_equal(_earlier_jobs, nothing, every=LOOK_SECONDS)


def workers_are_idle() -> bool:
	"""Whether no job waits, and each worker waits for one, all at one moment.

	False also where Redis knows workers that are gone, or that work for another site.
	"""
	queues = _queues()
	server = queues[0].connection
	database = str(server.connection_pool.connection_kwargs.get("db") or 0)
	with server.pipeline(transaction=True) as look:
		for queue in queues:
			look.llen(queue.key)
		look.scard(REDIS_WORKER_KEYS)
		look.client_list(_type="normal")
		*waiting, workers, clients = look.execute()
	listening = [
		client for client in clients if client["db"] == database and client["cmd"] in _WAITS_FOR_JOBS
	]
	return not any(waiting) and 0 < workers <= len([client for client in listening if "b" in client["flags"]])


def _earlier_jobs() -> list[str]:
	import frappe

	found = [] if workers_are_idle() else _jobs()
	if not found:
		# A job that a worker takes is in neither place for a moment.
		statement = (
			"select name from `tabVendor Connection` where queued_at > utc_timestamp(6) - interval 2 second"
		)
		found = frappe.db.sql(statement, pluck=True)
		frappe.db.rollback()
	return found


def _queues() -> list:
	from frappe.utils.background_jobs import get_queue

	from medgrid.core.jobs import sync_queue

	return [get_queue(name) for name in dict.fromkeys((*QUEUES, sync_queue()))]


def _jobs() -> list[str]:
	"""The ids of the jobs that wait or run."""
	from rq.registry import StartedJobRegistry

	return [
		id
		for queue in _queues()
		for id in (*queue.get_job_ids(), *StartedJobRegistry(queue=queue).get_job_ids())
	]


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

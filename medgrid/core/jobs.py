"""Queues background jobs. Callers pass the function itself, so a rename cannot break them, and a queue that
is down never makes the caller's work fail."""

from collections.abc import Callable
from itertools import count
from typing import Any

import frappe
from frappe.utils.background_jobs import get_job_status, get_queue
from redis.exceptions import RedisError
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import JobStatus
from rq.timeouts import BaseTimeoutException

from medgrid.core.faults.borders import report_within

LONG, SHORT, OWN = "long", "short", "medgrid"


# A queue that is down or full, and a job that ends while its successor is queued. Anything else is a fault.
_EXPECTED = (RedisError, frappe.QueueOverloaded, InvalidJobOperation, NoSuchJobError)


def sync_queue() -> str:
	"""The queue of the syncs: `medgrid` if the bench has workers for a queue of this name (`workers` in
	common_site_config.json), so that they and ERPNext's long jobs do not wait for each other; else `long`."""
	return OWN if OWN in (frappe.conf.get("workers") or {}) else LONG


def enqueue(
	function: Callable[..., Any],
	*,
	queue: str,
	job_id: str | None = None,
	unless_running: bool = False,
	timeout: int | None = None,
	**arguments: Any,
) -> bool:
	"""Queues a job now. If the queue is full or down, it writes that to the log and raises nothing: every job
	has a scheduled job that catches up. A fault is in the Error Log, too.

	:param function: a function at the top level of a module; the job finds it by its dotted name.
	:param job_id: while a job with this id waits, no second one is queued. One that runs has perhaps read
		already what is to be done, so the next one waits behind it.
	:param unless_running: whether a job that runs is enough, because it goes on until nothing is left, or
		because the scheduler asks for it at every tick.
	:param timeout: in seconds.
	:param arguments: the function's arguments. Pickle must support them, and they must not be secret: they
		stay in Redis.
	:returns: whether the queue accepted the job or has it already.
	"""
	options: dict[str, Any] = {"queue": queue}
	if timeout:
		options["timeout"] = timeout
	name = dotted_name(function)
	try:
		if job_id:
			id = job_id if unless_running else _id_of_next(job_id)
			options |= {"job_id": id, "deduplicate": True}
		frappe.enqueue(name, **options, **arguments)
	except _EXPECTED as error:
		frappe.clear_messages()
		frappe.logger("medgrid").warning(f"The job {name} was not queued: {type(error).__name__}")
		return False
	except BaseTimeoutException:
		# RQ raises its time-out only once: if it were suppressed, the job could run without a limit.
		raise
	except Exception as error:
		# Most callers have committed, so their work must not seem to have failed.
		frappe.clear_messages()
		report_within(error, f"{name} was not queued")
		return False
	return True


def _id_of_next(job_id: str) -> str:
	"""The id of the job that begins after this moment: `job_id`, or if a job with this id runs, or its worker
	was killed, the id with the lowest number for which that is not so."""
	ids = (job_id if number == 1 else f"{job_id}-{number}" for number in count(1))
	return next(id for id in ids if get_job_status(id) != JobStatus.STARTED)


def enqueue_after_commit(function: Callable[..., Any], **options: Any) -> None:
	"""Queues a job once the caller's transaction is committed; if it is rolled back, queues nothing.

	:param options: see `enqueue`.
	"""
	frappe.db.after_commit.add(lambda: enqueue(function, **options))


def has_waiting_jobs(queue: str) -> bool:
	"""Whether jobs wait in a queue for a worker."""
	return bool(get_queue(queue).count)


def dotted_name(function: Callable[..., Any]) -> str:
	"""The dotted name by which a job finds its function, which is at the top level of its module."""
	return f"{function.__module__}.{function.__qualname__}"

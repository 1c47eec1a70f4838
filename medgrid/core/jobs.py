"""Queueing background jobs: by function, so that a renamed one is found, and never failing the work before
it."""

from collections.abc import Callable
from typing import Any

import frappe

LONG, SHORT = "long", "short"


def enqueue(
	function: Callable[..., Any],
	*,
	queue: str,
	job_id: str | None = None,
	timeout: int | None = None,
	**arguments: Any,
) -> bool:
	"""Queues a job now. A queue that takes no more, or is down, is logged and not raised: whatever asks for a
	job has a scheduled job as its safety net.

	:param function: of a module; the job finds it by its dotted name.
	:param job_id: while a job of this id waits or runs, no second one is queued.
	:param timeout: in seconds.
	:param arguments: of the function; only what pickle can carry, and nothing that is secret: they stay in
		Redis.
	:returns: whether the queue took it, or has it already.
	"""
	options: dict[str, Any] = {"queue": queue}
	if job_id:
		options |= {"job_id": job_id, "deduplicate": True}
	if timeout:
		options["timeout"] = timeout
	try:
		frappe.enqueue(dotted_name(function), **options, **arguments)
	except Exception as error:
		frappe.clear_messages()
		frappe.logger("medgrid").warning(f"The job {dotted_name(function)} was not queued: {error}")
		return False
	return True


def enqueue_after_commit(function: Callable[..., Any], **options: Any) -> None:
	"""The same, once the caller's transaction is committed; not at all if it is rolled back."""
	frappe.db.after_commit.add(lambda: enqueue(function, **options))


def dotted_name(function: Callable[..., Any]) -> str:
	"""What a job is known by: the address of a function at the top level of its module."""
	return f"{function.__module__}.{function.__qualname__}"

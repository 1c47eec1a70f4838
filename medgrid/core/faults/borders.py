"""The borders at which an unexpected exception ends: RPCs (`medgrid.api.endpoint`), `job`, `hook`.

An operator finds a fault by its reference: in the Error Log, and in `logs/medgrid.log` in case the database
is what failed. In a request it is in the answer, too.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import frappe
from rq.timeouts import BaseTimeoutException
from werkzeug.exceptions import HTTPException

from medgrid.core.faults.entries import log_without_parameters
from medgrid.core.faults.places import bare, places
from medgrid.core.faults.tracebacks import bound
from medgrid.core.transactions import in_transaction, is_conflict

# If a log's handler fails (a full disk), Python prints the entry and the exceptions before the failure, with
# their messages, to the server's standard error, which nothing redacts. Python's manual advises to turn that
# off in production. Every process that runs any of MedGrid's code imports this module.
logging.raiseExceptions = False
bound()

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# The keys in `frappe.local.flags` that hold the reference of the request's fault, and the class that it was.
REFERENCE, KIND = "medgrid_fault", "medgrid_fault_kind"


class Fault(frappe.SecurityException):
	"""Something failed at MedGrid's end (500), and is logged already.

	Of exceptions of this base class Frappe 15 and 16 take no snapshot when a request fails. A snapshot would
	hold the variables of Frappe's own frames, which have the request's parameters.

	:param reference: what the log entry is found by.
	"""

	http_status_code = 500

	def __init__(self, reference: str):
		super().__init__(f"A fault at MedGrid's end. The Error Log has its places; reference {reference}")
		self.reference = reference


def attempt(work: Callable[[], Result]) -> tuple[Result | None, BaseException | None]:
	"""Runs `work`.

	:returns: its result and None; or None and what it raised. Outside of the `except` block, which the caller
		then is, an exception can be raised that leads to no other.
	"""
	try:
		return work(), None
	except BaseException as error:
		return None, error


def report(error: BaseException, where: str) -> Fault:
	"""Rolls back, and logs the fault. Commits the log entry.

	:param where: the dotted name of what failed.
	:returns: what the border raises instead.
	"""
	fault, text = _fault_of(error, where)
	# The connection may be what failed.
	with suppress(Exception):
		frappe.db.rollback()
		frappe.clear_messages()
		in_transaction(partial(_log, fault, where, text))
	return fault


def report_within(error: BaseException, where: str, *, goes_on: bool = False) -> Fault:
	"""Logs the fault and leaves the transaction to its owner.

	:param goes_on: whether the owner commits all the same; else the entry waits in Redis, as Frappe's do.
	:returns: what the border raises instead.
	"""
	fault, text = _fault_of(error, where)
	with suppress(Exception):
		_log(fault, where, text, defer_insert=not goes_on)
	return fault


def job(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
	"""Marks a function that RQ or the scheduler runs. What it does not expect is logged by its places, and
	fails the job as a Fault: RQ keeps the traceback of a failed job in Redis for a day.
	"""

	@wraps(function)
	def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
		result, failure = attempt(partial(function, *arguments, **options))
		if failure is None:
			return result  # type: ignore[return-value]
		# The frame of this function is in the traceback, so its variables hold no failure.
		failure = bare(failure) if _is_of_queue(failure) else report(failure, _name_of(function))
		raise failure

	run.border = "job"  # type: ignore[attr-defined]
	return run


def hook(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
	"""Marks a function that Frappe calls within its own work: a document's event, a request's hook.
	Frappe's own exceptions pass: they are answers. Others are logged by their places and become a Fault.
	"""

	@wraps(function)
	def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
		result, failure = attempt(partial(function, *arguments, **options))
		if failure is None:
			return result  # type: ignore[return-value]
		if _is_of_queue(failure) or is_answer(failure):
			failure = bare(failure)
		else:
			failure = report_within(failure, _name_of(function))
		raise failure

	run.border = "hook"  # type: ignore[attr-defined]
	return run


def is_answer(error: BaseException) -> bool:
	"""Whether an exception is an answer to the caller, not a fault: its HTTP status says so."""
	if isinstance(error, Fault):
		return True
	status = error.code if isinstance(error, HTTPException) else getattr(error, "http_status_code", None)
	return isinstance(status, int) and status != 500


def _is_of_queue(error: BaseException) -> bool:
	"""Whether RQ, Frappe's queue or a repeated transaction must see an exception as it is: a job's time-out
	is raised only once; after a conflict the work is repeated."""
	if not isinstance(error, Exception) or isinstance(error, Fault):
		return True
	return isinstance(error, BaseTimeoutException | frappe.RetryBackgroundJobError) or is_conflict(error)


def _fault_of(error: BaseException, where: str) -> tuple[Fault, str]:
	fault = Fault(frappe.generate_hash(length=10))
	text = f"Reference {fault.reference}: {where}\n\n{places(error)}"
	with suppress(Exception):
		frappe.logger("medgrid").error(text)
	frappe.local.flags[REFERENCE], frappe.local.flags[KIND] = fault.reference, type(error).__name__
	return fault, text


def _log(fault: Fault, where: str, text: str, **options: bool) -> None:
	log_without_parameters(f"MedGrid: {where} ({fault.reference})", text, **options)


def _name_of(function: Callable[..., Any]) -> str:
	return f"{function.__module__}.{function.__qualname__}"

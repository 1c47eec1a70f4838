"""Whatever Frappe or RQ runs of MedGrid has a border, and the border stops what is unexpected."""

import ast
import logging
from importlib import import_module
from pathlib import Path

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from medgrid import hooks
from medgrid.core.faults import borders, tracebacks
from medgrid.core.faults.borders import Fault, attempt, hook, job

ROOT = Path(hooks.__file__).parent
SECRET = "a-value-of-the-tests"
ENQUEUE = ("enqueue", "enqueue_after_commit", "_enqueue_all", "queue", "queue_waiting")


def functions(value) -> list[str]:
	"""The dotted names in a hook."""
	if isinstance(value, str):
		return [value]
	parts = value.values() if isinstance(value, dict) else value
	return [name for part in parts for name in functions(part)]


def resolved(name: str):
	module, _dot, function = name.rpartition(".")
	return getattr(import_module(module), function)


REQUEST_HOOKS = [
	*getattr(hooks, "before_request", []),
	*hooks.auth_hooks,
	*hooks.after_request,
	*(name for name in functions(hooks.doc_events) if not name.endswith("redact_error_log")),
]


@pytest.mark.parametrize("name", sorted(set(REQUEST_HOOKS)))
def test_every_hook_has_a_border(site, name):
	assert getattr(resolved(name), "border", None) == "hook"


@pytest.mark.parametrize("name", functions(hooks.scheduler_events))
def test_every_scheduled_job_has_a_border(site, name):
	assert getattr(resolved(name), "border", None) == "job"


def queued() -> set[tuple[str, str]]:
	"""Module and name of every function that is passed to `enqueue` or `enqueue_after_commit`."""
	found = set()
	for file in ROOT.rglob("*.py"):
		module = ".".join(("medgrid", *file.relative_to(ROOT).with_suffix("").parts))
		for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
			if not isinstance(node, ast.Call):
				continue
			called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
			passed = node.args[0] if called in ENQUEUE and node.args else None
			if isinstance(passed, ast.Name) and module != "medgrid.core.jobs":
				found.add((module, passed.id))
	# These hand on what was passed to them.
	return {(module, name) for module, name in found if name not in ("function", "job")}


def test_every_queued_job_has_a_border(site):
	names = queued()
	assert ("medgrid.integrations.jobs", "sync_connection") in names
	assert ("medgrid.vertex.merchants.uninstall", "verify_uninstall") in names
	without = {
		(module, name)
		for module, name in names
		if getattr(getattr(import_module(module), name), "border", None) != "job"
	}
	assert without == set()


def failing(error: BaseException):
	def fail():
		local = {"value": SECRET}  # noqa: F841 what a traceback with variables would show
		try:
			raise KeyError(SECRET)
		except KeyError as cause:
			raise error from cause

	return fail


def caught(function) -> BaseException:
	_result, failure = attempt(function)
	assert failure
	return failure


@pytest.mark.parametrize("border", [job, hook])
def test_an_unexpected_exception_becomes_a_fault_that_leads_nowhere(site, border):
	failure = caught(border(failing(ValueError(SECRET))))
	assert isinstance(failure, Fault)
	assert (failure.__cause__, failure.__context__) == (None, None)
	names = []
	step = failure.__traceback__
	while step:
		names.append(step.tb_frame.f_code.co_name)
		assert SECRET not in repr(step.tb_frame.f_locals)
		step = step.tb_next
	assert names == ["attempt", "run"]


@pytest.mark.parametrize("border", [job, hook])
def test_a_jobs_timeout_passes_without_its_frames(site, border):
	failure = caught(border(failing(JobTimeoutException("too long"))))
	assert isinstance(failure, JobTimeoutException)
	assert failure.__cause__ is None


@pytest.mark.parametrize("border", [job, hook])
def test_a_conflict_of_transactions_passes_to_whoever_repeats_them(site, border):
	failure = caught(border(failing(frappe.QueryDeadlockError("1213"))))
	assert isinstance(failure, frappe.QueryDeadlockError)


@pytest.mark.parametrize(
	"answer", [frappe.ValidationError("no"), frappe.PermissionError("no"), frappe.DoesNotExistError("no")]
)
def test_an_answer_passes_a_hook(site, answer):
	assert caught(hook(failing(answer))) is answer


def test_a_border_within_a_border_reports_once(site):
	inner = job(failing(ValueError(SECRET)))
	failure = caught(job(inner))
	assert isinstance(failure, Fault)
	count = frappe.db.count("Error Log", {"method": ("like", f"%{failure.reference}%")})
	assert count == 1


def test_a_fault_while_the_log_fails_is_still_a_fault(site, monkeypatch):
	def fail(*arguments, **options):
		raise RuntimeError("no database")

	monkeypatch.setattr(borders, "in_transaction", fail)
	assert isinstance(caught(job(failing(ValueError(SECRET)))), Fault)


def test_log_error_is_always_given_its_text():
	"""Without one, Frappe logs the frames with their variables."""
	without = []
	for file in ROOT.rglob("*.py"):
		for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("log_error", "get_traceback")):
				names = {keyword.arg for keyword in node.keywords}
				if len(node.args) < 2 and "message" not in names:
					without.append(f"{file}:{node.lineno}")
	assert without == []


def one(with_context=False):
	return frappe.utils.get_traceback(with_context=with_context)


@pytest.mark.parametrize(
	"shape", ["one calls the other, as in Frappe 15", "both are the same, as in Frappe 16"]
)
def test_a_traceback_is_the_same_under_both_of_its_names(site, monkeypatch, shape):
	wrapped = frappe.utils.get_traceback
	assert frappe.get_traceback is wrapped
	monkeypatch.setattr(frappe.utils, "get_traceback", wrapped.__wrapped__)
	monkeypatch.setattr(frappe, "get_traceback", one if "15" in shape else wrapped.__wrapped__)
	tracebacks.bound()
	try:
		raise ValueError(SECRET)
	except ValueError:
		texts = {frappe.get_traceback(), frappe.utils.get_traceback()}
	assert len(texts) == 1 and texts.pop().count(f"ValueError: {SECRET}") == 1


class FullDisk(logging.Handler):
	"""The handler of a log that cannot be written."""

	def emit(self, record: logging.LogRecord) -> None:
		try:
			raise OSError("No space left on device")
		except OSError:
			self.handleError(record)


@pytest.mark.parametrize("name", ["medgrid", "medgrid.vertex", "medgrid.exchanges", "frappe"])
def test_a_log_that_cannot_be_written_prints_no_value(site, capfd, name):
	logger, handler = frappe.logger(name, allow_site=True), FullDisk()
	logger.addHandler(handler)
	others = [each for each in logger.handlers if each is not handler]
	for each in others:
		logger.removeHandler(each)
	try:
		try:
			raise ValueError(SECRET)
		except ValueError:
			logger.error("It failed: %s", SECRET)
	finally:
		logger.removeHandler(handler)
		for each in others:
			logger.addHandler(each)
	assert "".join(capfd.readouterr()) == ""


def test_a_fault_whose_log_cannot_be_written_prints_no_value(site, capfd):
	logger, handler = frappe.logger("medgrid"), FullDisk()
	logger.addHandler(handler)

	@hook
	def fails():
		raise RuntimeError(SECRET)

	try:
		with pytest.raises(Fault):
			fails()
	finally:
		logger.removeHandler(handler)
	assert SECRET not in "".join(capfd.readouterr())

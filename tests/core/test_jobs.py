"""A job that cannot be queued makes no caller fail. A full queue is no fault; what is one, is logged. A job
that runs already has perhaps read what is to be done: the next one waits behind it."""

import time

import frappe
import pytest
from frappe.utils.background_jobs import create_job_id, get_job, get_queue
from rq.job import JobStatus
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from medgrid.core.jobs import SHORT, enqueue
from medgrid.webhooks.events import prune

ERRORS = "insert_queue_for_Error Log"


@pytest.fixture
def logged(site):
	"""The entries that the Error Log gets during the test."""
	before = frappe.cache.llen(ERRORS)
	return lambda: [bytes(entry).decode() for entry in frappe.cache.lrange(ERRORS, before, -1)]


def test_a_full_queue_is_no_fault(logged, monkeypatch):
	monkeypatch.setitem(frappe.local.conf, "max_queued_jobs", -1_000_000)
	assert not enqueue(prune, queue=SHORT, days=1)
	assert logged() == []
	assert not frappe.local.message_log


def test_an_argument_that_no_job_can_have_is_a_fault_in_the_error_log(logged):
	assert not enqueue(prune, queue=SHORT, days=lambda: 1)
	[entry] = logged()
	assert "medgrid.webhooks.events.prune was not queued" in entry
	assert "medgrid/core/jobs.py" in entry


class SlowToQueue:
	def __reduce__(self):
		time.sleep(60)
		return SlowToQueue, ()


def test_the_time_out_of_a_job_that_queues_another_one_ends_it(logged):
	"""RQ raises it once only: suppressed, the job would have no limit any more."""
	with pytest.raises(JobTimeoutException), UnixSignalDeathPenalty(1, JobTimeoutException):
		enqueue(prune, queue=SHORT, days=SlowToQueue())
	assert logged() == []


ID = "medgrid-tests-one-job"
IDS = [ID, f"{ID}-2", f"{ID}-3"]


@pytest.fixture
def jobs_in(site, monkeypatch):
	"""Puts jobs with IDS into some states; their queue has no worker, so they stay in them. None: no job."""
	queue = get_queue(SHORT)
	waiting = type(queue)(f"{queue.name}-without-worker", connection=queue.connection)
	monkeypatch.setattr("frappe.utils.background_jobs.get_queue", lambda *_arguments, **_options: waiting)

	def put(*states: JobStatus | None) -> None:
		for id, state in zip(IDS, states, strict=False):
			if state:
				job = waiting.enqueue_call(prune, job_id=create_job_id(id), kwargs={"days": 1})
				job.set_status(state)

	yield put
	for id in IDS:
		if job := get_job(id):
			job.delete()
	waiting.delete()


RUNS, WAITS, DONE = JobStatus.STARTED, JobStatus.QUEUED, JobStatus.FINISHED


@pytest.mark.parametrize(
	("before", "unless_running", "after"),
	[
		([], False, [WAITS]),
		([WAITS], False, [WAITS]),
		([DONE], False, [WAITS]),
		([RUNS], False, [RUNS, WAITS]),
		([RUNS], True, [RUNS]),
		([RUNS, WAITS], False, [RUNS, WAITS]),
		([RUNS, DONE], False, [RUNS, WAITS]),
		([RUNS, RUNS], False, [RUNS, RUNS, WAITS]),
		# The first one has ended, the second one runs.
		([DONE, RUNS], False, [WAITS, RUNS]),
		([None, RUNS], True, [WAITS, RUNS]),
	],
)
def test_what_is_asked_for_is_done_by_a_job_that_begins_later(jobs_in, before, unless_running, after):
	jobs_in(*before)
	for _request in range(2):
		assert enqueue(prune, queue=SHORT, job_id=ID, unless_running=unless_running, days=1)
	states = [job.get_status() if (job := get_job(id)) else None for id in IDS]
	assert states == [*after, None, None][: len(IDS)]

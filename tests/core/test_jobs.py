"""A job that cannot be queued makes no caller fail. A full queue is no fault; what is one, is logged."""

import time

import frappe
import pytest
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

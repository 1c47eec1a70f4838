"""A job that cannot be queued makes no caller fail. A full queue is no fault; what is one, is logged."""

import frappe
import pytest

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

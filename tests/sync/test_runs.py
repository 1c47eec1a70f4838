"""Runs of syncs: at most one of a job, a dead worker blocks nobody, nothing of the caller's is committed."""

import frappe
import pytest

from medgrid.exceptions import Conflict
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.sync import engine, history, running, runs
from medgrid.sync.catalog_size import CatalogSize, CatalogTooLarge, count_page
from medgrid.sync.job import DOCTYPE, Job
from medgrid.sync.runs import RunLost
from tests.support.runs import kill

JOB = Job("catalog")


@pytest.fixture(autouse=True)
def no_runs(site):
	def forget() -> None:
		frappe.db.rollback()
		frappe.db.delete(DOCTYPE, {"kind": JOB.kind})
		frappe.db.commit()

	forget()
	yield
	forget()


@pytest.fixture
def note(site):
	"""The name of a row of somebody else's, committed."""
	name = frappe.get_doc({"doctype": "ToDo", "description": "before"}).insert(ignore_permissions=True).name
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	frappe.db.delete("ToDo", {"name": name})
	frappe.db.commit()


def test_a_heartbeat_commits_nothing_of_the_callers(note):
	run = runs.start(JOB)
	frappe.db.set_value("ToDo", note, "description", "not committed")
	run.heartbeat()
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", note, "description") == "before"


def test_a_heartbeat_renews_the_lease():
	run = runs.start(JOB)
	kill("catalog")
	run.heartbeat()
	assert running.is_running(JOB)


def test_one_job_runs_once_and_another_beside_it():
	runs.start(JOB)
	with pytest.raises(Conflict, match="running already"):
		runs.start(JOB)
	other = runs.start(Job("inventory"))
	other.finish({})


def test_what_begins_a_run_and_fails_begins_none():
	def fail() -> None:
		raise ZeroDivisionError

	with pytest.raises(ZeroDivisionError):
		runs.start(JOB, also=fail)
	assert not running.is_running(JOB)


def test_what_ends_with_a_run_that_was_lost_is_not_written(note):
	run = runs.start(JOB)
	kill("catalog")
	runs.start(JOB)
	with pytest.raises(RunLost):
		run.finish({}, also=lambda: frappe.db.set_value("ToDo", note, "description", "too late"))
	for late in (run.heartbeat, run.check, run.hand_over, lambda: run.save(at=1)):
		with pytest.raises(RunLost):
			late()
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", note, "description") == "before"


def test_a_dead_workers_progress_is_gone_on_from_if_it_is_not_old():
	runs.start(JOB).save(cursor="seven")
	kill("catalog")
	second = runs.start(JOB)
	assert second.progress == {"cursor": "seven"}
	assert frappe.db.get_value(DOCTYPE, second.name, "resumed_from")
	kill("catalog", long_ago=True)
	assert runs.start(JOB).progress == {}


def test_a_run_that_was_handed_over_is_its_successors_alone():
	first = runs.start(JOB)
	first.save(cursor="seven")
	before = first.token
	token = first.hand_over()
	assert runs.resume(JOB, before) is None
	successor = runs.resume(JOB, token)
	assert successor.progress == {"cursor": "seven"}
	successor.finish({"done": 1})
	assert runs.resume(JOB, token) is None
	assert history.last(JOB)["counts"] == {"done": 1}


# The engine


class ScriptedSync:
	"""A sync that does what the test says, and remembers what the engine did."""

	job = JOB

	def __init__(self, work=lambda run: None):
		self.work, self.calls = work, []

	def carry_out(self, run):
		self.work(run)

	def counts(self, run):
		return {"calls": len(self.calls)}

	def began(self):
		self.calls.append("began")

	def ended(self, run, error):
		self.calls.append(("ended", error))

	def interrupted(self):
		self.calls.append("interrupted")

	def handed_over(self, run):
		self.calls.append("handed over")


def raising(error):
	def work(run):
		raise error

	return work


def test_a_sync_that_ends_well():
	sync = ScriptedSync()
	outcome = engine.sync(sync, seconds=5)
	assert (outcome.state, outcome.error, outcome.failure) == (engine.SUCCEEDED, None, None)
	assert sync.calls == ["began", ("ended", None)]
	assert history.last(JOB)["status"] == "Succeeded"


def test_a_failure_is_on_record_and_in_the_outcome():
	sync = ScriptedSync(raising(IntegrationError("It is away.")))
	outcome = engine.sync(sync, seconds=5)
	assert (outcome.state, outcome.error) == (engine.FAILED, "It is away.")
	assert sync.calls == ["began", ("ended", "It is away.")]
	assert (history.last(JOB)["status"], history.last(JOB)["error"]) == ("Failed", "It is away.")


def test_a_fault_of_our_own_is_on_record_without_its_words_and_raised():
	sync = ScriptedSync(raising(ZeroDivisionError("a secret")))
	with pytest.raises(ZeroDivisionError):
		engine.sync(sync, seconds=5)
	assert history.last(JOB)["error"].startswith("Something failed at MedGrid's end.")
	assert not running.is_running(JOB)


def test_what_takes_too_long_is_handed_over_and_resumed():
	queued = []
	sync = ScriptedSync(raising(DeadlineExceeded("later")))
	outcome = engine.sync(sync, seconds=5, go_on=lambda run: queued.append(run.token))
	assert outcome.state == engine.RUNNING
	assert sync.calls == ["began", "handed over"]
	assert running.is_running(JOB)
	second = ScriptedSync()
	assert engine.resume(second, queued[0], seconds=5).state == engine.SUCCEEDED
	assert engine.resume(second, queued[0], seconds=5) is None


def test_what_takes_too_long_and_cannot_go_on_as_a_job_has_failed():
	outcome = engine.sync(ScriptedSync(raising(DeadlineExceeded("too slow"))), seconds=5)
	assert (outcome.state, outcome.error) == (engine.FAILED, "too slow")


def test_a_worker_that_lost_its_run_writes_nothing_more():
	def work(run):
		kill("catalog")
		runs.start(JOB)

	sync = ScriptedSync(work)
	outcome = engine.sync(sync, seconds=5)
	assert outcome.state == engine.LOST
	assert outcome.error and "stopped" in outcome.error
	assert sync.calls == ["began"]


# A sync that never ends


def test_a_run_is_handed_over_for_two_hours_at_most():
	queued: list[runs.Run] = []
	sync = ScriptedSync(raising(DeadlineExceeded("later")))
	engine.sync(sync, seconds=5, go_on=queued.append)
	frappe.db.set_value(DOCTYPE, queued[0].name, "started", frappe.utils.add_to_date(None, hours=-3))
	frappe.db.commit()
	outcome = engine.resume(sync, queued[0].token, seconds=5, go_on=queued.append)
	assert outcome.state == engine.FAILED
	assert "stopped after 2 hours" in (outcome.error or "")
	assert len(queued) == 1
	assert not running.is_running(JOB)


def test_a_run_that_continues_exactly_lets_waiting_jobs_go_first(monkeypatch):
	waiting: list[str] = []
	queued: list[runs.Run] = []
	monkeypatch.setattr(runs, "has_waiting_jobs", lambda queue: bool(waiting))

	def work(run):
		run.heartbeat()
		waiting.append("another vendor's sync")
		run.heartbeat()

	monkeypatch.setattr(engine, "FAIR_SECONDS", -1)
	assert engine.sync(ScriptedSync(work), seconds=60).state == engine.SUCCEEDED, "nobody resumes it"
	waiting.clear()
	assert engine.sync(ScriptedSync(work), seconds=60, go_on=queued.append).state == engine.SUCCEEDED
	waiting.clear()
	outcome = engine.sync(ScriptedSync(work), seconds=60, go_on=queued.append, yields=True)
	assert (outcome.state, len(queued)) == (engine.RUNNING, 1)
	waiting.clear()
	again = engine.resume(ScriptedSync(work), queued[0].token, seconds=60, go_on=queued.append, yields=True)
	assert (again.state, len(queued)) == (engine.RUNNING, 2)


def test_a_run_does_not_yield_within_two_minutes(monkeypatch):
	monkeypatch.setattr(runs, "has_waiting_jobs", lambda queue: True)
	sync = ScriptedSync(lambda run: run.heartbeat())
	assert engine.sync(sync, seconds=60, go_on=lambda run: None, yields=True).state == engine.SUCCEEDED


def test_a_catalog_has_bounds_that_count_what_earlier_workers_read():
	run = runs.start(JOB)
	most = CatalogSize(variants=1000, pages=3)
	run.save(**count_page(run, 400, most))
	successor = runs.resume(JOB, run.hand_over())
	assert successor
	successor.save(**count_page(successor, 600, most))
	assert successor.progress == {"pages": 2, "variants": 1000}
	with pytest.raises(
		CatalogTooLarge, match="too large: MedGrid reads up to 1,000 variants on up to 3 pages"
	):
		count_page(successor, 1, most)
	assert count_page(successor, 0, most)["pages"] == 3
	successor.save(**count_page(successor, 0, most))
	with pytest.raises(CatalogTooLarge):
		count_page(successor, 0, most)

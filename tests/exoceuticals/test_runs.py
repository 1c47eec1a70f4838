"""What a run of a sync does besides: failures, one at a time, what takes too long, the record."""

import json
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from medgrid.exoceuticals import jobs
from medgrid.sync import engine, runs
from medgrid.sync.job import Job
from tests.support import people
from tests.support.http import Caller, error
from tests.support.runs import kill, last
from tests.support.store import (
	latest_run,
	links_of,
	links_to,
	many_items,
	new_item,
	unmatched,
)
from tests.support.waiting import wait_for

RPC = "medgrid.exoceuticals.sync_catalog"
NOTHING = (None, None, None)


@pytest.fixture
def store(connected_store):
	return connected_store


# failures


def test_a_failure_half_way_keeps_what_was_done_and_says_so(store):
	names = many_items(store, 300)
	store.control.fault("status", times=None, operation="product_variants", status=402)
	error(store.caller.post(RPC), 417, "ValidationError")
	assert json.loads(latest_run("catalog").counts)["matched"] == 0
	store.control.clear_faults()
	run_up_to_second_page(store)
	sentence = error(store.caller.post(RPC), 417, "ValidationError")
	assert "billing" in sentence
	assert f"What was done until then is in the Sync Run {latest_run('catalog').name}." in sentence
	assert json.loads(latest_run("catalog").counts)["matched"] == 250
	assert links_of(names[0]) != NOTHING
	assert links_of(names[-1]) == NOTHING
	assert latest_run("catalog").status == "Failed"
	assert sentence.startswith(latest_run("catalog").error)
	store.control.clear_faults()
	assert store.sync_catalog() == {"status": "ok", "matched": 300, "unmatched_count": 0}


def run_up_to_second_page(store) -> None:
	"""Spoils every page but the first: the one with an `after`."""
	store.control.fault("slow", times=1, operation="product_variants", seconds=0)
	store.control.fault("status", times=None, operation="product_variants", status=402)


@pytest.mark.parametrize(
	("kind", "options"),
	[("too_many", {"seconds": 0.1}), ("throttled", {}), ("status", {"status": 503}), ("malformed", {})],
)
def test_a_passing_trouble_is_no_failure(store, kind, options):
	store.product(new_item())
	store.control.fault(kind, operation="product_variants", **options)
	assert store.sync_catalog()["status"] == "ok"


def test_a_token_that_was_revoked_is_said(store):
	store.control.revoke_token(store.domain)
	assert "access token" in error(store.caller.post(RPC), 417, "ValidationError")


@pytest.mark.parametrize("rpc", ["sync_catalog", "sync_inventory"])
@pytest.mark.parametrize(
	("kind", "options", "status", "exc_type"),
	[
		("status", {"status": 401}, 417, "ValidationError"),
		("status", {"status": 402}, 417, "ValidationError"),
		("status", {"status": 503}, 417, "ValidationError"),
		("malformed", {}, 417, "ValidationError"),
		("too_many", {"seconds": 60}, 429, "RateLimitExceededError"),
		("too_many", {"seconds": 3_000}, 429, "RateLimitExceededError"),
		("too_many", {"seconds": 1}, 429, "RateLimitExceededError"),
		("status", {"status": 429}, 429, "RateLimitExceededError"),
		("throttled", {}, 429, "RateLimitExceededError"),
	],
)
def test_a_sync_fails_as_its_siblings_do(store, rpc, kind, options, status, exc_type):
	store.product(new_item())
	store.control.fault(kind, times=None, **options)
	answer = store.caller.post(f"medgrid.exoceuticals.{rpc}")
	sentence = error(answer, status, exc_type)
	run = last(rpc.removeprefix("sync_"))
	assert run["status"] == "Failed"
	name = frappe.get_last_doc("Sync Run").name
	assert f"What was done until then is in the Sync Run {name}." in sentence
	if status == 429:
		assert "rate limit" in sentence
		assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("setting", ["shop_domain", "api_token"])
def test_a_missing_setting_is_417_and_named(store, setting):
	store.configure(**{setting: None})
	sentence = error(store.caller.post(RPC), 417, "ValidationError")
	assert f"exoceuticals_{setting}" in sentence


def test_only_a_system_manager_may(store, sales_rep, customer, anonymous):
	error(sales_rep.post(RPC), 403, "PermissionError")
	error(customer.post(RPC), 403, "PermissionError")
	error(anonymous.post(RPC), 401, "AuthenticationError")


# one at a time, and none for ever


def test_of_two_at_once_the_second_is_409(store):
	many_items(store, 100)
	store.control.fault("slow", operation="product_variants", seconds=2)
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda _number: store.caller.post(RPC), range(2)))
	assert sorted(answer.status_code for answer in answers) == [200, 409]
	refused = next(answer for answer in answers if answer.status_code == 409)
	assert "running" in error(refused, 409, "ConflictError")


def test_a_dead_workers_run_is_taken_over_when_its_lease_has_run_out(store):
	dead = runs.start(Job("catalog"))
	error(store.caller.post(RPC), 409, "ConflictError")
	kill("catalog")
	assert last("catalog")["status"] == "Interrupted"
	assert store.sync_catalog()["status"] == "ok"
	frappe.db.rollback()
	assert frappe.db.get_value(runs.DOCTYPE, dead.name, "status") == "Interrupted"
	with pytest.raises(runs.RunLost):
		dead.finish({})


def test_what_takes_too_long_goes_on_as_a_job(store, monkeypatch):
	names, queued = many_items(store, 600), []
	# The second page would have to wait ten seconds for its points.
	store.control.set_shop(store.domain, bucket_size=1000, restore_rate=50)
	monkeypatch.setattr(engine, "ANSWER_SECONDS", 8)
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: queued.append((method, options)))
	answer = jobs.sync_now("catalog")
	assert answer == {"status": "running", "matched": 250, "unmatched_count": 0}
	error(store.caller.post(RPC), 409, "ConflictError")
	[(method, options)] = queued
	assert method == "medgrid.exoceuticals.jobs.run_job"
	store.control.clear_received()
	store.control.set_shop(store.domain, bucket_size=20000, restore_rate=1000)
	done = jobs.run_job(options["kind"], options["token"])
	assert done == {"status": "ok", "matched": 600, "unmatched_count": 0}
	assert len(store.control.received(store.domain)) == 2
	assert links_of(names[-1]) != NOTHING
	assert jobs.run_job(options["kind"], options["token"]) is None


def test_the_job_runs_on_a_worker(store, environment):
	item = new_item()
	variant = store.product(item)
	run = runs.start(Job("catalog"))
	token = run.hand_over()
	job = frappe.enqueue("medgrid.exoceuticals.jobs.run_job", queue="long", kind="catalog", token=token)
	assert wait_for(lambda: ended(job)) == "finished"
	assert links_of(item) == links_to(variant)
	assert latest_run("catalog").status == "Succeeded"


def ended(job) -> str | None:
	"""How the job ended, once it has."""
	status = job.get_status(refresh=True)
	return status if status in ("finished", "failed") else None


# the record


def test_a_run_is_on_record(store):
	store.product(new_item())
	store.product("MGT-NOBODY")
	store.sync_catalog()
	latest = last("catalog")
	assert latest["status"] == "Succeeded"
	assert latest["counts"] == {"matched": 1, "unmatched_count": 1}
	assert latest["error"] is None
	assert latest["finished"] >= latest["started"]
	assert latest["duration"] >= 0


def test_no_run_at_all_is_none(store):
	assert last("reconciliation") is None


def test_the_last_fifty_runs_of_a_kind_are_kept(store):
	for _number in range(53):
		runs.start(Job("reconciliation")).finish({"polled": 0})
	runs.start(Job("inventory")).finish({"updated": 0})
	frappe.db.rollback()
	assert frappe.db.count(runs.DOCTYPE, {"kind": "reconciliation"}) == 50
	assert frappe.db.count(runs.DOCTYPE, {"kind": "inventory"}) == 1


@pytest.mark.parametrize("doctype", ["Exoceuticals Unmatched Variant", "Sync Run"], ids=["variants", "runs"])
def test_others_cannot_read_the_records(store, sales_rep, doctype):
	error(sales_rep.request("GET", f"/api/resource/{doctype}"), 403, "PermissionError")
	assert store.caller.request("GET", f"/api/resource/{doctype}").status_code == 200


def test_an_item_manager_reads_the_list_and_cannot_write_it(store, environment):
	reviewer = Caller(environment, people.person("mgt.items@example.com", "Item Manager"))
	variant = store.product("MGT-NOBODY")
	store.sync_catalog()
	name = unmatched()[variant["id"]].name
	path = f"/api/resource/Exoceuticals Unmatched Variant/{name}"
	assert reviewer.request("GET", path).status_code == 200
	assert reviewer.request("PUT", path, json={"status": "Closed"}).status_code == 403

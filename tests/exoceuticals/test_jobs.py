"""What the scheduler does for the store. Contract: "Keep sync_catalog as a scheduled daily job"."""

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.exoceuticals import jobs, settings
from medgrid.exoceuticals.catalog.sync import CatalogSync
from medgrid.exoceuticals.fulfillment import reconciliation
from medgrid.sync import engine, runs
from medgrid.sync.job import Job
from tests.support.records import write_values
from tests.support.rows import delete_rows
from tests.support.runs import kill, last
from tests.support.store import configure, latest_run, new_item
from tests.support.vendors import fresh, order


@pytest.fixture
def queued(monkeypatch):
	"""The jobs that are queued, instead of being run by a worker."""
	found = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: found.append((method, options)))
	return found


def notices() -> list[str]:
	"""What Administrator was told, oldest first."""
	frappe.db.rollback()
	filters = {"for_user": "Administrator", "subject": ("like", "Exoceuticals: the%")}
	return frappe.get_all("Notification Log", filters=filters, order_by="creation asc", pluck="subject")


@pytest.fixture
def nobody_told(site):
	delete_rows(
		("Notification Log", {"subject": ("like", "Exoceuticals: the%")}),
		("Integration Issue", {"integration": "exoceuticals"}),
	)


def scheduled() -> set[tuple[str, str]]:
	hooks = frappe.get_hooks("scheduler_events")
	return {(when, method) for when, methods in hooks.items() for method in methods}


def test_the_scheduler_knows_them(site):
	module = "medgrid.exoceuticals.jobs"
	assert {
		("daily", f"{module}.queue_daily_syncs"),
		("hourly", f"{module}.queue_reconciliation"),
	} <= scheduled()


def test_nothing_is_queued_while_there_is_no_store(store, queued):
	jobs.queue_daily_syncs()
	jobs.queue_reconciliation()
	assert queued == []


def test_each_is_queued_once(connected_store, queued):
	jobs.queue_daily_syncs()
	jobs.queue_reconciliation()
	methods = [method for method, _options in queued]
	assert methods == [
		"medgrid.exoceuticals.jobs.run_daily_syncs",
		"medgrid.exoceuticals.jobs.run_reconciliation",
	]
	assert all(options["deduplicate"] and options["job_id"] for _method, options in queued)


def test_every_queued_job_exists(connected_store, queued):
	jobs.queue_daily_syncs()
	jobs.queue_reconciliation()
	assert all(callable(frappe.get_attr(method)) for method, _options in queued)


def test_the_catalog_comes_first_and_the_stock_of_what_it_linked_follows(connected_store):
	name = new_item()
	connected_store.product(name, quantity=7)
	jobs.run_daily_syncs()
	assert (latest_run("catalog").status, latest_run("inventory").status) == ("Succeeded", "Succeeded")
	assert frappe.db.get_value("Item", name, "exoceuticals_qty") == 7


def test_without_a_location_the_catalog_is_synced_all_the_same(connected_store):
	configure(location_id=None)
	jobs.run_daily_syncs()
	assert latest_run("catalog").status == "Succeeded"
	assert last("inventory") is None


def test_a_long_catalog_goes_on_as_a_job_that_goes_on_with_the_stock(connected_store, queued, monkeypatch):
	monkeypatch.setattr(engine, "JOB_SECONDS", 1)
	jobs.run_daily_syncs()
	[(method, options)] = queued
	assert (method, options["kind"], options["following"]) == (
		"medgrid.exoceuticals.jobs.run_job",
		"catalog",
		"inventory",
	)
	monkeypatch.undo()
	monkeypatch.setattr(frappe, "enqueue", lambda method, **more: queued.append((method, more)))
	jobs.run_job("catalog", options["token"], options["following"])
	assert latest_run("catalog").status == "Succeeded"
	method, options = queued[-1]
	assert (method, options["first"]) == ("medgrid.exoceuticals.jobs.run_daily_syncs", "inventory")
	jobs.run_daily_syncs(options["first"])
	assert latest_run("inventory").status == "Succeeded"


def test_a_sync_that_runs_already_is_left_alone(connected_store):
	run = runs.start(Job("catalog"))
	jobs.run_daily_syncs()
	assert latest_run("catalog").name == run.name
	run.finish({})


# The reconciliation


def test_the_reconciliation_brings_what_a_lost_webhook_said(connected_store):
	name = new_item()
	variant = connected_store.product(name)
	frappe.db.set_value("Item", name, "exoceuticals_variant_id", variant["id"])
	frappe.db.commit()
	sales_order = order((name, 1, 10))
	answer = connected_store.caller.post(
		"medgrid.exoceuticals.sync_to_exoceuticals", sales_order=sales_order.name
	).json()["message"]
	control, domain = connected_store.control, connected_store.domain
	control.fulfill(domain, answer["exoceuticals_order_id"], "1Z1", "UPS", silent=True)
	jobs.run_reconciliation()
	row = fresh(sales_order)
	assert (row.exoceuticals_status, row.exoceuticals_tracking_number) == ("Fulfilled", "1Z1")
	latest = last("reconciliation")
	assert (latest["status"], latest["counts"]["updated"]) == ("Succeeded", 1)


def test_two_reconciliations_do_not_overlap(connected_store):
	run = runs.start(Job("reconciliation"))
	jobs.run_reconciliation()
	assert latest_run("reconciliation").name == run.name
	run.finish({})


# Failures


def test_administrators_hear_of_a_failure_once_until_it_works_again(connected_store, nobody_told):
	connected_store.control.set_shop(connected_store.domain, state="frozen")
	for _hour in range(3):
		jobs.run_daily_syncs()
	assert notices() == ["Exoceuticals: the catalog sync fails", "Exoceuticals: the inventory sync fails"]
	assert "billing" in last("catalog")["error"]
	connected_store.control.set_shop(connected_store.domain, state="open")
	jobs.run_daily_syncs()
	connected_store.control.set_shop(connected_store.domain, state="frozen")
	jobs.run_daily_syncs()
	assert len(notices()) == 4


def test_a_warehouse_that_was_disabled_stops_the_stock_and_administrators_hear_of_it(
	connected_store, nobody_told
):
	warehouse = settings.load().warehouse
	frappe.db.set_value("Warehouse", warehouse, "disabled", 1)
	frappe.db.commit()
	try:
		for _night in range(2):
			jobs.run_daily_syncs()
	finally:
		frappe.db.set_value("Warehouse", warehouse, "disabled", 0)
		frappe.db.commit()
	assert (latest_run("catalog").status, latest_run("inventory").status) == ("Succeeded", "Failed")
	assert warehouse in latest_run("inventory").error
	assert len(notices()) == 1


def test_a_failing_reconciliation_is_told_once_too(connected_store, nobody_told):
	order_id = "gid://shopify/Order/1"
	sales_order = order((new_item(), 1, 10))
	write_values("Sales Order", sales_order.name, "exoceuticals_order_id", order_id)
	connected_store.control.revoke_token(connected_store.domain)
	for _hour in range(3):
		jobs.run_reconciliation()
	write_values("Sales Order", sales_order.name, "exoceuticals_order_id", None)
	assert notices() == ["Exoceuticals: the reconciliation sync fails"]


@pytest.fixture
def sent(connected_store):
	"""Two orders at Shopify that it has fulfilled without a word; each is a batch of its own."""
	frappe.db.sql("update `tabSales Order` set exoceuticals_order_id = null")
	frappe.db.delete("Exoceuticals Order")
	name = new_item()
	variant = connected_store.product(name)
	frappe.db.set_value("Item", name, "exoceuticals_variant_id", variant["id"])
	frappe.db.commit()
	found = [order((name, 1, 10)) for _number in range(2)]
	for sales_order in found:
		answer = connected_store.caller.post(
			"medgrid.exoceuticals.sync_to_exoceuticals", sales_order=sales_order.name
		).json()["message"]
		order_id = answer["exoceuticals_order_id"]
		connected_store.control.fulfill(connected_store.domain, order_id, "1Z1", "UPS", silent=True)
	return found


def statuses(sales_orders) -> list[str]:
	return [fresh(sales_order).exoceuticals_status for sales_order in sales_orders]


def test_a_reconciliation_without_time_for_all_is_no_failure_and_the_next_one_goes_on(
	connected_store, sent, nobody_told, monkeypatch
):
	monkeypatch.setattr(reconciliation, "BATCH", 1)
	real = ShopifyClient.execute

	def once(client, *arguments, **options):
		answer = real(client, *arguments, **options)
		client.deadline = 0
		return answer

	with monkeypatch.context() as patched:
		patched.setattr(ShopifyClient, "execute", once)
		jobs.run_reconciliation()
	latest = last("reconciliation")
	assert (latest["status"], latest["error"], notices()) == ("Succeeded", None, [])
	assert (latest["counts"]["checked"], latest["counts"]["updated"]) == (1, 1)
	assert latest["counts"]["complete"] is False
	assert sorted(statuses(sent)) == ["Fulfilled", "Unfulfilled"]
	jobs.run_reconciliation()
	latest = last("reconciliation")
	assert (latest["counts"]["updated"], latest["counts"]["complete"]) == (1, True)
	assert statuses(sent) == ["Fulfilled", "Fulfilled"]


def test_a_reconciliation_that_has_no_time_for_anything_is_a_failure(
	connected_store, sent, nobody_told, monkeypatch
):
	monkeypatch.setattr(engine, "JOB_SECONDS", 0)
	for _hour in range(3):
		jobs.run_reconciliation()
	latest = last("reconciliation")
	assert (latest["status"], latest["counts"]["checked"]) == ("Failed", 0)
	assert notices() == ["Exoceuticals: the reconciliation sync fails"]


def test_what_a_reconciliation_did_before_it_failed_is_on_record(
	connected_store, sent, nobody_told, monkeypatch
):
	monkeypatch.setattr(reconciliation, "BATCH", 1)
	control, domain = connected_store.control, connected_store.domain
	control.fault("slow", times=1, operation="orders_status", seconds=0)
	control.fault("status", times=None, operation="orders_status", status=402)
	jobs.run_reconciliation()
	latest = last("reconciliation")
	assert (latest["status"], latest["counts"]["updated"]) == ("Failed", 1)
	assert latest["counts"]["complete"] is False
	assert len(control.received(domain, "orders_status")) == 2


def test_a_failure_that_only_its_caller_saw_is_told_by_the_next_nightly_one(connected_store, nobody_told):
	connected_store.control.set_shop(connected_store.domain, state="frozen")
	answer = connected_store.caller.post("medgrid.exoceuticals.sync_catalog")
	assert answer.status_code == 417, answer.text
	assert notices() == []
	jobs.run_daily_syncs()
	assert "Exoceuticals: the catalog sync fails" in notices()


def test_workers_that_die_every_night_are_told_of_once(connected_store, nobody_told):
	for _night in range(3):
		runs.start(Job("catalog"), interrupted=CatalogSync().interrupted)
		kill("catalog")
	assert notices() == ["Exoceuticals: the catalog sync fails"]


def test_a_fault_of_ours_in_one_sync_does_not_keep_the_other_from_its_day(connected_store, monkeypatch):

	def fail(*_arguments):
		raise ZeroDivisionError

	monkeypatch.setattr(CatalogSync, "carry_out", fail)
	jobs.run_daily_syncs()
	assert (latest_run("catalog").status, latest_run("inventory").status) == ("Failed", "Succeeded")


def test_a_jobs_time_out_ends_the_job(connected_store, monkeypatch):
	def run_out(*_arguments):
		raise JobTimeoutException

	monkeypatch.setattr(CatalogSync, "carry_out", run_out)
	with pytest.raises(JobTimeoutException):
		jobs.run_daily_syncs()
	assert latest_run("catalog").status == "Failed"
	assert last("inventory") is None

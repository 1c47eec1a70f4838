"""How a sync runs: its state, its failures, its limits, its jobs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import frappe
import pytest
from pydantic import SecretStr

from medgrid.core.jobs import sync_queue
from medgrid.integrations import jobs
from medgrid.sync.runs import RunLost
from tests.support import people
from tests.support.runs import Worker, sync_for
from tests.support.vendors import order
from tests.support.waiting import known_jobs, wait_for, wait_for_jobs


def test_syncing_is_visible_to_other_requests_while_it_runs(connected):
	connected.shipstation.fault("slow", path="/accounts/listtags", seconds=4)
	with ThreadPoolExecutor(1) as pool:
		running = pool.submit(connected.sync)
		wait_for(lambda: connected.entry()["status"] == "syncing")
		assert running.result()["ok"] is True
	assert connected.entry()["status"] == "connected"


def test_revoked_credentials_end_the_sync_in_error_with_words_a_vendor_understands(connected):
	connected.shipstation.add_account(connected.api_key, "rotated")
	sentence = "Invalid API Key or Secret — ShipStation rejected the credentials."
	answer = connected.sync()
	assert (answer["ok"], answer["error"]) == (False, sentence)
	assert answer["stats"]["round_trip_ok"] is False
	entry = connected.entry()
	assert (entry["status"], entry["last_error"], entry["last_sync_at"]) == ("error", sentence, None)


def test_an_error_is_gone_after_a_good_sync(connected):
	connected.shipstation.fault("status", status=503, times=None)
	assert connected.sync()["ok"] is False
	connected.shipstation.clear_faults()
	connected.stats()
	assert (connected.entry()["status"], connected.entry()["last_error"]) == ("connected", None)


def test_a_storm_of_429_is_waited_out(connected):
	order((connected.item, 1, 10))
	connected.shipstation.fault("too_many", times=3, seconds=1)
	assert connected.stats()["orders_pushed"] == 1


def test_the_rate_limit_is_kept_without_a_single_429(connected):
	connected.shipstation.set_limit(connected.api_key, 4, 2)
	for _number in range(7):
		order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 7
	statuses = {request["status"] for request in connected.shipstation.received(connected.api_key)}
	assert statuses == {200, 201}


def test_what_the_rate_limit_pushes_beyond_the_deadline_goes_on_as_a_job(connected):
	# What waits for the next window is known at once; the seconds are for the requests before it.
	connected.shipstation.set_limit(connected.api_key, 4, 20)
	names = [order((connected.item, 1, 10)).name for _number in range(5)]
	answer = sync_for(connected.connection(), limit=25, seconds=16)
	assert answer["ok"] is True
	assert 0 < answer["stats"]["orders_pushed"] < 5
	assert answer["stats"]["deferred"] >= 5 - answer["stats"]["orders_pushed"]
	mine = f"medgrid-sync-{connected.connection()}-"
	wait_for(lambda: any(mine in id for id in known_jobs(sync_queue())))
	connected.shipstation.set_limit(connected.api_key, 1000)
	wait_for(lambda: connected.entry()["status"] == "connected")

	def pushed():
		jobs.sync_connection(connected.connection())
		return len(connected.remote_orders()) == 5

	wait_for(pushed, every=1)
	assert sorted(remote["orderKey"] for remote in connected.remote_orders()) == sorted(names)
	assert connected.entry()["stats"]["orders_pushed"] == 5


def test_a_deferred_sync_keeps_to_what_was_allowed(connected):
	connected.shipstation.set_limit(connected.api_key, 3, 3)
	for _number in range(5):
		order((connected.item, 1, 10))
	answer = sync_for(connected.connection(), limit=3, seconds=1)
	assert answer["stats"]["orders_pushed"] + answer["stats"]["deferred"] >= 3
	wait_for(lambda: connected.entry()["status"] == "connected")
	assert len(connected.remote_orders()) == 3


def key_pair(name: str) -> tuple[SecretStr, SecretStr]:
	"""Credentials that no other test has."""
	return SecretStr(f"{name}-{frappe.generate_hash(length=8)}"), SecretStr("secret")


def test_workers_share_one_budget(connected, site):
	from medgrid.clients.shipstation.request_window import RequestWindow

	pair = key_pair("shared")
	first, second = (RequestWindow(site.cache, *pair) for _worker in range(2))
	first.update(40, 2, 30)
	assert (first.acquire(), second.acquire()) == (0, 0)
	assert 25 < first.acquire() <= 30.1
	assert 25 < second.acquire() <= 30.1


def test_a_window_that_shipstation_has_begun_anew_replaces_the_old_one(site, connected):
	from medgrid.clients.shipstation.request_window import RequestWindow

	window = RequestWindow(site.cache, *key_pair("window"))
	window.update(40, 0, 30)
	assert window.acquire() > 0
	window.update(40, 39, 60)
	assert window.acquire() == 0


def test_the_hourly_job_syncs_every_connected_vendor_and_one_failure_stops_nobody(connected, other_vendor):
	other_vendor.connect()
	connected.shipstation.add_account(connected.api_key, "rotated")
	order((connected.item, 1, 10), (other_vendor.item, 1, 10))
	frappe.db.rollback()
	jobs.push_and_track()
	wait_for(lambda: other_vendor.entry()["stats"].get("orders_pushed") == 1)
	wait_for(lambda: connected.entry()["status"] == "error")
	assert other_vendor.entry()["status"] == "connected"


def test_the_hourly_job_pushes_more_than_25(connected):
	connected.shipstation.set_limit(connected.api_key, 1000)
	for _number in range(27):
		order((connected.item, 1, 1))
	jobs.sync_connection(connected.connection())
	assert len(connected.remote_orders()) == 27


def test_disconnected_vendors_are_not_synced(connected):
	name = connected.connection()
	disconnect = "medgrid.integrations.disconnect"
	connected.caller.post(disconnect, integration_type="shipstation")
	connected.shipstation.clear_received()
	jobs.sync_connection(name)
	jobs.sync_connection("no-such-connection")
	assert connected.shipstation.received() == []


def test_a_user_who_left_the_supplier_or_is_disabled_stops_nothing(connected, site):
	"""The connection is the Supplier's."""
	people.change(connected.user.email, enabled=0)
	site.db.delete("Portal User", {"user": connected.user.email})
	site.db.commit()
	sales_order = order((connected.item, 1, 10))
	try:
		jobs.sync_connection(connected.connection())
		assert connected.record(sales_order.name).status == "Sent"
	finally:
		people.change(connected.user.email, enabled=1)


def test_the_hourly_job_leaves_disabled_suppliers_alone(connected, site):
	site.db.set_value("Supplier", connected.supplier, "disabled", 1)
	site.db.commit()
	connected.shipstation.clear_received()
	jobs.push_and_track()
	wait_for_jobs()
	assert connected.shipstation.received(connected.api_key) == []
	jobs.sync_connection(connected.connection())
	site.db.rollback()
	last_error = site.db.get_value("Vendor Connection", connected.connection(), "last_error")
	assert last_error == f"Your Supplier {connected.supplier} is disabled. Ask MedGrid why."


def test_a_test_that_ends_after_a_disconnect_does_not_connect_again(connected, site):
	from medgrid.integrations.connections import records
	from medgrid.integrations.connections.actions import record_test
	from medgrid.integrations.registry import REGISTRY

	before = records.find(connected.user.email, REGISTRY["shipstation"])
	connected.caller.post("medgrid.integrations.disconnect", integration_type="shipstation")
	record_test(before, None)
	site.db.commit()
	assert connected.entry()["status"] == "not_connected"


def test_a_test_that_ends_while_a_sync_runs_leaves_it_its_status(connected, site):
	from medgrid.integrations.connections import records
	from medgrid.integrations.connections.actions import record_test
	from medgrid.integrations.registry import REGISTRY

	before = records.find(connected.user.email, REGISTRY["shipstation"])
	Worker(connected.connection())
	record_test(before, None)
	site.db.commit()
	assert connected.entry()["status"] == "syncing"


def test_a_lease_that_was_handed_over_is_the_successors_alone(connected):
	worker = Worker(connected.connection())
	before = replace(worker.run)
	successor = worker.hand_over({"orders_pushed": 2})
	with pytest.raises(RunLost):
		before.heartbeat()
	successor.finish(done={"orders_pushed": 3})
	assert connected.entry()["stats"]["orders_pushed"] == 5


def test_a_job_whose_lease_is_gone_does_nothing(connected):
	connected.shipstation.clear_received()
	jobs.sync_connection(connected.connection(), token="of somebody else")
	assert connected.shipstation.received() == []
	assert connected.entry()["status"] == "connected"


def test_the_scheduler_knows_the_dispatcher(site):
	method = "medgrid.integrations.jobs.dispatch"
	assert site.db.get_value("Scheduled Job Type", {"method": method}, "frequency") == "All"


# Credentials in no log


def all_logs(site):
	"""Everything that was logged to the database and to the queue of what is to be logged."""
	site.db.rollback()
	texts = [str(row) for row in site.get_all("Error Log", fields=["method", "error"], limit=0)]
	texts += [str(row) for row in site.get_all("Version", fields=["data"], limit=0)]
	for key in site.cache.keys("*insert_queue_for_*"):
		texts += [str(value) for value in site.cache.lrange(key, 0, -1)]
	return "\n".join(texts)


@pytest.mark.parametrize(
	"fault",
	[
		{"kind": "status", "status": 401},
		{"kind": "status", "status": 500},
		{"kind": "malformed"},
		{"kind": "half"},
		{"kind": "drop_after"},
		{"kind": "null"},
	],
)
def test_credentials_are_in_no_answer_and_no_log_after_a_failure(connected, site, fault):
	order((connected.item, 1, 10))
	connected.shipstation.fault(times=None, **fault)
	answers = [
		connected.caller.post("medgrid.integrations.sync_now", integration_type="shipstation"),
		connected.caller.post("medgrid.integrations.test_connection", integration_type="shipstation"),
		connected.caller.get("medgrid.integrations.list_connections"),
	]
	connected.shipstation.clear_faults()
	for secret in (connected.api_key, connected.api_secret):
		assert all(secret not in answer.text for answer in answers)
		assert secret not in all_logs(site)


def test_credentials_are_in_no_log_after_a_fault_of_our_own(connected, site):
	"""The database fails while credentials are being stored: the request ends in a 500."""
	table, away = "tabVendor Connection", "tabVendor Connection Away"
	secret = "a-very-secret-secret-of-the-tests"
	connected.shipstation.add_account("some-key-of-the-tests", secret)
	site.db.sql_ddl(f"RENAME TABLE `{table}` TO `{away}`")
	try:
		answer = connected.caller.post(
			"medgrid.integrations.connect_shipstation", api_key="some-key-of-the-tests", api_secret=secret
		)
	finally:
		site.db.sql_ddl(f"RENAME TABLE `{away}` TO `{table}`")
	assert answer.status_code == 500
	_flush_deferred_logs(site)
	logs = all_logs(site)
	assert "connect_shipstation" in logs
	for value in (secret, "some-key-of-the-tests"):
		assert value not in answer.text
		assert value not in logs


def _flush_deferred_logs(site):
	from frappe.deferred_insert import save_to_db

	save_to_db()
	site.db.commit()

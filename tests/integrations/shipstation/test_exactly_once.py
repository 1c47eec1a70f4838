"""One order at ShipStation and one record here, whatever goes wrong in between. Processes really die."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import frappe
import pytest

from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import due_documents
from tests.support.http import error
from tests.support.runs import let_the_lease_and_claims_run_out
from tests.support.vendors import colleague_of, created, fresh, order
from tests.support.waiting import wait_for


def only_once(vendor, sales_order):
	"""One order there, one record here, and the record knows it."""
	remote = vendor.remote_orders()
	assert [entry["orderKey"] for entry in remote] == [sales_order.name]
	frappe.db.rollback()
	assert frappe.db.count("ShipStation Order", {"sales_order": sales_order.name}) == 1
	record = vendor.record(sales_order.name)
	assert (record.status, record.shipstation_order_id) == ("Sent", str(remote[0]["orderId"]))


def is_being_sent(vendor, sales_order) -> bool:
	record = vendor.record(sales_order.name)
	return bool(record) and record.status == "Sending"


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before"])
def test_a_worker_killed_between_acceptance_and_commit(connected, killed_worker, fault):
	sales_order = order((connected.item, 1, 10))
	killed_worker(fault)
	assert connected.record(sales_order.name).status == "Sending"
	let_the_lease_and_claims_run_out(connected)
	connected.stats()
	only_once(connected, sales_order)


def test_while_the_dead_workers_lease_lives_a_sync_is_409_and_then_takes_over(connected, killed_worker):
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_after")
	assert connected.entry()["status"] == "syncing"
	answer = connected.caller.post("medgrid.integrations.sync_now", integration_type="shipstation")
	assert "running already" in error(answer, 409, "ConflictError")
	let_the_lease_and_claims_run_out(connected)
	entry = connected.entry()
	assert (entry["status"], entry["last_error"]) == ("error", "The last sync was interrupted. Sync again.")
	connected.stats()
	only_once(connected, sales_order)
	assert connected.entry()["status"] == "connected"


@pytest.mark.parametrize("fault", ["drop_after", "half", "malformed"])
def test_a_lost_response(connected, fault):
	sales_order = order((connected.item, 1, 10))
	connected.shipstation.fault(fault, path="/orders/createorder")
	assert connected.stats()["orders_pushed"] == 1
	only_once(connected, sales_order)


def test_responses_that_stay_lost_are_that_orders_failure_and_the_next_sync_finds_it(connected):
	sales_order = order((connected.item, 1, 10))
	connected.shipstation.fault("drop_after", path="/orders/createorder", times=None)
	[sentence] = connected.stats()["push_errors"]
	assert sentence.startswith(f"{sales_order.name}: ")
	assert "did not answer" in sentence
	assert connected.record(sales_order.name).status == "Outcome Unknown"
	connected.shipstation.clear_faults()
	connected.shipstation.clear_received()
	connected.stats()
	only_once(connected, sales_order)
	paths = [r["path"] for r in connected.shipstation.received(connected.api_key)]
	assert "/orders/createorder" not in paths


def test_two_syncs_at_once_of_one_user(connected):
	sales_order = order((connected.item, 1, 10))
	connected.shipstation.fault("slow", path="/accounts/listtags", seconds=4)
	with ThreadPoolExecutor(2) as pool:
		sync = "medgrid.integrations.sync_now"
		clicks = [pool.submit(connected.caller.post, sync, integration_type="shipstation") for _c in range(2)]
		statuses = sorted(click.result().status_code for click in clicks)
	assert statuses == [200, 409]
	only_once(connected, sales_order)


@pytest.fixture
def colleague(environment, connected, shipstation):
	"""Another portal user of the Supplier, who has connected a second ShipStation account."""
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	shipstation.add_account(key, secret)
	colleague = replace(colleague_of(environment, connected), api_key=key, api_secret=secret)
	colleague.connect(account="second")
	return colleague


def test_two_syncs_at_once_of_two_users_of_one_supplier(connected, colleague, shipstation):
	"""Two portal users with a ShipStation account each: the order goes to the first account."""
	sales_order = order((connected.item, 1, 10))
	shipstation.fault("slow", path="/orders/createorder", times=2, seconds=1)
	with ThreadPoolExecutor(2) as pool:
		syncs = [pool.submit(connected.sync), pool.submit(colleague.sync, account="second")]
		answers = [sync.result() for sync in syncs]
	assert [answer["ok"] for answer in answers] == [True, True]
	assert sum(answer["stats"]["orders_pushed"] for answer in answers) == 1
	assert colleague.remote_orders() == []
	remote = connected.remote_orders()
	assert [entry["orderKey"] for entry in remote] == [sales_order.name]
	frappe.db.rollback()
	assert frappe.db.count("ShipStation Order", {"sales_order": sales_order.name}) == 1


def test_an_order_of_unknown_outcome_at_a_colleagues_account_is_left_to_that_account(
	connected, colleague, killed_worker
):
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_after")
	let_the_lease_and_claims_run_out(connected)
	assert colleague.stats(account="second")["orders_pushed"] == 0
	assert colleague.remote_orders() == []
	connected.stats()
	only_once(connected, sales_order)


@pytest.mark.parametrize("is_there", [True, False])
def test_an_order_of_unknown_outcome_at_an_account_that_is_gone_is_not_sent_to_the_next_one(
	connected, shipstation, killed_worker, is_there
):
	"""Another account cannot show that the order is not there: the vendor says so, and retries it."""
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_after" if is_there else "timeout_before")
	let_the_lease_and_claims_run_out(connected)
	before = connected.remote_orders()
	assert len(before) == is_there
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	shipstation.add_account(key, secret)
	connected = replace(connected, api_key=key, api_secret=secret)
	connected.connect()
	for _time in range(2):
		assert connected.stats()["orders_pushed"] == 0
	record = connected.record(sales_order.name)
	assert (record.status, record.who_acts, connected.remote_orders()) == ("Failed", "Vendor", [])
	assert "cancel it there" in record.reason
	due_documents.retry(OUTBOX, record.name)
	connected.stats()
	assert [remote["orderKey"] for remote in connected.remote_orders()] == [sales_order.name]


def test_an_order_cancelled_after_the_crash_is_recorded_and_cancelled_there(connected, killed_worker):
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_after")
	fresh(sales_order).cancel()
	frappe.db.commit()
	let_the_lease_and_claims_run_out(connected)
	assert connected.stats()["push_errors"] == []
	assert connected.remote_orders()[0]["orderStatus"] == "cancelled"
	record = connected.record(sales_order.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Nobody")


def test_an_order_amended_after_the_crash_is_not_sent_beside_the_original(connected, killed_worker):
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_after")
	fresh(sales_order).cancel()
	amended = frappe.copy_doc(sales_order)
	amended.amended_from, amended.docstatus = sales_order.name, 0
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	let_the_lease_and_claims_run_out(connected)
	connected.stats()
	assert [(remote["orderKey"], remote["orderStatus"]) for remote in connected.remote_orders()] == [
		(sales_order.name, "cancelled"),
		(amended.name, "awaiting_shipment"),
	]


def test_a_push_that_never_arrived_is_made_after_the_crash(connected, killed_worker):
	sales_order = order((connected.item, 1, 10))
	killed_worker("timeout_before")
	assert connected.remote_orders() == []
	let_the_lease_and_claims_run_out(connected)
	connected.stats()
	only_once(connected, sales_order)


def test_an_order_cancelled_while_it_is_being_sent_is_recorded_as_cancelled(connected):
	sales_order = order((connected.item, 1, 10))
	connected.shipstation.fault("slow", path="/orders/createorder", seconds=5)
	with ThreadPoolExecutor(1) as pool:
		running = pool.submit(connected.sync)
		wait_for(lambda: is_being_sent(connected, sales_order))
		fresh(sales_order).cancel()
		frappe.db.commit()
		assert running.result()["ok"] is True
	record = connected.record(sales_order.name)
	assert (record.status, "was cancelled after it was sent" in record.reason) == ("Cancelled", True)


def test_an_order_closed_while_others_are_being_sent_is_not_sent(connected):
	first, second = order((connected.item, 1, 10)), order((connected.item, 1, 10))
	connected.shipstation.fault("slow", path="/orders/createorder", seconds=5)
	with ThreadPoolExecutor(1) as pool:
		running = pool.submit(connected.sync)
		wait_for(lambda: is_being_sent(connected, first))
		fresh(second).update_status("Closed")
		frappe.db.commit()
		stats = running.result()["stats"]
	assert (stats["orders_pushed"], stats["push_errors"]) == (1, [])
	assert connected.record(second.name).status == "Waiting"


def test_disconnecting_stops_a_running_sync(connected):
	for _number in range(3):
		order((connected.item, 1, 10))
	connected.shipstation.fault("slow", path="/orders/createorder", times=None, seconds=3)
	with ThreadPoolExecutor(1) as pool:
		running = pool.submit(connected.sync)
		wait_for(lambda: created(connected))
		disconnect = "medgrid.integrations.disconnect"
		assert connected.caller.post(disconnect, integration_type="shipstation").status_code == 200
		answer = running.result()
	assert (answer["ok"], "was stopped" in answer["error"]) == (False, True)
	assert connected.entry()["status"] == "not_connected"
	assert len(connected.remote_orders()) < 3

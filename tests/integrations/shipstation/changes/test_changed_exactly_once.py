"""An order that is sent again, or cancelled there, is neither lost nor done by two workers, whatever goes
wrong in between. Processes really die."""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from tests.support.changes import amend, update_items
from tests.support.runs import kill, let_the_lease_and_claims_run_out
from tests.support.vendors import created, fresh, order
from tests.support.waiting import wait_for, wait_for_jobs, wait_until_equal

# ShipStation took it before the worker died, or never did.
DEATHS = pytest.mark.parametrize("fault", ["timeout_after", "timeout_before"])


@pytest.fixture
def pushed(connected):
	"""An order of two pieces that ShipStation has."""
	document = order((connected.item, 2, 10))
	assert connected.stats()["orders_pushed"] == 1
	return document


def there(vendor) -> list[tuple[str, str, list[int]]]:
	"""What ShipStation has: keys, statuses, quantities."""
	return [
		(remote["orderKey"], remote["orderStatus"], [item["quantity"] for item in remote["items"]])
		for remote in vendor.remote_orders()
	]


def cancel(vendor, document) -> None:
	fresh(document).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: vendor.record(document.name).status, "Cancelled")


def is_finished(vendor, document, status: str) -> None:
	"""That nothing of a record is under way any more."""
	record = vendor.record(document.name)
	assert (record.status, record.is_changed, record.who_acts) == (status, 0, "Nobody")
	assert (record.resending_content, record.claim, record.get("operation") or "") == (None, None, "")


@DEATHS
def test_a_change_arrives_once_although_its_worker_was_killed(connected, pushed, killed_worker, fault):
	update_items(pushed, (1, 5))
	killed_worker(fault)
	let_the_lease_and_claims_run_out(connected)
	connected.stats()
	assert there(connected) == [(pushed.name, "awaiting_shipment", [5])]
	is_finished(connected, pushed, "Sent")
	before = created(connected)
	connected.stats()
	assert created(connected) == before


@DEATHS
def test_a_cancellation_arrives_although_its_worker_was_killed(connected, pushed, killed_worker, fault):
	cancel(connected, pushed)
	killed_worker(fault)
	let_the_lease_and_claims_run_out(connected)
	assert connected.stats()["push_errors"] == []
	assert there(connected) == [(pushed.name, "cancelled", [2])]
	is_finished(connected, pushed, "Cancelled")


@DEATHS
@pytest.mark.parametrize("then", ["cancelled", "amended", "changed"])
def test_what_happens_to_an_order_after_its_worker_was_killed_arrives(
	connected, pushed, killed_worker, fault, then
):
	update_items(pushed, (1, 5))
	killed_worker(fault)
	expected = [(pushed.name, "cancelled", [5])]
	if then == "changed":
		update_items(pushed, (1, 7))
		expected = [(pushed.name, "awaiting_shipment", [7])]
	elif then == "cancelled":
		cancel(connected, pushed)
	else:
		amended = amend(fresh(pushed), row_1=9)
		expected.append((amended.name, "awaiting_shipment", [9]))
	wait_for_jobs()
	let_the_lease_and_claims_run_out(connected)
	assert connected.stats()["push_errors"] == []
	assert sorted(there(connected)) == sorted(expected)


@pytest.mark.parametrize("then", ["cancelled", "changed"])
def test_what_happens_to_an_order_while_its_change_is_under_way_arrives(connected, pushed, then):
	update_items(pushed, (1, 5))
	before = created(connected)
	connected.shipstation.fault("slow", path="/orders/createorder", seconds=5)
	with ThreadPoolExecutor(1) as pool:
		running = pool.submit(connected.sync)
		wait_for(lambda: created(connected) > before)
		if then == "cancelled":
			cancel(connected, pushed)
		else:
			update_items(pushed, (1, 7))
			wait_for_jobs()
		assert running.result()["ok"] is True
	connected.stats()
	quantity, status = (5, "cancelled") if then == "cancelled" else (7, "awaiting_shipment")
	assert there(connected) == [(pushed.name, status, [quantity])]
	is_finished(connected, pushed, "Cancelled" if then == "cancelled" else "Sent")


@pytest.mark.parametrize("operation", ["sent again", "cancelled"])
def test_what_a_worker_is_doing_that_was_taken_for_dead_nobody_does_beside_it(
	connected, pushed, worker, operation
):
	if operation == "cancelled":
		cancel(connected, pushed)
	else:
		update_items(pushed, (1, 5))
	before = created(connected)
	connected.shipstation.fault("slow", path="/orders/createorder", seconds=8)
	first = worker()
	wait_for(lambda: created(connected) > before)
	kill("shipstation", connected.connection())
	assert worker().wait() == 0
	assert first.poll() is None
	first.wait()
	assert created(connected) == before + 1
	connected.stats()
	assert created(connected) == before + 1
	is_finished(connected, pushed, "Cancelled" if operation == "cancelled" else "Sent")

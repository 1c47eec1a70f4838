"""Sales Orders that somebody sent to the Exoceuticals store and that Shopify certainly did not create.

Nobody has to remember them: each has an issue, and MedGrid sends it again by itself.
"""

import json
import os
import signal
from datetime import datetime, timedelta, timezone
from functools import partial

import frappe
import pytest

from medgrid.core.transactions import in_transaction
from medgrid.exoceuticals import jobs
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.store import configure, new_item
from tests.support.vendors import fresh, order
from tests.support.waiting import wait_for, wait_until_equal

METHOD = "medgrid.exoceuticals.sync_to_exoceuticals"
AGAIN = "MedGrid sends the order again by itself."
ALL_ORDERS = "exoceuticals/orders"


@pytest.fixture(autouse=True)
def nothing_waits(site):
	site.db.delete("Exoceuticals Order")
	site.db.delete("Integration Issue", {"integration": "exoceuticals"})
	site.db.commit()


def send(store, sales_order, **values):
	return store.caller.post(METHOD, sales_order=sales_order.name, **values)


def remote(store) -> list[str]:
	return [each["source_identifier"] for each in store.control.orders(store.domain)]


def record_of(sales_order):
	frappe.db.rollback()
	return frappe.get_doc("Exoceuticals Order", {"sales_order": sales_order.name})


def issue_of(sales_order):
	"""The open issue of an order that was not sent; None if there is none."""
	frappe.db.rollback()
	about = {"issue_type": "exoceuticals/send_order", "reference_name": sales_order.name}
	name = frappe.db.get_value("Integration Issue", {**about, "open_key": ("is", "set")})
	return frappe.get_doc("Integration Issue", name) if name else None


def issue_of_all():
	frappe.db.rollback()
	name = frappe.db.get_value("Integration Issue", {"issue_type": ALL_ORDERS, "open_key": ("is", "set")})
	return frappe.get_doc("Integration Issue", name) if name else None


def long_ago(*, days: float = 1) -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=days)


def _pauses_are_over(first_failed_days_ago: float | None = None) -> None:
	for name in frappe.get_all("Exoceuticals Order", pluck="name"):
		claimed = frappe.db.get_value("Exoceuticals Order", name, "claimed_at", for_update=True)
		values = {"next_attempt_at": long_ago(), "claimed_at": claimed and long_ago()}
		if first_failed_days_ago:
			values["first_failed_at"] = long_ago(days=first_failed_days_ago)
		write_values("Exoceuticals Order", name, values)
	write_values("Integration Issue", {"issue_type": ALL_ORDERS}, "occurred_at", long_ago())


def tick(*, first_failed_days_ago: float | None = None) -> None:
	"""What the scheduler does when all pauses are over."""
	in_transaction(partial(_pauses_are_over, first_failed_days_ago))
	jobs.send_due_orders()


# Kind of failure -> who acts, and whether the failure concerns all orders.
CERTAIN = {
	"refused": ("Wholesaler", False),
	"401": ("Administrator", True),
	"402": ("Administrator", True),
	"403": ("Administrator", True),
	"404": ("Administrator", True),
	"423": ("Administrator", True),
	"too_many": ("Nobody", False),
	"throttled": ("Nobody", True),
	"unreachable": ("Nobody", True),
}


class Trouble:
	"""What keeps Shopify from creating an order; it certainly creates none."""

	def __init__(self, store):
		self.store, self.before = store, dict(frappe.conf.get("medgrid_endpoints") or {})

	def begin(self, kind: str) -> None:
		control = self.store.control
		if kind == "refused":
			self._stock(0)
		elif kind == "unreachable":
			_endpoints({**self.before, "shopify": "http://127.0.0.1:9/{shop}"})
		elif kind.isdigit():
			control.fault("status", status=int(kind), times=None, operation="order_create")
		else:
			control.fault(kind, times=None, seconds=100, operation="order_create")

	def end(self) -> None:
		self.store.control.clear_faults()
		_endpoints(self.before)
		self._stock(60)

	def _stock(self, quantity: int) -> None:
		for product in self.store.control.products(self.store.domain):
			for variant in product["variants"]:
				self.store.control.set_inventory(self.store.domain, variant["id"], quantity)


@pytest.fixture
def trouble(connected_store):
	found = Trouble(connected_store)
	yield found
	found.end()


def _endpoints(values: dict) -> None:
	frappe.conf["medgrid_endpoints"] = values


@pytest.mark.parametrize("kind", [kind for kind in CERTAIN if kind != "unreachable"])
def test_what_shopify_certainly_did_not_create_is_an_issue_and_goes_when_it_can(
	connected_store, sold, trouble, kind
):
	who_acts, of_all = CERTAIN[kind]
	sales_order = order((sold, 1, 10))
	trouble.begin(kind)
	answer = send(connected_store, sales_order)
	assert answer.status_code in (417, 429)
	assert AGAIN in answer.text
	record = record_of(sales_order)
	assert (record.status, record.claim, record.who_acts) == ("Waiting", None, who_acts)
	issue = issue_of(sales_order)
	assert (issue.who_acts, issue.detail) == (who_acts, record.reason)
	assert bool(issue_of_all()) is of_all
	trouble.end()
	tick()
	assert remote(connected_store) == [sales_order.name]
	assert record_of(sales_order).status == "Sent"
	assert fresh(sales_order).exoceuticals_order_id
	assert issue_of(sales_order) is None
	assert issue_of_all() is None


def test_a_store_that_cannot_be_reached_gets_the_order_later(connected_store, sold, trouble):
	"""No connection, as with a wrong name or certificate: nothing was sent."""
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	trouble.begin("unreachable")
	tick()
	record = record_of(sales_order)
	assert (record.status, issue_of_all().who_acts) == ("Waiting", "Nobody")
	trouble.end()
	tick()
	assert remote(connected_store) == [sales_order.name]
	assert issue_of(sales_order) is None and issue_of_all() is None


@pytest.mark.parametrize(
	"kind", ["502", "422", "drop_after", "timeout_after", "internal", "malformed", "half"]
)
@pytest.mark.parametrize("made", [True, False])
def test_an_unknown_outcome_is_looked_up_and_then_sent_only_if_it_is_not_there(
	connected_store, sold, kind, made
):
	if kind in ("drop_after", "half", "timeout_after") and not made:
		pytest.skip("these take effect")
	options = {"status": int(kind)} if kind.isdigit() else {}
	options |= {"processed": made} if kind in ("502", "422", "internal", "malformed") else {}
	options |= {"seconds": 25} if kind == "timeout_after" else {}
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status" if kind.isdigit() else kind, operation="order_create", **options)
	error(send(connected_store, sales_order), 409, "ConflictError")
	tick()
	assert len(remote(connected_store)) == made
	tick()
	tick()
	assert remote(connected_store) == [sales_order.name]
	assert (record_of(sales_order).status, issue_of(sales_order)) == ("Sent", None)


def test_a_refused_order_stops_no_other(connected_store, sold):
	refused, good = order((sold, 51, 10)), order((sold, 1, 10))
	error(send(connected_store, refused), 417, "ValidationError")
	connected_store.control.fault("status", status=423, operation="order_create")
	error(send(connected_store, good), 417, "ValidationError")
	tick()
	assert remote(connected_store) == [good.name]
	record = record_of(refused)
	assert (record.status, record.attempts) == ("Waiting", 2)
	assert issue_of(refused).attempts == 2


def test_a_failure_of_all_orders_costs_one_request_and_waits_longer_each_time(connected_store, sold):
	orders = [order((sold, 1, 10)) for _number in range(3)]
	connected_store.control.fault("status", status=401, times=None, operation="order_create")
	for each in orders:
		error(send(connected_store, each), 417, "ValidationError")
	connected_store.control.clear_received()
	tick()
	assert len(connected_store.control.received(connected_store.domain, "order_create")) == 1
	assert issue_of_all().attempts == 4
	jobs.queue_due_orders()
	frappe.db.rollback()
	assert {record_of(each).status for each in orders} == {"Waiting"}
	connected_store.control.clear_faults()
	tick()
	assert sorted(remote(connected_store)) == sorted(each.name for each in orders)


def test_the_tick_queues_the_job_only_if_something_is_due(connected_store, sold, trouble):
	sales_order = order((sold, 51, 10))
	error(send(connected_store, sales_order), 417, "ValidationError")
	trouble.end()
	jobs.queue_due_orders()
	assert record_of(sales_order).attempts == 1, "its pause is not over"
	in_transaction(_pauses_are_over)
	jobs.queue_due_orders()
	wait_until_equal(lambda: record_of(sales_order).status, "Sent")


def test_after_three_days_it_is_parked_until_somebody_sends_it(connected_store, sold, trouble):
	sales_order = order((sold, 51, 10))
	error(send(connected_store, sales_order), 417, "ValidationError")
	tick(first_failed_days_ago=3.1)
	assert record_of(sales_order).status == "Failed"
	assert issue_of(sales_order).what_to_do == "Send the Sales Order again, or cancel it."
	trouble.end()
	tick()
	assert remote(connected_store) == []
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert issue_of(sales_order) is None


def test_an_unknown_outcome_is_never_parked_without_a_search(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=502, times=2, operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	tick(first_failed_days_ago=1)
	tick(first_failed_days_ago=3.1)
	assert record_of(sales_order).status == "Outcome Unknown"
	tick()
	assert record_of(sales_order).status == "Failed"
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert remote(connected_store) == [sales_order.name]


def test_only_the_rows_that_were_asked_for_go_again(connected_store, sold):
	sales_order = order((sold, 1, 10), (sold, 5, 10))
	connected_store.control.fault("status", status=423, operation="order_create")
	rows = [sales_order.items[1].name]
	error(send(connected_store, sales_order, line_items=rows), 417, "ValidationError")
	tick()
	(created,) = connected_store.control.orders(connected_store.domain)
	assert [line["quantity"] for line in created["line_items"]] == [5]
	assert json.loads(record_of(sales_order).lines) == rows


def _fails(store, sales_order) -> None:
	store.control.fault("status", status=423, operation="order_create")
	error(send(store, sales_order), 417, "ValidationError")


def test_a_cancelled_order_is_not_sent_again(connected_store, sold):
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	fresh(sales_order).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: record_of(sales_order).status, "Cancelled")
	tick()
	assert remote(connected_store) == []
	assert issue_of(sales_order) is None


def test_an_order_that_is_cancelled_while_shopify_refuses_it_has_no_issue(
	connected_store, sold, environment, trouble
):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("slow", seconds=3, operation="order_create")
	trouble.begin("refused")
	process = environment.process("tests.support.store_process.send", json.dumps(sales_order.name))
	wait_for(lambda: frappe.db.rollback() or frappe.db.exists("Exoceuticals Order", {"status": "Sending"}))
	fresh(sales_order).cancel()
	frappe.db.commit()
	process.wait()
	wait_until_equal(lambda: record_of(sales_order).status, "Cancelled")
	assert issue_of(sales_order) is None
	tick()
	assert remote(connected_store) == []


@pytest.mark.parametrize("status", ["Closed", "On Hold"])
def test_a_stopped_order_waits_until_it_is_opened_again(connected_store, sold, status):
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	fresh(sales_order).update_status(status)
	frappe.db.commit()
	tick()
	assert (remote(connected_store), record_of(sales_order).status) == ([], "Waiting")
	fresh(sales_order).update_status("Draft")
	frappe.db.commit()
	tick()
	assert remote(connected_store) == [sales_order.name]


def test_what_was_delivered_otherwise_is_not_sent(connected_store, sold):
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	frappe.db.set_value("Sales Order Item", sales_order.items[0].name, "delivered_qty", 1)
	frappe.db.commit()
	tick()
	assert remote(connected_store) == []
	assert (record_of(sales_order).status, issue_of(sales_order)) == ("Not Ours", None)


def test_an_order_that_cannot_be_sent_as_it_is_any_more_says_why(connected_store, sold):
	sales_order = order((sold, 1, 10), (new_item(), 1, 10))
	_fails(connected_store, sales_order)
	fresh(sales_order).db_set("shipping_address_name", None)
	frappe.db.commit()
	tick()
	record = record_of(sales_order)
	assert (record.status, record.who_acts) == ("Waiting", "Wholesaler")
	assert "no shipping address" in record.reason
	tick(first_failed_days_ago=3.1)
	assert record_of(sales_order).status == "Failed"
	assert "no shipping address" in issue_of(sales_order).detail


def test_what_is_there_although_it_was_said_not_to_be_is_recorded_and_not_made_twice(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=423, processed=True, operation="order_create")
	error(send(connected_store, sales_order), 417, "ValidationError")
	tick()
	assert remote(connected_store) == [sales_order.name]
	assert record_of(sales_order).status == "Sent"


def test_a_worker_that_is_killed_while_it_sends_again_makes_one_order(connected_store, sold, environment):
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	in_transaction(_pauses_are_over)
	connected_store.control.fault("timeout_after", operation="order_create", seconds=20)
	process = environment.process("medgrid.exoceuticals.jobs.send_due_orders")
	wait_for(lambda: remote(connected_store))
	os.kill(process.pid, signal.SIGKILL)
	process.wait()
	assert record_of(sales_order).status == "Sending"
	tick()
	assert remote(connected_store) == [sales_order.name]
	assert (record_of(sales_order).status, issue_of(sales_order)) == ("Sent", None)


def test_an_order_whose_amendment_waits_goes_once(connected_store, sold):
	original = order((sold, 1, 10))
	_fails(connected_store, original)
	original = fresh(original)
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from, amended.docstatus = original.name, 0
	amended.insert(ignore_permissions=True)
	amended.submit()
	frappe.db.commit()
	_fails(connected_store, amended)
	tick()
	assert remote(connected_store) == [amended.name]


def test_without_a_store_nothing_is_tried(connected_store, sold):
	sales_order = order((sold, 1, 10))
	_fails(connected_store, sales_order)
	configure(api_token=None)
	tick()
	jobs.queue_due_orders()
	assert record_of(sales_order).attempts == 0
	assert remote(connected_store) == []

"""One order's failure is that order's, and the account's stops the queue."""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, today

from medgrid.core.clock import stored_utc_now
from medgrid.integrations import jobs
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import due_documents
from tests.support.vendors import customer_with_address, failing_since_days, order

CREATE, ORDERS, SHIPMENTS = "/orders/createorder", "/orders", "/shipments"
# One call and its three retries.
ALL_RETRIES = 4
FAULTS = [
	{"kind": "status", "status": 500},
	{"kind": "status", "status": 503},
	{"kind": "status", "status": 400},
	{"kind": "status", "status": 404},
	{"kind": "malformed"},
	{"kind": "half"},
	{"kind": "null"},
	{"kind": "drop_after"},
]


def six_orders(vendor) -> list[str]:
	"""The first one is the oldest, so it is the next one of each sync."""
	days = [-1, 0, 0, 0, 0, 0]
	return [order((vendor.item, 1, 10), transaction_date=add_days(today(), day)).name for day in days]


def requests_of_one_order(fault: dict) -> int:
	"""How many requests it takes until the client gives up one order."""
	is_repeated = fault["kind"] != "null" and fault.get("status", 500) >= 500
	return ALL_RETRIES if is_repeated else 1


def issues_of(record) -> list:
	frappe.db.rollback()
	filters = {"issue_type": "shipstation/push", "reference_name": record.name, "open_key": ("is", "set")}
	return frappe.get_all("Integration Issue", filters, ["detail", "who_acts", "what_to_do", "related_to"])


def minutes_until_next_attempt(record) -> float:
	return (record.next_attempt_at - stored_utc_now()).total_seconds() / 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_an_order_that_fails_does_not_stop_the_others_nor_the_tracking(connected, fault):
	shipped = order((connected.item, 1, 10)).name
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=shipped)
	first, *others = six_orders(connected)
	connected.shipstation.set_limit(connected.api_key, 1000)
	connected.shipstation.fault(path=CREATE, times=requests_of_one_order(fault), **fault)
	jobs.sync_connection(connected.connection())
	connected.shipstation.clear_faults()
	assert {connected.record(name).status for name in others} == {"Sent"}
	assert connected.record(shipped).tracking_number
	record = connected.record(first)
	assert record.status in ("Waiting", "Outcome Unknown")
	assert record.reason and record.attempts == 1
	assert 0 < minutes_until_next_attempt(record) <= 1
	assert connected.entry()["status"] == "connected"
	assert connected.stats()["push_errors"] == []
	record = connected.record(first)
	assert (record.status, record.first_failed_at, record.next_attempt_at) == ("Sent", None, None)


def test_the_pauses_between_attempts_are_those_of_the_schedule(connected):
	name = order((connected.item, 1, 10)).name
	connected.shipstation.fault("status", status=400, path=CREATE, times=None)
	for minutes in (1, 5, 30, 120, 360, 360):
		connected.stats()
		assert minutes - 1 < minutes_until_next_attempt(connected.record(name)) <= minutes
	before = connected.record(name).attempts
	jobs.sync_connection(connected.connection())
	assert connected.record(name).attempts == before


@pytest.mark.parametrize("has_address", [True, False])
def test_after_three_days_an_order_is_parked_with_an_issue_and_goes_on_by_retry(connected, has_address):
	document = order((connected.item, 1, 10), address=has_address)
	name = document.name
	connected.shipstation.fault("status", status=400, path=CREATE, times=None)
	connected.stats()
	failing_since_days(connected.record(name), 3)
	connected.stats()
	record = connected.record(name)
	who_acts = "Vendor" if has_address else "Wholesaler"
	assert (record.status, record.who_acts, record.next_attempt_at) == ("Failed", who_acts, None)
	[issue] = issues_of(record)
	assert (issue.who_acts, issue.detail, issue.related_to) == (who_acts, record.reason, name)
	assert connected.stats()["push_errors"] == [f"{name}: {record.reason}"]
	assert connected.record(name).attempts == record.attempts
	connected.shipstation.clear_faults()
	if not has_address:
		document.db_set("shipping_address_name", customer_with_address(), commit=True)
	due_documents.retry(OUTBOX, record.name)
	assert issues_of(record) == []
	assert connected.stats()["orders_pushed"] == 1


def test_three_orders_in_a_row_at_which_shipstation_fails_stop_the_queue(connected):
	names = six_orders(connected)
	connected.shipstation.set_limit(connected.api_key, 1000)
	connected.shipstation.fault("status", status=500, path=CREATE, times=None)
	jobs.sync_connection(connected.connection())
	entry = connected.entry()
	assert (entry["status"], entry["last_error"]) == (
		"error",
		"ShipStation is unavailable (HTTP 500). Try again later.",
	)
	tried = [name for name in names if connected.record(name).attempts]
	assert len(tried) == 3
	# The next sync begins with those that were not tried.
	connected.shipstation.clear_faults()
	connected.shipstation.fault("status", status=500, path=CREATE, times=ALL_RETRIES)
	jobs.sync_connection(connected.connection())
	statuses = [connected.record(name).status for name in names if name not in tried]
	assert sorted(statuses) == ["Outcome Unknown", "Sent", "Sent"]


ACCOUNT = [
	({"kind": "status", "status": 401}, "rejected the credentials"),
	({"kind": "status", "status": 402}, "plan does not include"),
]


@pytest.mark.parametrize(("fault", "sentence"), ACCOUNT)
def test_what_concerns_the_account_counts_as_no_orders_attempt(connected, fault, sentence):
	first, *others = six_orders(connected)
	connected.shipstation.fault(path=CREATE, times=None, **fault)
	jobs.sync_connection(connected.connection())
	entry = connected.entry()
	assert entry["status"] == "error" and sentence in entry["last_error"]
	record = connected.record(first)
	assert (record.status, record.attempts, record.first_failed_at) == ("Waiting", 0, None)
	assert not [name for name in others if connected.record(name).attempts]
	connected.shipstation.clear_faults()
	assert connected.stats()["orders_pushed"] == 6


def test_an_account_that_fails_waits_longer_each_time_and_a_person_does_not(connected):
	connected.shipstation.fault("status", status=503, times=None)
	for minutes in (1, 5, 30):
		jobs.sync_connection(connected.connection())
		frappe.db.rollback()
		row = frappe.db.get_value("Vendor Connection", connected.connection(), "next_sync_at")
		assert minutes - 1 < (row - stored_utc_now()) / timedelta(minutes=1) <= minutes
	connected.shipstation.clear_faults()
	connected.stats()
	fields = ["next_sync_at", "failed_syncs"]
	next_sync_at, failed_syncs = frappe.db.get_value("Vendor Connection", connected.connection(), fields)
	assert failed_syncs == 0
	# Its own moment in the hour, and not a pause that goes on growing.
	assert 5 < (next_sync_at - stored_utc_now()) / timedelta(minutes=1) <= 66


@pytest.mark.parametrize(
	"fault", [{"kind": "status", "status": 500}, {"kind": "half"}, {"kind": "malformed"}]
)
def test_an_order_whose_search_fails_does_not_stop_the_others(connected, fault):
	first = order((connected.item, 1, 10)).name
	connected.shipstation.fault("drop_after", path=CREATE, times=ALL_RETRIES)
	connected.stats()
	connected.shipstation.clear_faults()
	assert connected.record(first).status == "Outcome Unknown"
	second = order((connected.item, 1, 10)).name
	connected.shipstation.fault(path=ORDERS, times=requests_of_one_order(fault), **fault)
	stats = connected.stats()
	assert [error.split(":")[0] for error in stats["push_errors"]] == [first]
	assert connected.record(second).status == "Sent"
	record = connected.record(first)
	assert (record.status, record.attempts) == ("Outcome Unknown", 2)
	connected.shipstation.clear_faults()
	connected.stats()
	assert connected.record(first).status == "Sent"


@pytest.mark.parametrize("fault", [FAULTS[0], FAULTS[4], FAULTS[5]])
def test_tracking_of_one_order_that_fails_does_not_stop_the_others(connected, fault):
	names = six_orders(connected)[:3]
	connected.stats()
	for name in names:
		connected.shipstation.buy_label(connected.api_key, order_key=name)
	connected.shipstation.set_limit(connected.api_key, 1000)
	# The page of all shipments, then the request for the first order.
	connected.shipstation.fault(path=SHIPMENTS, times=2 * requests_of_one_order(fault), **fault)
	jobs.sync_connection(connected.connection())
	connected.shipstation.clear_faults()
	numbers = [bool(connected.record(name).tracking_number) for name in names]
	assert sorted(numbers) == [False, True, True]
	assert connected.entry()["status"] == "connected"
	failed = connected.record(names[numbers.index(False)])
	assert failed.tracking_failures == 1 and 0 < minutes_until_next_attempt(failed) <= 1
	jobs.sync_connection(connected.connection())
	assert not connected.record(failed.sales_order).tracking_number
	connected.stats()
	record = connected.record(failed.sales_order)
	assert record.tracking_number and (record.tracking_failures, record.next_attempt_at) == (0, None)


def test_a_fault_of_medgrids_at_one_order_does_not_stop_the_others(connected, monkeypatch):
	from medgrid.integrations.shipstation import preparation

	first, *others = six_orders(connected)
	real = preparation.payload_for

	def payload_for(sales_order, *arguments):
		if sales_order.name == first:
			raise ZeroDivisionError
		return real(sales_order, *arguments)

	monkeypatch.setattr(preparation, "payload_for", payload_for)
	jobs.sync_connection(connected.connection())
	assert {connected.record(name).status for name in others} == {"Sent"}
	record = connected.record(first)
	assert (record.status, record.who_acts, record.attempts) == ("Waiting", "Administrator", 1)
	assert "Error Log" in record.reason
	assert connected.entry()["status"] == "connected"

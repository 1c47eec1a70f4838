"""One record per order and vendor, from the moment the order is due."""

import frappe
import pytest

from medgrid.integrations import jobs
from medgrid.integrations.shipstation.due import missed
from medgrid.integrations.shipstation.due.register import register
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import due_documents
from tests.support import records
from tests.support.records import write_values
from tests.support.rival import rival_connection
from tests.support.vendors import customer_with_address, deliver, fresh, item_of, order
from tests.support.waiting import wait_for_jobs, wait_until_equal


def records_of(document) -> dict[str, tuple]:
	"""Supplier -> status and who acts, once all jobs are done."""
	wait_for_jobs()
	frappe.db.rollback()
	fields = ["supplier", "status", "who_acts"]
	rows = frappe.get_all("ShipStation Order", {"sales_order": document.name}, fields)
	assert len({row.supplier or "" for row in rows}) == len(rows)
	return {row.supplier or "": (row.status, row.who_acts) for row in rows}


def test_a_submitted_order_has_a_record_for_each_vendor_at_once(connected, other_vendor):
	document = order((connected.item, 1, 10), (other_vendor.item, 1, 10), (connected.item, 2, 10))
	assert records_of(document) == {
		connected.supplier: ("Waiting", "Nobody"),
		other_vendor.supplier: ("Waiting", "Vendor"),
	}
	record = other_vendor.record(document.name)
	assert record.reason == f"{other_vendor.supplier} has not connected ShipStation."
	assert record.since and record.attempts == 0
	assert connected.record(document.name).reason is None


def test_an_order_that_is_not_submitted_has_none(connected):
	assert records_of(order((connected.item, 1, 10), submit=False)) == {}


def test_rows_without_a_vendor_are_one_record_until_they_have_one(connected):
	# Not every site gives an Item a row for each company.
	defaults = [{"company": "Skydell Medical"}]
	nobodys = records.item(f"{connected.item}-N", item_name="Nobody's", item_defaults=defaults)
	document = order((nobodys, 1, 10), (connected.item, 1, 10), (nobodys, 2, 10))
	assert records_of(document) == {
		"": ("Waiting", "Wholesaler"),
		connected.supplier: ("Waiting", "Nobody"),
	}
	reason = frappe.db.get_value(
		"ShipStation Order", {"sales_order": document.name, "supplier": ""}, "reason"
	)
	assert "No vendor ships these rows: 1, 3." in reason
	default = {"parent": nobodys, "company": "Skydell Medical"}
	frappe.db.set_value("Item Default", default, "default_supplier", connected.supplier)
	frappe.db.commit()
	missed.register_missed()
	assert records_of(document) == {
		"": ("Not Ours", "Nobody"),
		connected.supplier: ("Waiting", "Nobody"),
	}
	connected.stats()
	[remote] = connected.remote_orders()
	assert len(remote["items"]) == 3


def test_an_order_without_an_address_says_so_before_anybody_tries(connected):
	document = order((connected.item, 1, 10), address=False)
	document = fresh(document)
	frappe.db.delete("ShipStation Order", {"sales_order": document.name})
	frappe.db.commit()
	register(document.name)
	assert records_of(document) == {connected.supplier: ("Waiting", "Wholesaler")}
	record = connected.record(document.name)
	assert record.reason == "The Sales Order has no shipping address. Ask MedGrid to correct it."
	document.db_set("shipping_address_name", customer_with_address(), commit=True)
	assert connected.stats()["orders_pushed"] == 1
	record = connected.record(document.name)
	assert (record.status, record.reason, record.who_acts) == ("Sent", None, "Nobody")


@pytest.mark.parametrize("is_registered", [False, True])
def test_an_order_that_another_system_pushed_gets_no_record_and_is_not_sent(connected, is_registered):
	document = order((connected.item, 1, 10), submit=False)
	document.db_set("shipstation_order_id", "778899", commit=True)
	# Frappe resets MedGrid's fields when a document is saved: an import writes them like this.
	write_values("Sales Order", document.name, {"docstatus": 1, "status": "To Deliver and Bill"})
	if is_registered:
		register(document.name)
	missed.register_missed()
	assert connected.stats()["orders_pushed"] == 0
	assert records_of(document) == {}


def test_the_second_vendor_gets_a_record_though_the_first_one_pushed(connected, other_vendor):
	document = order((connected.item, 1, 10), (other_vendor.item, 1, 10))
	wait_for_jobs()
	frappe.db.delete("ShipStation Order", {"sales_order": document.name, "supplier": other_vendor.supplier})
	frappe.db.commit()
	connected.stats()
	assert fresh(document).shipstation_order_id
	other_vendor.connect()
	assert other_vendor.stats()["orders_pushed"] == 1


@pytest.mark.parametrize("find", ["hourly", "sync"])
def test_an_order_whose_job_was_lost_is_found(connected, find):
	document = order((connected.item, 1, 10))
	wait_for_jobs()
	frappe.db.delete("ShipStation Order", {"sales_order": document.name})
	frappe.db.commit()
	if find == "hourly":
		missed.register_missed()
		assert records_of(document) == {connected.supplier: ("Waiting", "Nobody")}
	jobs.sync_connection(connected.connection())
	assert records_of(document) == {connected.supplier: ("Sent", "Nobody")}


def test_a_row_that_is_added_for_another_vendor_gets_a_record(connected, other_vendor):
	document = order((connected.item, 1, 10))
	connected.stats()
	row = frappe.copy_doc(document.items[0])
	row.update({"parent": document.name, "idx": 2, "item_code": other_vendor.item, "docstatus": 1})
	row.db_insert()
	frappe.db.commit()
	register(document.name)
	assert records_of(document)[other_vendor.supplier][0] == "Waiting"


def test_a_row_that_changes_hands_before_it_was_sent(connected, other_vendor):
	item = item_of(connected.supplier, f"{connected.item}-H")
	document = order((item, 1, 10))
	assert records_of(document) == {connected.supplier: ("Waiting", "Nobody")}
	frappe.db.set_value("Item Default", {"parent": item}, "default_supplier", other_vendor.supplier)
	frappe.db.commit()
	register(document.name)
	assert records_of(document) == {
		connected.supplier: ("Not Ours", "Nobody"),
		other_vendor.supplier: ("Waiting", "Vendor"),
	}


@pytest.mark.parametrize("status", ["Closed", "On Hold"])
def test_closed_and_held_orders_wait_and_go_on_when_they_are_opened(connected, status):
	document = order((connected.item, 1, 10))
	wait_for_jobs()
	fresh(document).update_status(status)
	frappe.db.commit()
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	fresh(document).update_status("Draft")
	frappe.db.commit()
	assert connected.stats()["orders_pushed"] == 1


def test_registering_twice_and_by_two_at_once_makes_one_record(connected):
	document = order((connected.item, 1, 10))
	for _time in range(3):
		register(document.name)
	with rival_connection() as rival:
		key = {"sales_order": document.name, "supplier": connected.supplier}
		assert rival.count("ShipStation Order", key) == 1


def test_an_order_that_is_cancelled_before_it_was_sent_says_so(connected):
	document = order((connected.item, 1, 10))
	wait_for_jobs()
	fresh(document).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: records_of(document), {connected.supplier: ("Cancelled", "Nobody")})


def test_a_failed_order_is_retried_from_its_form_by_those_who_may(connected):
	document = order((connected.item, 1, 10))
	wait_for_jobs()
	record = connected.record(document.name)
	record.db_set({"status": "Failed", "reason": "No such store."}, commit=True)
	frappe.set_user(connected.user.email)
	try:
		with pytest.raises(frappe.PermissionError):
			record.retry()
	finally:
		frappe.set_user("Administrator")
	record.retry()
	assert records_of(document) == {connected.supplier: ("Waiting", "Nobody")}
	with pytest.raises(Exception, match="does not exist"):
		due_documents.retry(OUTBOX, "no-record")


@pytest.mark.parametrize("status", ["Waiting", "Failed"])
def test_an_order_that_somebody_else_delivered_leaves_the_list(connected, status):
	document = order((connected.item, 1, 10))
	assert records_of(document) == {connected.supplier: ("Waiting", "Nobody")}
	set_record(connected, document.name, status=status)
	deliver(document.name)
	missed.register_missed()
	assert records_of(document) == {connected.supplier: ("Not Ours", "Nobody")}
	assert connected.stats()["orders_pushed"] == 0


@pytest.mark.parametrize("status", ["On Hold", "Closed"])
def test_an_order_that_is_on_hold_or_closed_says_so_and_goes_when_it_is_reopened(connected, status):
	document = order((connected.item, 1, 10))
	assert records_of(document) == {connected.supplier: ("Waiting", "Nobody")}
	fresh(document).update_status(status)
	frappe.db.commit()
	# The vendor's own sync looks at them, too.
	assert connected.stats()["orders_pushed"] == 0
	assert records_of(document) == {connected.supplier: ("Waiting", "Wholesaler")}
	reason = connected.record(document.name).reason
	assert reason == "The Sales Order is closed or on hold. MedGrid sends it when somebody reopens it."
	assert missed._not_due_any_more(connected.supplier) == []
	fresh(document).update_status("Draft")
	frappe.db.commit()
	assert connected.stats()["orders_pushed"] == 1
	assert connected.record(document.name).reason is None


def test_a_sent_order_that_is_delivered_stays_sent(connected):
	document = order((connected.item, 1, 10))
	connected.stats()
	deliver(document.name)
	missed.register_missed()
	assert records_of(document) == {connected.supplier: ("Sent", "Nobody")}


def set_record(vendor, sales_order: str, **values) -> None:
	write_values("ShipStation Order", vendor.record(sales_order).name, values)

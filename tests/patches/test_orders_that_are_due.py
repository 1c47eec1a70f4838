"""The patch that makes the records of open Sales Orders, on a site of release 0.1."""

import frappe

from medgrid.patches.v1_0 import orders_that_are_due
from tests.support.vendors import fresh, order
from tests.support.waiting import wait_for_jobs


def test_open_orders_get_records_and_others_do_not(connected):
	is_open, old, closed, imported = (order((connected.item, 1, 10)) for _number in range(4))
	wait_for_jobs()
	fresh(closed).update_status("Closed")
	imported.db_set("shipstation_order_id", "4711")
	names = [document.name for document in (is_open, old, closed, imported)]
	frappe.db.delete("ShipStation Order", {"sales_order": ("in", names)})
	frappe.db.set_value("Sales Order", old.name, "modified", "2020-01-01", update_modified=False)
	frappe.db.commit()
	for _time in range(2):
		orders_that_are_due.execute()
		frappe.db.commit()
		found = frappe.get_all("ShipStation Order", {"sales_order": ("in", names)}, ["sales_order", "status"])
		assert sorted(row.sales_order for row in found) == sorted([is_open.name, old.name])
		assert {row.status for row in found} == {"Waiting"}


def test_records_that_were_there_keep_their_state_and_get_a_time(connected):
	document = order((connected.item, 1, 10))
	connected.stats()
	record = connected.record(document.name)
	record.db_set("since", None, commit=True)
	orders_that_are_due.execute()
	frappe.db.commit()
	record = connected.record(document.name)
	assert (record.status, record.since) == ("Sent", record.claimed_at)

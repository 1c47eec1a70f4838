"""The patch that parks orders that an earlier release did not succeed in sending to the store."""

import frappe
import pytest

from medgrid.patches.v1_0 import orders_not_sent
from tests.support.records import item
from tests.support.vendors import fresh, order

REASON = "Shopify has locked this store."


def record(sales_order, status: str, **values) -> str:
	document = {"doctype": "Exoceuticals Order", "sales_order": sales_order.name, "status": status}
	own = {"reason": REASON, "who_acts": "Administrator", "attempts": 1, **values}
	name = frappe.get_doc({**document, **own}).insert(ignore_permissions=True).name
	frappe.db.commit()
	return name


def issues_of(sales_order) -> list:
	about = {"issue_type": "exoceuticals/send_order", "reference_name": sales_order.name}
	return frappe.get_all("Integration Issue", about, ["who_acts", "detail", "what_to_do"])


@pytest.fixture
def sales_order(site):
	yield (made := order((item("MGT-OLD"), 1, 10)))
	frappe.db.rollback()
	frappe.db.delete("Exoceuticals Order", {"sales_order": made.name})
	frappe.db.commit()


def test_an_order_that_waited_is_parked_with_an_issue_and_not_sent_by_itself(sales_order):
	name = record(sales_order, "Waiting")
	orders_not_sent.execute()
	orders_not_sent.execute()
	frappe.db.commit()
	assert frappe.db.get_value("Exoceuticals Order", name, "status") == "Failed"
	[issue] = issues_of(sales_order)
	assert (issue.who_acts, issue.detail) == ("Administrator", REASON)
	assert issue.what_to_do == "Send the Sales Order again, or cancel it."


@pytest.mark.parametrize("status", ["Sent", "Sending", "Outcome Unknown", "Cancelled"])
def test_other_records_stay(sales_order, status):
	name = record(sales_order, status)
	orders_not_sent.execute()
	frappe.db.commit()
	assert frappe.db.get_value("Exoceuticals Order", name, "status") == status
	assert issues_of(sales_order) == []


def test_what_waits_for_this_releases_next_attempt_stays(sales_order):
	name = record(sales_order, "Waiting", first_failed_at="2026-11-27 10:00:00")
	orders_not_sent.execute()
	frappe.db.commit()
	assert frappe.db.get_value("Exoceuticals Order", name, "status") == "Waiting"


def test_a_cancelled_order_needs_nobody(sales_order):
	name = record(sales_order, "Waiting")
	document = fresh(sales_order)
	document.flags.ignore_links = True
	document.db_set("docstatus", 2)
	frappe.db.commit()
	orders_not_sent.execute()
	frappe.db.commit()
	assert frappe.db.get_value("Exoceuticals Order", name, "status") == "Waiting"
	assert issues_of(sales_order) == []

"""Orders that the store has cancelled after goods of them were shipped: nobody else ships those goods."""

import frappe
import pytest

from medgrid.exoceuticals import jobs
from medgrid.integrations.shipstation.due.missed import register_missed
from tests.exoceuticals.orders.test_changed_orders import CANCELLED_THERE, issue_of, record_of, sent
from tests.exoceuticals.orders.test_send import age_claim, error, remote, send
from tests.support.changes import amend
from tests.support.http import message
from tests.support.vendors import fresh, order
from tests.support.waiting import wait_for_jobs

__all__ = ["sent"]


def poll(store, document) -> None:
	message(store.caller.post("medgrid.exoceuticals.poll_exoceuticals_status", sales_order=document.name))


@pytest.fixture
def shipped_in_part(connected_store, sent):
	"""The store ships the first row, and cancels the rest."""
	domain, order_id = connected_store.domain, fresh(sent).exoceuticals_order_id
	connected_store.control.fulfill(
		domain, order_id, "1Z8", "UPS", quantities={sent.items[0].item_code: 2}, silent=True
	)
	connected_store.control.cancel(domain, order_id, silent=True)
	poll(connected_store, sent)
	return sent


def test_an_order_that_was_cancelled_after_a_part_was_shipped_is_an_issue_that_says_so(
	connected_store, shipped_in_part
):
	record = record_of(shipped_in_part)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "Exoceuticals has shipped goods of order" in record.reason
	issue = issue_of(shipped_in_part, CANCELLED_THERE)
	assert "Take the rest off the Sales Order" in issue.what_to_do


def said(document) -> str:
	return "Shipped: 2 × {}. Not shipped: 1 × {}.".format(*(row.item_code for row in document.items))


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_was_shipped_and_what_was_not_is_said(connected_store, shipped_in_part, is_lost):
	wait_for_jobs()
	if is_lost:
		record = record_of(shipped_in_part)
		record.db_set({"shipped_rows": None, "reason": "Exoceuticals has shipped goods of order #1."})
		frappe.db.commit()
		jobs.run_reconciliation()
	assert record_of(shipped_in_part).reason.endswith(said(shipped_in_part))
	issue = issue_of(shipped_in_part, CANCELLED_THERE)
	assert issue.detail.endswith(said(shipped_in_part)) and issue.attempts == 1


def test_what_was_not_shipped_is_free_for_vendors_when_the_order_is_amended(
	connected_store, shipped_in_part, vendor
):
	wait_for_jobs()
	vendor.connect()
	for row in shipped_in_part.items:
		default = {
			"doctype": "Item Default",
			"company": "Skydell Medical",
			"default_supplier": vendor.supplier,
		}
		item = frappe.get_doc("Item", row.item_code)
		item.set("item_defaults", [default])
		item.save(ignore_permissions=True)
	frappe.db.commit()
	amended = amend(shipped_in_part)
	wait_for_jobs()
	register_missed()
	vendor.stats()
	[remote_order] = vendor.remote_orders()
	assert [item["sku"] for item in remote_order["items"]] == [amended.items[1].item_code]
	assert len(remote(connected_store)) == 1
	assert said(amended) in record_of(amended).reason


@pytest.mark.parametrize("job", ["runs", "lost, sent again", "lost, reconciled"])
def test_nobody_gets_what_was_shipped_before_it_was_cancelled(
	connected_store, shipped_in_part, vendor, monkeypatch, job
):
	from medgrid.exoceuticals.orders.changes import events

	vendor.connect()
	item = shipped_in_part.items[0].item_code
	default = {"parent": item, "company": "Skydell Medical"}
	frappe.db.set_value("Item Default", default, "default_supplier", vendor.supplier)
	frappe.db.commit()
	if job != "runs":
		monkeypatch.setattr(events, "enqueue_after_commit", lambda *values, **options: None)
	amended = amend(shipped_in_part)
	wait_for_jobs()
	vendor.stats()
	if job == "lost, sent again":
		assert record_of(shipped_in_part).order_name in error(
			send(connected_store, amended), 409, "ConflictError"
		)
	jobs.run_reconciliation()
	register_missed()
	vendor.stats()
	assert (len(remote(connected_store)), vendor.remote_orders()) == (1, [])
	assert fresh(amended).exoceuticals_tracking_number == "1Z8"
	record = record_of(amended)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert issue_of(amended, CANCELLED_THERE)
	assert issue_of(shipped_in_part, CANCELLED_THERE) is None


@pytest.mark.parametrize("first", ["here", "there"])
def test_an_order_that_both_have_cancelled_and_of_which_goods_were_shipped_is_no_silence(
	connected_store, sent, first
):
	domain, order_id = connected_store.domain, fresh(sent).exoceuticals_order_id
	connected_store.control.fulfill(
		domain, order_id, "1Z8", "UPS", quantities={sent.items[0].item_code: 1}, silent=True
	)
	for place in (first, "there" if first == "here" else "here"):
		if place == "there":
			connected_store.control.cancel(domain, order_id, silent=True)
			poll(connected_store, sent)
		else:
			fresh(sent).cancel()
			frappe.db.commit()
			wait_for_jobs()
	record = record_of(sent)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "has shipped goods of it" in record.reason
	issue = issue_of(sent, CANCELLED_THERE)
	assert issue.who_acts == "Wholesaler" and "Amend the Sales Order" in issue.what_to_do


def test_a_shipment_that_was_void_frees_the_order(connected_store, sent):
	domain, order_id = connected_store.domain, fresh(sent).exoceuticals_order_id
	connected_store.control.fulfill(domain, order_id, "1Z8", "UPS", silent=True)
	connected_store.control.cancel_fulfillment(domain, order_id)
	connected_store.control.cancel(domain, order_id, silent=True)
	poll(connected_store, sent)
	amended = amend(sent)
	wait_for_jobs()
	assert message(send(connected_store, amended))["status"] == "success"


def test_what_the_store_shipped_and_cancelled_before_its_answer_was_known_is_no_silence(
	connected_store, sent
):
	"""The answer says no more than that parts were shipped; the reconciliation reads which."""
	document = order((sent.items[0].item_code, 2, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, document), 409, "ConflictError")
	[found] = [each for each in remote(connected_store) if each["source_identifier"] == document.name]
	order_id = found["admin_graphql_api_id"]
	connected_store.control.fulfill(
		connected_store.domain, order_id, "1Z8", "UPS", quantities={sent.items[0].item_code: 1}, silent=True
	)
	connected_store.control.cancel(connected_store.domain, order_id, silent=True)
	age_claim(document, seconds=121)
	jobs.run_reconciliation()
	jobs.run_reconciliation()
	record = record_of(document)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "has shipped goods of" in record.reason

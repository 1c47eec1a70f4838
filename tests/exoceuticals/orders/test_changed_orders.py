"""Sales Orders that change after they were sent to Exoceuticals."""

import frappe
import pytest

from medgrid.exoceuticals import jobs
from medgrid.exoceuticals.orders import cancellations
from tests.exoceuticals.orders.test_send import error, remote, send
from tests.support.changes import amend, change_address, own_address, set_status, update_items
from tests.support.http import message
from tests.support.records import set_stock, warehouse, write_values
from tests.support.store import new_item, sold_item
from tests.support.vendors import deliver, fresh, order
from tests.support.waiting import wait_for_jobs

CHANGED, CANCEL, CANCELLED_THERE = "changed_order", "cancel_order", "cancelled_there"


@pytest.fixture
def sent(connected_store):
	"""A sent order of two rows, with an Address of its own."""
	items = [sold_item(connected_store) for _number in range(2)]
	document = order((items[0], 2, 10), (items[1], 1, 12))
	own_address(document, f"MGT {document.name}")
	document = fresh(document)
	message(send(connected_store, document))
	wait_for_jobs()
	return document


def record_of(document):
	frappe.db.rollback()
	return frappe.get_doc("Exoceuticals Order", {"sales_order": document.name})


def issue_of(document, action: str = CHANGED):
	"""The open issue about an order, after the jobs."""
	wait_for_jobs()
	frappe.db.rollback()
	filters = {
		"issue_type": f"exoceuticals/{action}",
		"reference_name": document.name,
		"open_key": ("is", "set"),
	}
	fields = ["name", "title", "detail", "who_acts", "what_to_do", "attempts"]
	found = frappe.get_all("Integration Issue", filters, fields)
	return found[0] if found else None


def added_row(store, document):
	update_items(document, (sold_item(store), 3, 7))
	return "Row 3 ("


def raised(store, document):
	update_items(document, (1, 5))
	return f"The quantity of row 1 ({document.items[0].item_code}) is 5; 2 was sent."


def removed(store, document):
	update_items(document, removed=[2])
	return "Row 2 ("


def readdressed(store, document):
	change_address(fresh(document).shipping_address_name, address_line1="500 Fifth Avenue")
	return "The shipping address is another one (address1)."


def another_address(store, document):
	frappe.db.rollback()
	name = own_address(document, f"MGT {document.name} B")
	change_address(name, city="Springfield")
	return "The shipping address is another one (city)."


def held(store, document):
	set_status(document, "On Hold")
	return "It is on hold or closed."


def closed(store, document):
	set_status(document, "Closed")
	return "It is on hold or closed."


@pytest.mark.parametrize(
	"change",
	[added_row, raised, removed, readdressed, another_address, held, closed],
	ids=lambda each: each.__name__,
)
def test_what_differs_is_an_issue_that_names_it_and_nothing_is_sent(connected_store, sent, change):
	before = remote(connected_store)
	sentence = change(connected_store, sent)
	issue = issue_of(sent)
	assert sentence in issue.detail
	assert record_of(sent).order_name in issue.what_to_do
	assert (issue.who_acts, issue.attempts) == ("Administrator", 1)
	record = record_of(sent)
	assert (record.status, record.is_changed, record.who_acts) == ("Sent", 1, "Administrator")
	assert sentence in record.reason
	assert remote(connected_store) == before


def test_an_order_that_is_again_what_was_sent_has_no_issue(connected_store, sent):
	raised(connected_store, sent)
	assert issue_of(sent)
	update_items(sent, (1, 2))
	assert issue_of(sent) is None
	record = record_of(sent)
	assert (record.is_changed, record.reason, record.who_acts) == (0, None, "Nobody")
	held(connected_store, sent)
	assert issue_of(sent)
	set_status(sent, "Draft")
	assert issue_of(sent) is None


def test_what_a_person_has_settled_stays_settled_until_something_else_differs(connected_store, sent):
	raised(connected_store, sent)
	frappe.get_doc("Integration Issue", issue_of(sent).name).settle()
	fresh(sent).save()
	frappe.db.commit()
	jobs.run_reconciliation()
	assert issue_of(sent) is None
	update_items(sent, (1, 6))
	assert "is 6; 2 was sent" in issue_of(sent).detail


def test_what_was_delivered_before_and_is_not_any_more_is_an_issue(connected_store):
	item = sold_item(connected_store)
	set_stock(item, warehouse("MGT Shipping"), 1000)
	document = order((item, 5, 10))
	own_address(document, f"MGT {document.name}")
	note = deliver(document.name, quantity=3)
	message(send(connected_store, fresh(document)))
	wait_for_jobs()
	fresh(note).cancel()
	frappe.db.commit()
	jobs.run_reconciliation()
	sentence = f"Of row 1 ({item}), 3 had been delivered when it was sent, and are not any more."
	assert sentence in issue_of(document).detail
	deliver(document.name, quantity=5)
	jobs.run_reconciliation()
	assert issue_of(document) is None


def test_only_administrators_settle(connected_store, sent):
	raised(connected_store, sent)
	issue = frappe.get_doc("Integration Issue", issue_of(sent).name)
	frappe.set_user("Guest")
	try:
		with pytest.raises(frappe.PermissionError):
			issue.settle()
	finally:
		frappe.set_user("Administrator")


def test_what_is_no_difference_makes_no_issue(connected_store, sent):
	for _time in range(2):
		fresh(sent).save()
		frappe.db.commit()
	update_items(sent, (new_item(), 1, 5))
	frappe.db.rollback()
	frappe.db.set_value("Sales Order Item", sent.items[0].name, "delivered_qty", 1)
	fresh(sent).save()
	frappe.db.commit()
	assert issue_of(sent) is None


def test_a_change_whose_job_was_lost_is_found_by_the_reconciliation(connected_store, sent):
	raised(connected_store, sent)
	name = issue_of(sent).name
	values = {"is_changed": 0, "difference": None}
	write_values("Exoceuticals Order", record_of(sent).name, values)
	frappe.db.delete("Integration Issue", {"name": name})
	frappe.db.commit()
	jobs.run_reconciliation()
	assert issue_of(sent)


def test_after_shipping_an_added_row_is_the_wholesalers_and_closing_is_of_no_concern(connected_store, sent):
	frappe.db.rollback()
	write_values("Sales Order", sent.name, "exoceuticals_status", "Fulfilled")
	closed(connected_store, sent)
	assert issue_of(sent) is None
	set_status(sent, "Draft")
	raised(connected_store, sent)
	issue = issue_of(sent)
	assert issue.who_acts == "Wholesaler"
	assert "has shipped" in issue.detail


def test_a_part_of_the_rows_was_sent_and_the_others_are_not_missing(connected_store):
	items = [sold_item(connected_store) for _number in range(2)]
	document = order((items[0], 2, 10), (items[1], 1, 12))
	message(send(connected_store, document, line_items=[document.items[0].name]))
	fresh(document).save()
	frappe.db.commit()
	assert issue_of(document) is None
	update_items(document, (2, 4))
	assert issue_of(document) is None
	update_items(document, (1, 4))
	assert "row 1" in issue_of(document).detail


# Cancelled


def test_a_cancelled_order_is_an_issue_until_it_is_cancelled_in_shopify(connected_store, sent):
	raised(connected_store, sent)
	fresh(sent).cancel()
	frappe.db.commit()
	assert "cancel the order in Shopify" in issue_of(sent, CANCEL).detail
	assert issue_of(sent) is None
	connected_store.control.cancel(connected_store.domain, fresh(sent).exoceuticals_order_id)
	message(
		connected_store.caller.post("medgrid.exoceuticals.poll_exoceuticals_status", sales_order=sent.name)
	)
	assert issue_of(sent, CANCEL) is None
	assert record_of(sent).who_acts == "Nobody"


def test_what_the_store_cancelled_comes_back_as_a_state_and_an_issue(connected_store, sent):
	connected_store.control.cancel(connected_store.domain, fresh(sent).exoceuticals_order_id)
	message(
		connected_store.caller.post("medgrid.exoceuticals.poll_exoceuticals_status", sales_order=sent.name)
	)
	record = record_of(sent)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert f"Exoceuticals has cancelled order {record.order_name} in Shopify" in record.reason
	assert issue_of(sent, CANCELLED_THERE).who_acts == "Wholesaler"
	raised(connected_store, sent)
	assert issue_of(sent) is None
	fresh(sent).cancel()
	frappe.db.commit()
	assert issue_of(sent, CANCELLED_THERE) is None
	assert issue_of(sent, CANCEL) is None


def test_nobody_must_act_for_an_order_that_both_have_cancelled_although_the_job_was_lost(
	connected_store, sent, monkeypatch
):
	connected_store.control.cancel(connected_store.domain, fresh(sent).exoceuticals_order_id)
	jobs.run_reconciliation()
	assert record_of(sent).who_acts == "Wholesaler"
	monkeypatch.setattr(cancellations, "enqueue_after_commit", lambda *values, **options: None)
	fresh(sent).cancel()
	frappe.db.commit()
	jobs.run_reconciliation()
	assert record_of(sent).who_acts == "Nobody"
	assert issue_of(sent, CANCELLED_THERE) is None


# Amended


def test_an_amended_order_takes_over_what_was_sent_and_is_not_sent_again(connected_store, sent):
	before = fresh(sent)
	amended = amend(sent)
	wait_for_jobs()
	after = fresh(amended)
	assert after.exoceuticals_order_id == before.exoceuticals_order_id
	assert after.exoceuticals_order_name == before.exoceuticals_order_name
	assert not fresh(sent).exoceuticals_order_id
	assert (issue_of(amended), issue_of(sent, CANCEL)) == (None, None)
	record = record_of(amended)
	assert (record.status, set(frappe.parse_json(record.lines))) == (
		"Sent",
		{row.name for row in after.items},
	)
	assert before.exoceuticals_order_name in error(send(connected_store, amended), 409, "ConflictError")
	assert len(remote(connected_store)) == 1
	message(
		connected_store.caller.post("medgrid.exoceuticals.poll_exoceuticals_status", sales_order=amended.name)
	)
	assert fresh(amended).exoceuticals_status == "Unfulfilled"


def test_what_the_amendment_changes_is_an_issue(connected_store, sent):
	amended = amend(sent, row_1=7)
	issue = issue_of(amended)
	assert "is 7; 2 was sent" in issue.detail


def test_sending_an_amended_order_takes_over_even_if_the_job_was_lost(connected_store, sent, monkeypatch):
	from medgrid.exoceuticals.orders.changes import events

	monkeypatch.setattr(events, "enqueue_after_commit", lambda *values, **options: None)
	amended = amend(sent)
	assert not fresh(amended).exoceuticals_order_id
	name = fresh(sent).exoceuticals_order_name
	assert name in error(send(connected_store, amended), 409, "ConflictError")
	assert fresh(amended).exoceuticals_order_name == name
	assert len(remote(connected_store)) == 1


def test_the_reconciliation_takes_over_what_a_lost_job_did_not(connected_store, sent, monkeypatch):
	from medgrid.exoceuticals.orders.changes import events

	monkeypatch.setattr(events, "enqueue_after_commit", lambda *values, **options: None)
	amended = amend(sent)
	jobs.run_reconciliation()
	assert fresh(amended).exoceuticals_order_id


def test_an_amended_order_is_sent_if_the_store_has_cancelled_the_original(connected_store, sent):
	connected_store.control.cancel(connected_store.domain, fresh(sent).exoceuticals_order_id)
	message(
		connected_store.caller.post("medgrid.exoceuticals.poll_exoceuticals_status", sales_order=sent.name)
	)
	amended = amend(sent)
	wait_for_jobs()
	assert message(send(connected_store, amended))["status"] == "success"
	assert len(remote(connected_store)) == 2

"""Orders that change after they were sent."""

import time

import frappe
import pytest

from medgrid.integrations.connections import records as connections
from medgrid.integrations.shipstation import sales_order_events
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.client import client_of, context_of
from medgrid.integrations.shipstation.destination import ShipStationOrders
from medgrid.outbox import attempts
from tests.support.changes import amend, change_address, own_address, set_status, update_items
from tests.support.records import write_values
from tests.support.vendors import created, deliver, fresh, item_of, order
from tests.support.waiting import wait_for_jobs, wait_until_equal


@pytest.fixture
def pushed(connected):
	"""An order of two pieces that ShipStation has, with an Address of its own."""
	document = order((connected.item, 2, 10))
	own_address(document, f"MGT {document.name}")
	assert connected.stats()["orders_pushed"] == 1
	return document


def after_jobs(vendor, document):
	wait_for_jobs()
	return vendor.record(document.name)


def issue_of(record):
	frappe.db.rollback()
	filters = {"reference_name": record.name, "settled_at": ("is", "not set")}
	fields = ["title", "detail", "who_acts", "what_to_do"]
	found = frappe.get_all("Integration Issue", filters, fields)
	assert len(found) <= 1
	return found[0] if found else None


def quantities(vendor) -> dict[str, int]:
	[remote] = vendor.remote_orders()
	return {item["sku"]: item["quantity"] for item in remote["items"]}


def test_a_row_that_was_added_and_a_quantity_that_was_raised_arrive(connected, pushed):
	from tests.support.vendors import item_of

	second = item_of(connected.supplier, f"{connected.item}-B")
	frappe.db.commit()
	update_items(pushed, (1, 5), (second, 3, 7))
	record = after_jobs(connected, pushed)
	assert (record.status, record.is_changed, record.who_acts) == ("Sent", 1, "Nobody")
	assert f"The quantity of row 1 ({connected.item}) is 5; 2 was sent." in record.reason
	assert f"Row 2 ({second}, quantity 3) was added." in record.reason
	before = connected.remote_orders()[0]["orderId"]
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	assert quantities(connected) == {connected.item: 5, second: 3}
	assert connected.remote_orders()[0]["orderId"] == before
	record = connected.record(pushed.name)
	assert (record.status, record.is_changed, record.reason) == ("Sent", 0, None)


def test_what_has_not_changed_is_not_sent_again(connected, pushed):
	for _time in range(2):
		fresh(pushed).save()
		frappe.db.commit()
		assert after_jobs(connected, pushed).is_changed == 0
		connected.stats()
	deliver(pushed.name)
	assert after_jobs(connected, pushed).is_changed == 0
	connected.stats()
	assert created(connected) == 1


def test_a_change_whose_job_was_lost_is_found_by_the_sync(connected, pushed):
	update_items(pushed, (1, 3))
	wait_for_jobs()
	write_values("ShipStation Order", connected.record(pushed.name).name, "is_changed", 0)
	connected.stats()
	assert quantities(connected) == {connected.item: 3}


def test_quantities_are_less_what_is_delivered(connected):
	document = order((connected.item, 4, 10))
	connected.stats()
	note = deliver(document.name, submit=False)
	note.items[0].qty = 1
	note.save().submit()
	frappe.db.commit()
	update_items(document, (1, 6))
	connected.stats()
	assert quantities(connected) == {connected.item: 5}


@pytest.mark.parametrize("part", [3, 5], ids=["a part of a row", "a whole row"])
@pytest.mark.parametrize("when", ["before it is sent", "before it is sent again"])
def test_what_was_delivered_before_and_is_not_any_more_is_sent(connected, part, when):
	"""A Delivery Note is cancelled: what was left out because of it is the vendor's to ship."""
	second = item_of(connected.supplier, f"{connected.item}-B")
	frappe.db.commit()
	document = order((connected.item, 5, 10), (second, 2, 7))
	own_address(document, f"MGT {document.name}")
	if when == "before it is sent again":
		connected.stats()
	note = deliver(document.name, quantity=part)
	if when == "before it is sent again":
		change_address(fresh(document).shipping_address_name, address_line1="500 Fifth Avenue")
		wait_for_jobs()
	connected.stats()
	left = {connected.item: 5 - part} if part < 5 else {}
	assert quantities(connected) == {**left, second: 2}
	fresh(note).cancel()
	frappe.db.commit()
	record = after_jobs(connected, document)
	sentence = (
		f"Of row 1 ({connected.item}), {part} had been delivered when it was sent, and are not any more."
	)
	connected.stats()
	assert quantities(connected) == {connected.item: 5, second: 2}
	assert record.reason is None or sentence in record.reason
	assert connected.record(document.name).is_changed == 0
	# What is delivered of what was sent changes nothing.
	again = deliver(document.name, quantity=5)
	connected.stats()
	fresh(again).cancel()
	frappe.db.commit()
	before = created(connected)
	assert after_jobs(connected, document).is_changed == 0
	connected.stats()
	assert created(connected) == before


def test_what_is_not_delivered_any_more_and_was_not_shipped_is_an_issue(connected):
	document = order((connected.item, 5, 10))
	note = deliver(document.name, quantity=3)
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.stats()
	fresh(note).cancel()
	frappe.db.commit()
	wait_for_jobs()
	compare(document.name)
	record = connected.record(document.name)
	assert record.who_acts == "Wholesaler"
	assert "3 had been delivered when it was sent, and are not any more." in issue_of(record).detail
	deliver(document.name, quantity=5)
	wait_for_jobs()
	compare(document.name)
	assert issue_of(connected.record(document.name)) is None


def test_a_row_that_was_removed_leaves_shipstation(connected):
	from tests.support.vendors import item_of

	second = item_of(connected.supplier, f"{connected.item}-B")
	document = order((connected.item, 1, 10), (second, 1, 10))
	connected.stats()
	update_items(document, removed=[2])
	connected.stats()
	assert quantities(connected) == {connected.item: 1}


def test_if_all_rows_go_to_others_the_order_is_cancelled_there(connected, other_vendor):
	document = order((connected.item, 1, 10), (other_vendor.item, 1, 10))
	connected.stats()
	update_items(document, removed=[1])
	connected.stats()
	assert connected.remote_orders()[0]["orderStatus"] == "cancelled"
	record = connected.record(document.name)
	assert record.status == "Cancelled"
	assert f"No row of the Sales Order is left for {connected.supplier}" in record.reason


@pytest.mark.parametrize("change", ["added", "removed", "both"])
@pytest.mark.parametrize("then", ["synced", "cancelled"])
def test_a_change_of_rows_whose_answer_was_lost_is_no_split(connected, change, then):
	from tests.support.vendors import item_of

	second, third = (item_of(connected.supplier, f"{connected.item}-{mark}") for mark in "BC")
	document = order((connected.item, 1, 10), (second, 1, 10))
	connected.stats()
	added = [(third, 3, 7)] if change != "removed" else []
	document = update_items(document, *added, removed=[2] if change != "added" else [])
	connected.shipstation.fault("drop_after", path="/orders/createorder", times=None)
	assert connected.stats()["push_errors"]
	connected.shipstation.clear_faults()
	now = {row.item_code: row.qty for row in document.items}
	assert quantities(connected) == now
	if then == "cancelled":
		fresh(document).cancel()
		frappe.db.commit()
	assert connected.stats()["push_errors"] == []
	[remote] = connected.remote_orders()
	record = connected.record(document.name)
	assert record.who_acts == "Nobody"
	if then == "cancelled":
		assert (remote["orderStatus"], record.status) == ("cancelled", "Cancelled")
	else:
		assert quantities(connected) == now
		assert (record.status, record.is_changed, record.resending_content) == ("Sent", 0, None)


ARRIVED = {"kind": "drop_after"}
LOST = {"kind": "status", "status": 502}


@pytest.mark.parametrize("answer", [ARRIVED, LOST], ids=["arrived", "lost"])
def test_what_was_delivered_before_such_a_change_stays_the_vendors(connected, answer):
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	from tests.support.vendors import item_of

	second, third = (item_of(connected.supplier, f"{connected.item}-{mark}") for mark in "BC")
	document = order((connected.item, 1, 10), (second, 1, 10))
	connected.stats()
	note = make_delivery_note(document.name)
	note.items = note.items[:1]
	note.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	document = update_items(document, (third, 3, 7))
	connected.shipstation.fault(**answer, path="/orders/createorder", times=None)
	connected.stats()
	connected.shipstation.clear_faults()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.sync()
	kept = [row.name for row in document.items][: 3 if answer is ARRIVED else 2]
	assert frappe.parse_json(connected.record(document.name).lines) == kept


@pytest.mark.parametrize("answer", [ARRIVED, LOST], ids=["arrived", "lost"])
@pytest.mark.parametrize("change", ["added", "removed", "raised"])
def test_a_change_whose_answer_was_lost_and_that_was_shipped_is_what_shipstation_shows(
	connected, answer, change
):
	from tests.support.vendors import item_of

	second, third = (item_of(connected.supplier, f"{connected.item}-{mark}") for mark in "BC")
	document = order((connected.item, 1, 10), (second, 1, 10))
	connected.stats()
	changes: dict[str, list[tuple]] = {"added": [(third, 3, 7)], "removed": [], "raised": [(1, 5)]}
	document = update_items(document, *changes[change], removed=[2] if change == "removed" else [])
	connected.shipstation.fault(**answer, path="/orders/createorder", times=None)
	assert connected.stats()["push_errors"]
	connected.shipstation.clear_faults()
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.sync()
	wait_for_jobs()
	connected.sync()
	record = connected.record(document.name)
	assert (record.status, record.resending_content) == ("Shipped", None)
	issue = issue_of(record)
	rows = [row.name for row in document.items]
	if answer is ARRIVED:
		assert (record.is_changed, issue, frappe.parse_json(record.lines)) == (0, None, rows)
	else:
		sentence = {"added": "Row 3 (", "removed": "Row 2 (", "raised": "The quantity of row 1 ("}[change]
		assert record.is_changed == 1 and sentence in issue.detail
		assert len(frappe.parse_json(record.lines)) == 2


def test_what_is_refused_is_refused_in_every_language(connected, pushed):
	"""The job that compares again speaks the language of whoever changed something else."""
	connected.shipstation.fault("status", status=400, path="/orders/createorder", times=None)
	update_items(pushed, (1, 5))
	connected.sync()
	before = connected.record(pushed.name)
	assert before.who_acts != "Nobody"
	frappe.local.lang = "de"
	try:
		compare(pushed.name)
	finally:
		frappe.local.lang = "en"
	after = connected.record(pushed.name)
	assert (after.reason, after.who_acts) == (before.reason, before.who_acts)


def test_a_corrected_address_arrives(connected, pushed):
	address = fresh(pushed).shipping_address_name
	change_address(address, address_line1="500 Fifth Avenue")
	record = after_jobs(connected, pushed)
	assert "The shipping address is another one (street1)." in record.reason
	connected.stats()
	assert connected.remote_orders()[0]["shipTo"]["street1"] == "500 Fifth Avenue"


@pytest.mark.parametrize("status", ["On Hold", "Closed"])
def test_an_order_on_hold_or_closed_is_on_hold_there_until_it_is_reopened(connected, pushed, status):
	set_status(pushed, status)
	connected.stats()
	assert connected.remote_orders()[0]["orderStatus"] == "on_hold"
	record = after_jobs(connected, pushed)
	assert record.reason == "The Sales Order is on hold or closed, so the order is on hold in ShipStation."
	set_status(pushed, "Draft")
	connected.stats()
	assert connected.remote_orders()[0]["orderStatus"] == "awaiting_shipment"
	assert connected.record(pushed.name).reason is None


def test_a_vendors_own_hold_stays(connected, pushed):
	order_id = connected.remote_orders()[0]["orderId"]
	connected.shipstation.set_order_status(connected.api_key, order_id, "on_hold")
	update_items(pushed, (1, 3))
	connected.stats()
	[remote] = connected.remote_orders()
	assert (remote["orderStatus"], remote["items"][0]["quantity"]) == ("on_hold", 3)


def test_a_change_after_it_was_shipped_is_an_issue_until_it_is_gone(connected, pushed):
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	update_items(pushed, (1, 5))
	record = after_jobs(connected, pushed)
	issue = issue_of(record)
	assert issue.who_acts == "Wholesaler"
	assert f"The quantity of row 1 ({connected.item}) is 5; 2 was sent." in issue.detail
	assert (record.status, record.who_acts) == ("Shipped", "Wholesaler")
	connected.stats()
	assert created(connected) == 1
	update_items(pushed, (1, 2))
	assert issue_of(after_jobs(connected, pushed)) is None


@pytest.mark.parametrize("state", ["Sent", "Shipped", "Delivered"])
def test_an_item_that_is_renamed_is_no_other_item(connected, state):
	"""A vendor who has not packed it yet learns its new name."""
	old, new = f"{connected.item}-{state}", f"{connected.item}-{state}-NEW"
	document = order((item_of(connected.supplier, old), 2, 10))
	connected.stats()
	if state != "Sent":
		connected.shipstation.buy_label(connected.api_key, order_key=document.name)
		connected.stats()
	if state == "Delivered":
		deliver(document.name)
		wait_for_jobs()
	assert connected.record(document.name).status == state
	frappe.rename_doc("Item", old, new, force=True)
	frappe.db.commit()
	fresh(document).save(ignore_permissions=True)
	frappe.db.commit()
	assert issue_of(after_jobs(connected, document)) is None
	assert connected.stats()["push_errors"] == []
	record = connected.record(document.name)
	assert (record.status, record.is_changed, record.who_acts) == (state, 0, "Nobody")
	[remote] = connected.remote_orders()
	assert [item["sku"] for item in remote["items"]] == [new if state == "Sent" else old]


def test_a_change_of_an_order_that_was_shipped_without_a_label_is_the_vendors_issue(connected, pushed):
	order_id = connected.remote_orders()[0]["orderId"]
	connected.shipstation.set_order_status(connected.api_key, order_id, "shipped")
	update_items(pushed, (1, 5))
	stats = connected.stats()
	assert stats["push_errors"] == [f"{pushed.name}: Order {order_id} is shipped in ShipStation."]
	assert issue_of(connected.record(pushed.name)).who_acts == "Vendor"
	assert created(connected) == 1


def test_lines_that_the_vendor_has_changed_there_are_not_overwritten(connected, pushed):
	[remote] = connected.remote_orders()
	extra = {"lineItemKey": "gift", "sku": "GIFT", "name": "Gift", "quantity": 1, "unitPrice": 0}
	connected.shipstation.save_order(connected.api_key, {**remote, "items": [*remote["items"], extra]})
	update_items(pushed, (1, 5))
	assert "has other lines in ShipStation" in connected.stats()["push_errors"][0]
	assert len(connected.remote_orders()[0]["items"]) == 2


def test_closing_a_shipped_order_is_nobodys_matter(connected, pushed):
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	set_status(pushed, "Closed")
	record = after_jobs(connected, pushed)
	assert (issue_of(record), record.is_changed) == (None, 0)


def test_a_voided_label_makes_a_changed_order_go_again(connected, pushed):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	update_items(pushed, (1, 5))
	assert issue_of(after_jobs(connected, pushed))
	connected.shipstation.void_label(label["shipmentId"])
	connected.stats()
	connected.stats()
	assert quantities(connected) == {connected.item: 5}
	assert issue_of(connected.record(pushed.name)) is None


def test_an_order_that_shipstation_refuses_to_change_says_why_and_is_tried_again(connected, pushed):
	update_items(pushed, (1, 5))
	connected.shipstation.fault(
		"status", status=400, path="/orders/createorder", body='{"Message": "No such store."}'
	)
	other = order((connected.item, 1, 10))
	stats = connected.stats()
	assert stats["push_errors"] == [f"{pushed.name}: ShipStation rejected the request: No such store."]
	assert stats["orders_pushed"] == 1
	record = connected.record(pushed.name)
	assert "No such store." in record.reason
	assert issue_of(record)
	connected.stats()
	assert connected.record(other.name).status == "Sent"
	remotes = {remote["orderNumber"]: remote for remote in connected.remote_orders()}
	assert remotes[pushed.name]["items"][0]["quantity"] == 5
	assert issue_of(connected.record(pushed.name)) is None


def test_an_answer_that_is_lost_makes_it_send_once_more(connected, pushed):
	update_items(pushed, (1, 5))
	connected.shipstation.fault("drop_after", path="/orders/createorder", times=4)
	connected.stats()
	connected.stats()
	assert quantities(connected) == {connected.item: 5}
	assert connected.record(pushed.name).is_changed == 0


def test_a_cancelled_order_is_cancelled_there(connected, pushed):
	order_id = connected.remote_orders()[0]["orderId"]
	fresh(pushed).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: connected.record(pushed.name).status, "Cancelled")
	assert connected.record(pushed.name).who_acts == "Vendor"
	stats = connected.stats()
	assert stats["push_errors"] == []
	assert connected.remote_orders()[0]["orderStatus"] == "cancelled"
	record = connected.record(pushed.name)
	sentence = (
		f"The Sales Order was cancelled after it was sent. Order {order_id} is cancelled in ShipStation, too."
	)
	assert (record.reason, record.who_acts) == (sentence, "Nobody")


def test_a_cancelled_order_that_was_shipped_is_the_wholesalers_issue(connected, pushed):
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	fresh(pushed).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: connected.record(pushed.name).status, "Cancelled")
	connected.stats()
	record = connected.record(pushed.name)
	assert (record.who_acts, issue_of(record).who_acts) == ("Wholesaler", "Wholesaler")
	assert connected.remote_orders()[0]["orderStatus"] == "shipped"


def test_what_the_vendor_cancels_there_comes_back(connected, pushed):
	other = order((connected.item, 1, 10))
	connected.stats()
	remote = next(each for each in connected.remote_orders() if each["orderNumber"] == pushed.name)
	connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "cancelled")
	connected.stats()
	record = connected.record(pushed.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert record.reason == (
		f"{connected.supplier} has cancelled order {remote['orderId']} in ShipStation, and will not ship it."
	)
	assert issue_of(record).who_acts == "Wholesaler"
	assert connected.record(other.name).status == "Sent"
	amended = amend(pushed)
	assert connected.stats()["orders_pushed"] == 1
	connected.stats()
	assert connected.record(amended.name).status == "Sent"
	assert issue_of(connected.record(pushed.name)) is None


def test_nobody_must_act_for_an_order_that_both_have_cancelled_although_the_job_was_lost(
	connected, pushed, monkeypatch
):
	[remote] = connected.remote_orders()
	connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "cancelled")
	connected.stats()
	assert connected.record(pushed.name).who_acts == "Wholesaler"
	monkeypatch.setattr(sales_order_events, "enqueue_after_commit", lambda *values, **options: None)
	fresh(pushed).cancel()
	frappe.db.commit()
	connected.stats()
	record = connected.record(pushed.name)
	assert (record.status, record.who_acts) == ("Cancelled", "Nobody")
	assert issue_of(record) is None


@pytest.mark.parametrize("is_pulled", [False, True])
def test_an_amended_order_whose_original_was_shipped_takes_its_record_over(connected, pushed, is_pulled):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	if is_pulled:
		connected.stats()
	name = connected.record(pushed.name).name
	amended = amend(pushed)
	wait_for_jobs()
	note = deliver(amended.name)
	for _time in range(2):
		stats = connected.stats()
		assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	assert len(connected.remote_orders()) == 1
	record = connected.record(amended.name)
	assert (record.name, record.status) == (name, "Delivered")
	assert (record.tracking_number, record.delivery_note) == (label["trackingNumber"], note.name)
	assert fresh(note).lr_no == label["trackingNumber"]
	assert connected.record(pushed.name) is None
	assert issue_of(record) is None


def test_an_amended_order_that_says_more_than_was_shipped_is_an_issue(connected, pushed):
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	amended = amend(pushed, row_1=5)
	connected.stats()
	record = connected.record(amended.name)
	assert f"The quantity of row 1 ({connected.item}) is 5; 2 was sent." in issue_of(record).detail


def test_an_order_that_was_taken_over_and_whose_label_was_voided_is_not_sent_beside_it(connected, pushed):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	amended = amend(pushed, row_1=5)
	connected.stats()
	connected.shipstation.void_label(label["shipmentId"])
	for _time in range(2):
		connected.stats()
	[remote] = connected.remote_orders()
	record = connected.record(amended.name)
	assert (remote["orderStatus"], record.status, record.who_acts) == ("awaiting_shipment", "Sent", "Vendor")
	sentence = f"Order {remote['orderId']} in ShipStation is still that of {pushed.name}, which was amended."
	assert sentence in record.reason
	# Another vendor's sync, or a job, compares the Sales Order once more.
	compare(amended.name)
	again = connected.record(amended.name)
	assert (again.reason, again.who_acts) == (record.reason, "Vendor")
	update_items(amended, (1, 6))
	compare(amended.name)
	assert connected.record(amended.name).who_acts == "Nobody", "the next sync tries again"


@pytest.mark.parametrize("is_voided", [False, True])
def test_an_order_that_was_taken_over_is_taken_over_again_and_not_sent_twice(connected, pushed, is_voided):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	first = amend(pushed)
	said = {"acknowledged_at": "2026-11-27 10:00:00", "acknowledged_by": connected.user.email}
	write_values("ShipStation Order", connected.record(pushed.name).name, said)
	connected.stats()
	assert connected.record(first.name).acknowledged_at is None
	if is_voided:
		connected.shipstation.void_label(label["shipmentId"])
		connected.stats()
	second = amend(first)
	for _time in range(2):
		connected.sync()
	[remote] = connected.remote_orders()
	record = connected.record(second.name)
	if is_voided:
		# Its rows have the names of the first order's: only the vendor can cancel it there.
		assert (record.status, record.shipstation_order_id) == ("Waiting", None)
		assert "Cancel that order there" in record.reason and str(remote["orderId"]) in record.reason
		connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "cancelled")
		assert connected.stats()["orders_pushed"] == 1
	else:
		assert (record.status, record.shipstation_order_id) == ("Shipped", str(remote["orderId"]))
		assert connected.record(first.name) is None


def test_an_amended_order_whose_original_is_open_replaces_it_there(connected, pushed):
	amended = amend(pushed, row_1=5)
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (1, [])
	remotes = {
		remote["orderKey"]: (remote["orderStatus"], remote["items"][0]["quantity"])
		for remote in connected.remote_orders()
	}
	assert remotes == {pushed.name: ("cancelled", 2), amended.name: ("awaiting_shipment", 5)}


def test_the_original_of_an_amended_order_is_cancelled_by_making_way_and_not_by_asking(connected, pushed):
	amended = amend(pushed, row_1=5)
	wait_for_jobs()
	frappe.db.rollback()
	connection = connections.get(connected.connection())
	with client_of(connection, time.monotonic() + 60) as client:
		destination = ShipStationOrders(client, context_of(connection))
		claim = attempts.claim(destination, amended.name)
		destination.check(claim.payload)
		assert connected.remote_orders()[0]["orderStatus"] == "awaiting_shipment"
		destination.make_way(claim.payload)
		assert connected.remote_orders()[0]["orderStatus"] == "cancelled"

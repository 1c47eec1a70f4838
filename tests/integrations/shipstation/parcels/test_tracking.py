"""Tracking numbers on Delivery Notes, from the simulated ShipStation. Contract: "Tracking Number Pull"."""

import frappe
import pytest

from medgrid.clients.shipstation.shipments import Shipment
from medgrid.integrations.shipstation.order_records import PushContext
from tests.support.records import write_values
from tests.support.rival import rival_connection
from tests.support.vendors import deliver, fresh, order
from tests.support.waiting import wait_for_jobs, wait_until_equal


@pytest.fixture
def pushed(connected):
	"""A pushed order."""
	sales_order = order((connected.item, 2, 10))
	connected.stats()
	return sales_order


def context_of(vendor) -> PushContext:
	return PushContext(vendor.supplier, vendor.connection(), "any")


def note_of(note):
	note = fresh(note)
	return note.lr_no, note.transporter


def test_a_label_puts_number_and_carrier_on_the_delivery_note(connected, pushed):
	note = deliver(pushed.name)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name, carrier="ups")
	stats = connected.stats()
	assert (stats["tracking_pulled"], stats["pull_errors"]) == (1, [])
	assert note_of(note) == (label["trackingNumber"], "UPS")
	record = connected.record(pushed.name)
	assert (record.status, record.tracking_number, record.delivery_note) == (
		"Delivered",
		label["trackingNumber"],
		note.name,
	)
	assert connected.entry()["stats"]["tracking_pulled"] == 1


def test_the_carrier_is_a_transporter_so_that_the_note_still_saves_and_amends(connected, pushed):
	note = deliver(pushed.name)
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name, carrier="stamps_com")
	connected.stats()
	assert frappe.db.get_value("Supplier", "STAMPS_COM", "is_transporter") == 1
	note = fresh(note)
	note.save()
	note.cancel()
	amended = frappe.copy_doc(note)
	amended.amended_from = note.name
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	assert note_of(amended)[1] == "STAMPS_COM"


def test_tracking_before_the_delivery_note_is_kept_and_applied_when_one_is_submitted(connected, pushed):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name, carrier="fedex")
	assert connected.stats()["tracking_pulled"] == 1
	assert connected.record(pushed.name).status == "Shipped"
	note = deliver(pushed.name)
	assert note_of(note) == (label["trackingNumber"], "FEDEX")
	wait_until_equal(lambda: connected.record(pushed.name).status, "Delivered")
	assert connected.record(pushed.name).delivery_note == note.name


def test_a_draft_note_is_left_alone_until_it_is_submitted(connected, pushed):
	draft = deliver(pushed.name, submit=False)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	assert note_of(draft)[0] in (None, "")
	fresh(draft).submit()
	frappe.db.commit()
	assert note_of(draft)[0] == label["trackingNumber"]


def test_voided_labels_never_count(connected, pushed):
	note = deliver(pushed.name)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.shipstation.void_label(label["shipmentId"])
	assert connected.stats()["tracking_pulled"] == 0
	assert note_of(note)[0] in (None, "")


def test_voiding_the_only_label_takes_the_number_off_again(connected, pushed):
	note = deliver(pushed.name)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	connected.shipstation.void_label(label["shipmentId"])
	connected.stats()
	assert [value or None for value in note_of(note)] == [None, None]
	assert connected.record(pushed.name).status == "Sent"


def test_a_note_with_several_parcels_shows_them_all_and_the_carrier_of_the_newest(connected, pushed):
	note = deliver(pushed.name)
	labels = [
		connected.shipstation.buy_label(
			connected.api_key, order_key=pushed.name, carrier=carrier, create_date=f"2026-11-2{day}T09:00:00"
		)
		for carrier, day in (("ups", 1), ("fedex", 2), ("usps", 0))
	]
	connected.stats()
	ordered = [labels[place]["trackingNumber"] for place in (2, 0, 1)]
	assert note_of(note) == (", ".join(ordered), "FEDEX")
	kept = {row.tracking_number for row in connected.record(pushed.name).shipments}
	assert kept == {label["trackingNumber"] for label in labels}


def test_a_voided_newest_label_leaves_the_one_before(connected, pushed):
	note = deliver(pushed.name)
	first = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	second = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	assert note_of(note)[0] == f"{first['trackingNumber']}, {second['trackingNumber']}"
	connected.shipstation.void_label(second["shipmentId"])
	connected.stats()
	assert note_of(note)[0] == first["trackingNumber"]


def test_a_changed_number_is_corrected(connected, pushed):
	note = deliver(pushed.name)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	connected.shipstation.change_tracking(label["shipmentId"], "1ZCORRECTED")
	assert connected.stats()["tracking_pulled"] == 1
	assert note_of(note)[0] == "1ZCORRECTED"
	assert connected.record(pushed.name).status == "Delivered"


def test_nothing_changed_means_nothing_is_written(connected, pushed):
	note = deliver(pushed.name)
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	before = (fresh(note).modified, connected.record(pushed.name).modified)
	rows = [row.name for row in connected.record(pushed.name).shipments]
	assert connected.stats()["tracking_pulled"] == 0
	assert (fresh(note).modified, connected.record(pushed.name).modified) == before
	assert [row.name for row in connected.record(pushed.name).shipments] == rows


def test_a_note_with_lines_of_two_vendors_carries_the_numbers_of_both(connected, other_vendor):
	other_vendor.connect()
	sales_order = order((connected.item, 1, 10), (other_vendor.item, 1, 10))
	labels = []
	for vendor in (connected, other_vendor):
		vendor.stats()
	note = deliver(sales_order.name)
	for vendor, carrier in ((connected, "ups"), (other_vendor, "fedex")):
		labels.append(
			vendor.shipstation.buy_label(vendor.api_key, order_key=sales_order.name, carrier=carrier)
		)
		vendor.stats()
	assert note_of(note) == (", ".join(label["trackingNumber"] for label in labels), "FEDEX")
	assert connected.stats()["tracking_pulled"] == 0


def test_another_vendors_note_is_left_alone(connected, other_vendor):
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	sales_order = order((connected.item, 1, 10), (other_vendor.item, 1, 10))
	connected.stats()
	note = make_delivery_note(sales_order.name)
	note.items = [row for row in note.items if row.item_code == other_vendor.item]
	note.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	connected.shipstation.buy_label(connected.api_key, order_key=sales_order.name)
	assert connected.stats()["tracking_pulled"] == 1
	assert note_of(note)[0] in (None, "")


def test_several_open_orders_take_one_request_by_paging(connected):
	orders = [order((connected.item, 1, 10)) for _number in range(3)]
	connected.stats()
	labels = {
		o.name: connected.shipstation.buy_label(connected.api_key, order_key=o.name)["trackingNumber"]
		for o in orders
	}
	connected.shipstation.clear_received()
	stats = connected.stats()
	assert (stats["tracking_pulled"], stats["tracking_method"]) == (3, "by_pages")
	asked = [r for r in connected.shipstation.received(connected.api_key) if r["path"] == "/shipments"]
	assert len(asked) == 1
	assert "createDateStart" in asked[0]["query"]
	assert {o.name: connected.record(o.name).tracking_number for o in orders} == labels


def test_one_open_order_is_asked_for_by_its_id(connected, pushed):
	connected.shipstation.clear_received()
	assert connected.stats()["tracking_method"] == "by_order"
	asked = [r for r in connected.shipstation.received(connected.api_key) if r["path"] == "/shipments"]
	assert "orderId" in asked[0]["query"]


def test_where_paging_would_take_more_requests_orders_are_asked_for_one_by_one(connected):
	orders = [order((connected.item, 1, 10)) for _number in range(2)]
	connected.stats()
	connected.shipstation.make_orders(connected.api_key, 1200)
	connected.shipstation.make_shipments(connected.api_key)
	connected.shipstation.clear_received()
	stats = connected.stats()
	assert (stats["tracking_pulled"], stats["tracking_method"]) == (2, "by_order")
	asked = [r for r in connected.shipstation.received(connected.api_key) if r["path"] == "/shipments"]
	assert len(asked) == 1 + len(orders)


def test_regenerated_keys_go_on_where_the_old_ones_stopped(connected, pushed):
	"""The contract's remedy for rejected credentials. One account there, another key."""
	note = deliver(pushed.name)
	order_id = connected.remote_orders()[0]["orderId"]
	connected.shipstation.add_account("new-key", "new-secret")
	connected.connect(api_key="new-key", api_secret="new-secret")
	connected.shipstation.clear_received()
	connected.stats()
	asked = [r for r in connected.shipstation.received("new-key") if r["path"] == "/shipments"]
	assert str(order_id) in str(asked[0]["query"])
	assert note_of(note)[0] in (None, "")


def test_a_shipment_that_is_missing_from_an_answer_is_not_taken_for_voided(connected, pushed):
	note = deliver(pushed.name)
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	connected.shipstation.fault("null", path="/shipments", times=None)
	connected.stats()
	assert note_of(note) == (label["trackingNumber"], "UPS")
	assert connected.record(pushed.name).status == "Delivered"


def test_a_note_that_was_submitted_while_tracking_came_gets_it_at_the_next_sync(connected, pushed, site):
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	note = deliver(pushed.name)
	connected.stats()
	wait_for_jobs()
	# As if neither had seen the other's uncommitted row.
	record = connected.record(pushed.name)
	write_values("Delivery Note", note.name, {"lr_no": None, "transporter": None})
	write_values("ShipStation Order", record.name, "delivery_note", None)
	unnoted = {"delivery_note": None, "noted_number": None}
	write_values("ShipStation Shipment", record.shipments[0].name, unnoted)
	write_values("Delivery Note", note.name, {"lr_no": None, "transporter": None})
	connected.stats()
	assert note_of(note)[0] == label["trackingNumber"]


def test_a_note_can_be_submitted_while_a_sync_writes_the_record(connected, pushed):
	draft = deliver(pushed.name, submit=False)
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	name, document = connected.record(pushed.name).name, fresh(draft)
	with rival_connection() as sync:
		sync.sql("UPDATE `tabShipStation Order` SET carrier_code = 'dhl' WHERE name = %s", name)
		document.submit()
		frappe.db.commit()
		sync.commit()
	assert note_of(draft)[0]
	wait_until_equal(lambda: connected.record(pushed.name).delivery_note, draft.name)


def test_one_record_that_somebody_writes_does_not_keep_tracking_from_the_others(connected, site, monkeypatch):
	from medgrid.integrations.shipstation.parcels import shipments
	from medgrid.integrations.shipstation.parcels.open_pushes import open_pushes

	orders = [order((connected.item, 1, 10)) for _number in range(2)]
	connected.stats()
	labels = [connected.shipstation.buy_label(connected.api_key, order_key=o.name) for o in orders]
	name = connected.record(orders[0].name).name
	pushes = open_pushes(context_of(connected))
	found = [(push, [Shipment.model_validate(labels[n])]) for n, push in enumerate(pushes)]
	real = shipments._stored
	overtaken: list[str] = []
	site.db.sql("SET SESSION innodb_snapshot_isolation = ON, innodb_lock_wait_timeout = 2")

	def stored(names):
		rows = real(names)
		if not overtaken:
			with rival_connection() as rival:
				rival.sql("UPDATE `tabShipStation Order` SET carrier_code = 'dhl' WHERE name = %s", name)
				rival.commit()
			overtaken.append(name)
		return rows

	monkeypatch.setattr(shipments, "_stored", stored)
	try:
		assert shipments.apply_shipments(found) == 2
	finally:
		site.db.rollback()
		site.db.sql("SET SESSION innodb_snapshot_isolation = DEFAULT, innodb_lock_wait_timeout = DEFAULT")
	assert [connected.record(o.name).tracking_number for o in orders] == [
		label["trackingNumber"] for label in labels
	]


def test_an_order_cancelled_while_its_tracking_comes_stays_cancelled(connected, pushed, site):
	from medgrid.clients.shipstation.shipments import Shipment
	from medgrid.integrations.shipstation.parcels.open_pushes import open_pushes
	from medgrid.integrations.shipstation.parcels.shipments import apply_shipments

	pushes = open_pushes(context_of(connected))
	fresh(pushed).cancel()
	site.db.commit()
	wait_until_equal(lambda: connected.record(pushed.name).status, "Cancelled")
	label = {"shipmentId": 1, "orderId": int(pushes[0].order_id), "trackingNumber": "1ZLATE"}
	apply_shipments([(pushes[0], [Shipment.model_validate(label)])])
	record = connected.record(pushed.name)
	assert (record.status, record.tracking_number) == ("Cancelled", "1ZLATE")


def test_return_labels_and_return_notes_carry_no_tracking(connected, pushed, site):
	from medgrid.integrations.shipstation.parcels.delivery_notes import fill_before_submit

	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	connected.stats()
	note = deliver(pushed.name)
	assert note_of(note)[0]
	note.update({"is_return": 1, "lr_no": None})
	fill_before_submit(note)
	assert note.lr_no is None


def test_a_carrier_that_the_site_does_not_let_be_made_costs_the_carrier_and_not_the_number(
	connected, pushed, site
):
	"""E4. The Supplier that a new carrier stands for cannot be made: new Suppliers' default group is gone."""
	group = site.db.get_single_value("Buying Settings", "supplier_group")
	carrier = pushed.name.lower().replace("-", "_")
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name, carrier=carrier)
	note = deliver(pushed.name)
	issue = {"issue_type": "shipstation/carrier_not_created", "related_to": carrier.upper()}
	site.db.set_single_value("Buying Settings", "supplier_group", "MGT No Such Group")
	site.db.commit()
	try:
		for _sync in range(2):
			assert connected.stats()["round_trip_ok"] is True
		assert note_of(note) == (label["trackingNumber"], None)
		assert site.db.get_value("Integration Issue", issue, "open_key")
		assert not site.db.exists("Error Log", {"method": ("like", f"%{note.name}%")})
	finally:
		site.db.set_single_value("Buying Settings", "supplier_group", group)
		site.db.commit()
	connected.stats()
	assert note_of(note) == (label["trackingNumber"], carrier.upper())
	site.db.rollback()
	assert site.db.get_value("Integration Issue", issue, "open_key") is None


def test_a_number_that_is_too_long_is_reported_and_not_cut(connected, pushed):
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name, tracking_number="1" * 200)
	stats = connected.stats()
	assert (stats["tracking_pulled"], len(stats["pull_errors"])) == (0, 1)
	assert connected.record(pushed.name).tracking_number is None


def test_null_shipments_are_none(connected, pushed):
	connected.shipstation.fault("null", path="/shipments")
	stats = connected.stats()
	assert (stats["round_trip_ok"], stats["tracking_pulled"]) == (True, 0)

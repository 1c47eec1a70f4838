"""Pushing Sales Orders to the simulated ShipStation, over HTTP. Contract: "Order Push to ShipStation"."""

import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, today

from medgrid.integrations import jobs
from medgrid.integrations.shipstation.payload import NO_SHIPPING_ADDRESS
from tests.support.http import error
from tests.support.records import ensure, item, price_list, supplier, write_values
from tests.support.rival import rival_connection
from tests.support.vendors import (
	CUSTOMER,
	bundle_of,
	customer_with_address,
	deliver,
	fresh,
	item_of,
	order,
)
from tests.support.waiting import wait_for, wait_for_jobs, wait_until_equal


def test_an_order_arrives_with_the_contracts_payload(connected):
	sales_order = order((connected.item, 2, 28.5), (connected.item, 1, 34), contact_email="buyer@example.com")
	stats = connected.stats()
	assert stats == {
		"orders_pushed": 1,
		"tracking_pulled": 0,
		"round_trip_ok": True,
		"push_errors": [],
		"pull_errors": [],
		"deferred": 0,
		"tracking_method": "by_order",
	}
	body = next(r["body"] for r in connected.shipstation.received() if r["path"] == "/orders/createorder")
	address = {
		"name": CUSTOMER,
		"company": CUSTOMER,
		"street1": "1420 N Lake Shore Dr",
		"street2": "Suite 5",
		"city": "Chicago",
		"state": "IL",
		"postalCode": "60610",
		"country": "US",
		"phone": "+1 312 555 0142",
	}
	item = {"sku": connected.item, "name": f"{connected.item} Vitamin"}
	weight = {"value": 0.5, "units": "pounds"}
	lines = [row.name for row in sales_order.items]
	assert body == {
		"orderNumber": sales_order.name,
		"orderKey": sales_order.name,
		"orderDate": today(),
		"orderStatus": "awaiting_shipment",
		"customerEmail": "buyer@example.com",
		"amountPaid": 91.0,
		"items": [
			{"lineItemKey": lines[0], **item, "quantity": 2, "unitPrice": 28.5, "weight": weight},
			{"lineItemKey": lines[1], **item, "quantity": 1, "unitPrice": 34.0, "weight": weight},
		],
		"shipTo": address,
		"billTo": address,
		"weight": {"value": 1.5, "units": "pounds"},
	}


def test_a_push_is_recorded_on_its_own_document_and_on_the_sales_order(connected):
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	remote = connected.remote_orders()[0]
	record = connected.record(sales_order.name)
	assert (record.status, record.shipstation_order_id) == ("Sent", str(remote["orderId"]))
	assert fresh(sales_order).shipstation_order_id == str(remote["orderId"])


def test_a_second_sync_pushes_nothing_again(connected):
	order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	assert connected.stats()["orders_pushed"] == 0
	assert len(connected.remote_orders()) == 1


def test_the_contracts_flow_begins_with_the_probe(connected):
	order((connected.item, 1, 10))
	connected.shipstation.clear_received()
	connected.stats()
	paths = [request["path"] for request in connected.shipstation.received(connected.api_key)]
	assert paths[:4] == ["/accounts/listtags", "/orders", "/orders/createorder", "/shipments"]
	# Once for each account: that it tells MedGrid of labels.
	assert paths[4:] == ["/webhooks", "/webhooks/subscribe"]


def test_stats_accumulate_on_the_connection(connected):
	for _time in range(2):
		order((connected.item, 1, 10))
		connected.stats()
	assert connected.entry()["stats"] == {"orders_pushed": 2, "tracking_pulled": 0}


# Who gets which lines


def test_each_vendor_gets_only_their_lines_and_the_shares_add_up(connected, other_vendor):
	other_vendor.connect()
	sales_order = order((connected.item, 3, 10.01), (other_vendor.item, 1, 7.77), (connected.item, 1, 0.02))
	assert connected.stats()["orders_pushed"] == 1
	assert other_vendor.stats()["orders_pushed"] == 1
	first, second = connected.remote_orders()[0], other_vendor.remote_orders()[0]
	rows = [row.name for row in sales_order.items]
	assert [item["lineItemKey"] for item in first["items"]] == [rows[0], rows[2]]
	assert [item["lineItemKey"] for item in second["items"]] == [rows[1]]
	total = Decimal(str(first["amountPaid"])) + Decimal(str(second["amountPaid"]))
	assert total == Decimal(str(sales_order.grand_total))


def test_second_vendor_still_gets_its_lines_after_the_first_pushed(connected, other_vendor):
	other_vendor.connect()
	sales_order = order((connected.item, 1, 10), (other_vendor.item, 1, 20))
	connected.stats()
	first_id = fresh(sales_order).shipstation_order_id
	assert other_vendor.stats()["orders_pushed"] == 1
	assert fresh(sales_order).shipstation_order_id == first_id
	assert other_vendor.record(sales_order.name).shipstation_order_id != first_id


def test_discounts_taxes_and_charges_are_shared_in_proportion(connected, other_vendor):
	other_vendor.connect()
	account = frappe.db.get_value(
		"Account", {"company": "Skydell Medical", "is_group": 0, "root_type": "Liability"}
	)
	charges = {"charge_type": "Actual", "account_head": account, "description": "Freight", "tax_amount": 9.99}
	sales_order = order(
		(connected.item, 1, 30),
		(other_vendor.item, 1, 70),
		apply_discount_on="Net Total",
		discount_amount=10,
		taxes=[charges],
	)
	connected.stats()
	other_vendor.stats()
	assert sales_order.grand_total == 99.99
	amounts = [v.remote_orders()[0]["amountPaid"] for v in (connected, other_vendor)]
	assert amounts == [30.0, 69.99]


def test_an_order_in_another_currency_keeps_its_own_amounts(connected):
	euro = price_list("MGT Euro", currency="EUR")
	order(
		(connected.item, 2, 19.99),
		currency="EUR",
		conversion_rate=1.25,
		selling_price_list=euro,
		price_list_currency="EUR",
		plc_conversion_rate=1.25,
	)
	connected.stats()
	remote = connected.remote_orders()[0]
	assert (remote["amountPaid"], remote["items"][0]["unitPrice"]) == (39.98, 19.99)


def test_a_discount_line_of_the_house_does_not_blow_up_the_vendors_amount(connected):
	house = item(f"{connected.item}-DISCOUNT")
	sales_order = order((connected.item, 1, 100), (house, 1, 1))
	# ERPNext allows negative rates by a setting; the stand-in does not have it.
	sales_order.items[1].db_set({"rate": -99.99, "amount": -99.99, "net_amount": -99.99})
	sales_order.db_set({"grand_total": 25.01, "rounded_total": 25.01})
	frappe.db.commit()
	assert connected.stats()["push_errors"] == []
	assert connected.remote_orders()[0]["amountPaid"] == 25.01


def test_amounts_are_what_the_customer_pays(connected):
	sales_order = order(
		(connected.item, 2, 50.3),
		apply_discount_on="Grand Total",
		discount_amount=10,
	)
	sales_order.db_set({"rounded_total": 91, "rounding_adjustment": 0.4})
	frappe.db.commit()
	connected.stats()
	remote = connected.remote_orders()[0]
	assert (remote["items"][0]["unitPrice"], remote["amountPaid"]) == (45.3, 91.0)


@pytest.mark.parametrize(
	("currency", "rate", "unit_price", "paid"), [("KWD", 1.285, 0.643, 1.285), ("JPY", 101, 51.0, 101.0)]
)
def test_a_currency_has_its_own_smallest_unit(connected, currency, rate, unit_price, paid):
	sales_order = order((connected.item, 1, rate, {"uom": "Box", "conversion_factor": 2}))
	# The site's own precision is two places, whatever the currency.
	amounts = {"amount": rate, "net_amount": rate}
	sales_order.items[0].db_set(amounts)
	sales_order.db_set(
		{"currency": currency, "grand_total": rate, "rounded_total": 0, "rounding_adjustment": 0}
	)
	frappe.db.commit()
	connected.stats()
	remote = connected.remote_orders()[0]
	assert (remote["items"][0]["unitPrice"], remote["amountPaid"]) == (unit_price, paid)


def test_an_order_without_this_vendors_items_is_not_theirs(connected, other_vendor):
	order((other_vendor.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 0


# What is eligible


def test_drafts_closed_held_and_delivered_orders_are_not_pushed(connected):
	order((connected.item, 1, 10), submit=False)
	for status in ("Closed", "On Hold"):
		order((connected.item, 1, 10)).update_status(status)
	order((connected.item, 1, 10)).cancel()
	deliver(order((connected.item, 1, 10)).name)
	frappe.db.commit()
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	assert connected.remote_orders() == []


def test_what_is_delivered_already_is_not_sent_again(connected):
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	sales_order = order((connected.item, 5, 10))
	note = make_delivery_note(sales_order.name)
	note.items[0].qty = 2
	note.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	connected.stats()
	assert connected.remote_orders()[0]["items"][0]["quantity"] == 3


def test_what_the_customer_has_sent_back_is_not_sent_again(connected):
	"""ERPNext counts five delivered pieces of which two came back as three."""
	all_delivered, left = order((connected.item, 5, 10)), order((connected.item, 7, 10))
	for document in (all_delivered, left):
		document.items[0].db_set({"delivered_qty": 3, "returned_qty": 2})
		document.db_set("per_delivered", 60, commit=True)
	assert connected.stats()["orders_pushed"] == 1
	[remote] = connected.remote_orders()
	assert (remote["orderKey"], remote["items"][0]["quantity"]) == (left.name, 2)


def test_the_oldest_25_go_first(connected):
	names = []
	for number in range(27):
		day = add_days(today(), -number)
		names.append(order((connected.item, 1, 1), transaction_date=day).name)
	connected.shipstation.set_limit(connected.api_key, 100)
	assert connected.stats()["orders_pushed"] == 25
	pushed = [remote["orderNumber"] for remote in connected.remote_orders()]
	assert pushed == list(reversed(names))[:25]
	assert connected.stats()["orders_pushed"] == 2


# What cannot be sent


def test_a_missing_address_skips_that_order_with_a_reason_and_the_rest_go_on(connected):
	bad = order((connected.item, 1, 10), address=False, transaction_date=add_days(today(), -1))
	order((connected.item, 1, 10))
	stats = connected.stats()
	assert stats["orders_pushed"] == 1
	sentence = "The Sales Order has no shipping address. Ask MedGrid to correct it."
	assert stats["push_errors"] == [f"{bad.name}: {sentence}"]
	record = connected.record(bad.name)
	assert (record.status, record.reason, record.who_acts, record.attempts) == (
		"Waiting",
		sentence,
		"Wholesaler",
		1,
	)
	assert (connected.entry()["status"], connected.entry()["last_error"]) == ("connected", None)


def test_an_incomplete_address_is_named_with_what_it_lacks(connected):
	bad = order((connected.item, 1, 10))
	address = customer_with_address(pincode="", city="")
	frappe.db.commit()
	try:
		assert connected.stats()["push_errors"] == [
			f"{bad.name}: The address {address} is not complete. Missing: city, postal code."
			" Ask MedGrid to correct it."
		]
	finally:
		customer_with_address()
		frappe.db.commit()
	assert connected.stats()["orders_pushed"] == 1


def test_a_fractional_quantity_is_refused_with_a_reason(connected):
	powder = item_of(connected.supplier, f"{connected.item}-KG", stock_uom="Kg")
	bad = order((powder, 1.5, 10))
	assert connected.stats()["push_errors"] == [
		f"{bad.name}: Row 1 has 1.5 Kg of {powder}, but ShipStation takes whole quantities only."
		" Ask MedGrid to correct it."
	]


def test_a_case_of_twenty_is_twenty_pieces_at_a_twentieth_of_the_price(connected):
	ensure("UOM", {"uom_name": "Case"})
	order((connected.item, 2, 57, {"uom": "Case", "conversion_factor": 20}))
	assert connected.stats()["orders_pushed"] == 1
	remote = connected.remote_orders()[0]
	(item,) = remote["items"]
	assert (item["quantity"], item["unitPrice"], remote["amountPaid"]) == (40, 2.85, 114.0)
	assert item["weight"] == {"value": 0.5, "units": "pounds"}
	assert item["options"] == [{"name": "Sales unit", "value": "2 × Case of 20 Nos"}]


def test_a_product_bundle_arrives_as_one_item_and_is_delivered_as_one(connected):
	bundle = bundle_of(connected)
	document = order((bundle, 3, 20))
	assert connected.stats()["orders_pushed"] == 1
	[remote] = connected.remote_orders()
	[item] = remote["items"]
	assert (item["sku"], item["quantity"], item["unitPrice"]) == (bundle, 3, 20)
	assert item["options"] == [{"name": "Contains", "value": f"2 Nos × {connected.item}"}]
	connected.shipstation.buy_label(connected.api_key, order_key=document.name)
	connected.stats()
	note = deliver(document.name)
	assert fresh(note).lr_no == connected.record(document.name).tracking_number


def test_half_a_case_is_ten_whole_pieces(connected):
	ensure("UOM", {"uom_name": "Case"})
	order((connected.item, 0.5, 57, {"uom": "Case", "conversion_factor": 20}))
	assert connected.stats()["push_errors"] == []
	assert connected.remote_orders()[0]["items"][0]["quantity"] == 10


@pytest.mark.parametrize(
	("written", "arrives"),
	[
		({"state": "N.Y."}, ("NY", "60610", "US")),
		({"state": "illinois"}, ("IL", "60610", "US")),
		({"state": "Illinios"}, ("Illinios", "60610", "US")),
		({"country": "Puerto Rico", "state": "", "pincode": "00926"}, ("PR", "00926", "US")),
		({"country": "Hong Kong", "state": "", "pincode": ""}, (None, None, "HK")),
		({"country": "Singapore", "state": "", "pincode": "238801"}, (None, "238801", "SG")),
		({"state": "Armed Forces Europe", "pincode": "09021"}, ("AE", "09021", "US")),
		({"country": "United Kingdom", "state": "", "pincode": "SW1A 1AA"}, (None, "SW1A 1AA", "GB")),
		({"country": "Germany", "state": "Bayern", "pincode": "80331"}, ("Bayern", "80331", "DE")),
	],
)
def test_an_address_arrives_as_carriers_need_it(connected, written, arrives):
	order((connected.item, 1, 10))
	customer_with_address(**written)
	frappe.db.commit()
	try:
		assert connected.stats()["push_errors"] == []
	finally:
		customer_with_address()
		frappe.db.commit()
	address = connected.remote_orders()[0]["shipTo"]
	assert (address["state"], address["postalCode"], address["country"]) == arrives


def test_an_order_without_a_shipping_address_says_so_where_the_vendor_packs(connected):
	first, second = order((connected.item, 1, 10)), order((connected.item, 1, 10))
	first.db_set("shipping_address_name", None)
	frappe.db.commit()
	assert connected.stats()["orders_pushed"] == 2
	notes = {remote["orderNumber"]: remote["internalNotes"] for remote in connected.remote_orders()}
	assert notes == {first.name: NO_SHIPPING_ADDRESS, second.name: None}


def test_an_order_that_shipstation_refuses_does_not_stop_the_others(connected):
	bad = order((connected.item, 1, 10), transaction_date=add_days(today(), -1))
	order((connected.item, 1, 10))
	connected.shipstation.fault(
		"status", status=400, path="/orders/createorder", body='{"Message": "No such store."}'
	)
	stats = connected.stats()
	assert stats["orders_pushed"] == 1
	sentence = "ShipStation rejected the request: No such store."
	assert stats["push_errors"] == [f"{bad.name}: {sentence}"]
	record = connected.record(bad.name)
	assert (record.status, record.reason, record.who_acts) == ("Waiting", sentence, "Vendor")
	assert connected.stats()["orders_pushed"] == 1
	record = connected.record(bad.name)
	assert (record.status, record.attempts, record.reason) == ("Sent", 2, None)


def test_25_orders_that_cannot_be_sent_do_not_block_the_26th(connected):
	for _number in range(26):
		order((connected.item, 1, 1), address=False, transaction_date=add_days(today(), -1))
	good = order((connected.item, 1, 10))
	assert connected.stats()["orders_pushed"] == 1
	assert connected.remote_orders()[0]["orderNumber"] == good.name


def test_what_was_sent_before_the_sync_failed_is_counted(connected):
	order((connected.item, 1, 10))
	connected.shipstation.fault("status", status=401, path="/shipments", times=None)
	answer = connected.sync()
	assert (answer["ok"], answer["stats"]["orders_pushed"]) == (False, 1)
	assert connected.entry()["stats"]["orders_pushed"] == 1


# Cancelled and amended


def with_another_line(vendor) -> None:
	"""The vendor adds a line to their order, so that MedGrid neither changes nor cancels it."""
	[remote] = vendor.remote_orders()
	gift = {"lineItemKey": "gift", "sku": "GIFT", "name": "Gift", "quantity": 1, "unitPrice": 0}
	vendor.shipstation.save_order(vendor.api_key, {**remote, "items": [*remote["items"], gift]})


def test_a_cancelled_order_that_medgrid_cannot_cancel_there_is_reported_and_not_pushed_again(connected):
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	with_another_line(connected)
	order_id = connected.remote_orders()[0]["orderId"]
	fresh(sales_order).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: connected.record(sales_order.name).status, "Cancelled")
	record = connected.record(sales_order.name)
	sentence = f"The Sales Order was cancelled after it was sent. Cancel order {order_id} in ShipStation."
	assert (record.reason, record.who_acts) == (sentence, "Vendor")
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [f"{sales_order.name}: {sentence}"])


def test_an_order_can_be_cancelled_while_a_sync_writes_its_record(connected):
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	document = fresh(sales_order)
	name = connected.record(sales_order.name).name
	with rival_connection() as sync:
		sync.sql("UPDATE `tabShipStation Order` SET carrier_code = 'ups' WHERE name = %s", name)
		began = time.monotonic()
		document.cancel()
		frappe.db.commit()
		# InnoDB would wait for 50 seconds.
		assert time.monotonic() - began < 40
		sync.commit()
	wait_until_equal(lambda: connected.record(sales_order.name).status, "Cancelled")


def test_a_cancellation_whose_job_was_lost_is_recorded_by_the_next_sync(connected, monkeypatch):
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	with monkeypatch.context() as patched:
		patched.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
		fresh(sales_order).cancel()
		frappe.db.commit()
	assert connected.record(sales_order.name).status == "Sent"
	assert connected.stats()["push_errors"] == []
	assert "was cancelled after it was sent" in connected.record(sales_order.name).reason
	assert connected.record(sales_order.name).status == "Cancelled"


def test_an_order_that_was_never_sent_can_be_deleted_and_one_that_was_cannot(connected):
	unsent = order((connected.item, 1, 10), address=False)
	sent = order((connected.item, 1, 10))
	connected.stats()
	for sales_order in (unsent, sent):
		fresh(sales_order).cancel()
		frappe.db.commit()
	# Nobody deletes what a job is writing at this moment.
	wait_for_jobs()
	fresh(unsent).delete()
	frappe.db.commit()
	assert connected.record(unsent.name) is None
	with pytest.raises(frappe.LinkExistsError):
		fresh(sent).delete()
	assert connected.record(sent.name)


def test_an_amended_order_is_held_back_until_the_original_is_cancelled_in_shipstation(connected):
	original = order((connected.item, 1, 10))
	connected.stats()
	with_another_line(connected)
	order_id = connected.remote_orders()[0]["orderId"]
	fresh(original).cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from = original.name
	amended.docstatus = 0
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	stats = connected.stats()
	assert stats["orders_pushed"] == 0
	assert (
		f"{amended.name}: The Sales Order amends {original.name}, which is order {order_id} in ShipStation."
		in (stats["push_errors"][-1])
	)
	wait_for(lambda: amended.name in connected.record(original.name).reason)
	connected.shipstation.set_order_status(connected.api_key, order_id, "cancelled")
	assert connected.stats()["orders_pushed"] == 1
	assert connected.record(amended.name).status == "Sent"


def test_two_vendors_on_one_account_are_told_instead_of_overwriting_each_other(connected, other_vendor):
	other_vendor.connect(api_key=connected.api_key, api_secret=connected.api_secret)
	sales_order = order((connected.item, 1, 10), (other_vendor.item, 1, 20))
	connected.stats()
	stats = other_vendor.stats()
	assert stats["orders_pushed"] == 0
	assert f"already has this order's lines for {connected.supplier}" in stats["push_errors"][0]
	items = connected.remote_orders()[0]["items"]
	assert [item["sku"] for item in items] == [connected.item]
	record = other_vendor.record(sales_order.name)
	assert (record.status, record.shipstation_order_id, record.who_acts) == ("Waiting", None, "Vendor")
	assert f"already has this order's lines for {connected.supplier}" in record.reason


def test_an_order_of_other_lines_under_our_key_is_not_overwritten(connected, other_vendor):
	"""The same account under a second key looks like another account, until one looks into it."""
	other_vendor.connect()
	sales_order = order((connected.item, 1, 10), (other_vendor.item, 1, 20))
	connected.stats()
	other_vendor.shipstation.make_orders(other_vendor.api_key, keys=[sales_order.name])
	stats = other_vendor.stats()
	assert stats["orders_pushed"] == 0
	assert "Connect a ShipStation account that no other vendor uses." in stats["push_errors"][0]


def test_lines_that_were_sent_stay_with_their_vendor_when_the_item_changes_hands(connected, other_vendor):
	other_vendor.connect()
	order((connected.item, 1, 10), (other_vendor.item, 1, 20))
	connected.stats()
	default = {"parent": connected.item, "parenttype": "Item"}
	frappe.db.set_value("Item Default", default, "default_supplier", other_vendor.supplier)
	frappe.db.commit()
	assert other_vendor.stats()["orders_pushed"] == 1
	assert [item["sku"] for item in other_vendor.remote_orders()[0]["items"]] == [other_vendor.item]
	assert other_vendor.stats()["push_errors"] == []


def test_an_order_whose_rows_others_have_is_not_ours_until_a_row_is(connected, other_vendor):
	other_vendor.connect()
	sales_order = order((connected.item, 1, 10))
	connected.stats()
	default = {"parent": connected.item, "parenttype": "Item"}
	frappe.db.set_value("Item Default", default, "default_supplier", other_vendor.supplier)
	frappe.db.commit()
	stats = other_vendor.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (0, [])
	assert other_vendor.record(sales_order.name) is None
	# A Sales Order that keeps its id without a record counts as sent by an earlier system.
	frappe.db.delete("ShipStation Order", {"supplier": connected.supplier})
	frappe.db.commit()
	assert other_vendor.stats()["orders_pushed"] == 0
	write_values("Sales Order", sales_order.name, "shipstation_order_id", None)
	assert other_vendor.stats()["orders_pushed"] == 1
	assert other_vendor.record(sales_order.name).status == "Sent"


@pytest.mark.parametrize("is_person", [False, True])
def test_a_job_waits_until_an_orders_next_attempt_is_due_and_a_person_does_not(connected, is_person):
	sales_order = order((connected.item, 1, 10), address=False)
	connected.stats()
	sales_order.db_set("shipping_address_name", customer_with_address(), commit=True)
	name = connected.record(sales_order.name).name
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	write_values("ShipStation Order", name, "next_attempt_at", now + timedelta(hours=1))
	jobs.sync_connection(connected.connection())
	assert connected.remote_orders() == []
	if is_person:
		assert connected.stats()["orders_pushed"] == 1
		return
	write_values("ShipStation Order", name, "next_attempt_at", now - timedelta(seconds=1))
	jobs.sync_connection(connected.connection())
	assert len(connected.remote_orders()) == 1


def test_a_disabled_supplier_cannot_sync(connected):
	frappe.db.set_value("Supplier", connected.supplier, "disabled", 1)
	frappe.db.commit()
	answer = connected.caller.post("medgrid.integrations.sync_now", integration_type="shipstation")
	assert "is disabled" in error(answer, 417, "ValidationError")


def test_a_user_of_two_suppliers_is_told_so(connected):
	second = frappe.get_doc("Supplier", supplier("MGT Second"))
	second.append("portal_users", {"user": connected.user.email})
	second.save()
	frappe.db.commit()
	answer = connected.caller.post("medgrid.integrations.sync_now", integration_type="shipstation")
	assert answer.status_code == 417
	assert "several Suppliers" in answer.text

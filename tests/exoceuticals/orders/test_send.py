"""Sending a Sales Order to the Exoceuticals store, over HTTP against the simulated Shopify.

Contract: "sync_to_exoceuticals".
"""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.exoceuticals import jobs
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.rows import delete_rows
from tests.support.runs import last
from tests.support.store import configure, new_item, sold_item
from tests.support.vendors import ADDRESS, customer_with_address, fresh, order
from tests.support.waiting import wait_for, wait_for_jobs, wait_until_equal

METHOD = "medgrid.exoceuticals.sync_to_exoceuticals"


@pytest.fixture(autouse=True)
def nobody_elses_claims(site):
	site.db.delete("Exoceuticals Order")
	site.db.commit()


@pytest.fixture
def customers_address():
	"""Changes the address of the tests' customer, until the test ends."""
	yield lambda **changes: (customer_with_address(**changes), frappe.db.commit())
	customer_with_address()
	frappe.db.commit()


def send(store, sales_order, caller=None, **values):
	return (caller or store.caller).post(METHOD, sales_order=sales_order.name, **values)


def remote(store) -> list[dict]:
	return store.control.orders(store.domain)


def record_of(sales_order):
	"""Its Exoceuticals Order, as the database has it now; None if it has none."""
	frappe.db.rollback()
	name = frappe.db.get_value("Exoceuticals Order", {"sales_order": sales_order.name})
	return frappe.get_doc("Exoceuticals Order", name) if name else None


def age_claim(sales_order, seconds: int) -> None:
	"""As if the attempt had been so long ago."""
	moment = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(seconds=seconds)
	write_values("Exoceuticals Order", record_of(sales_order).name, "claimed_at", moment)


# What arrives


def test_a_submitted_order_is_created_in_shopify_with_the_contracts_answer(connected_store, sold):
	sales_order = order((sold, 2, 10))
	answer = message(send(connected_store, sales_order))
	created = remote(connected_store)[0]
	assert answer == {
		"status": "success",
		"exoceuticals_order_id": created["admin_graphql_api_id"],
		"exoceuticals_order_name": created["name"],
	}


def test_the_sales_order_knows_its_order_afterwards(connected_store, sold):
	sales_order = order((sold, 2, 10))
	answer = message(send(connected_store, sales_order))
	row = fresh(sales_order)
	assert row.exoceuticals_order_id == answer["exoceuticals_order_id"]
	assert row.exoceuticals_order_name == answer["exoceuticals_order_name"]
	assert row.exoceuticals_status == "Unfulfilled"
	assert row.exoceuticals_sync_date
	record = record_of(sales_order)
	assert (record.status, record.claim, record.attempts) == ("Sent", None, 1)
	assert (record.order_id, record.order_name) == (row.exoceuticals_order_id, row.exoceuticals_order_name)
	assert record.sent_at == row.exoceuticals_sync_date
	assert json.loads(record.lines) == [row.items[0].name]


def test_all_that_is_needed_to_ship_arrives(connected_store, sold):
	reference = f"PO-{frappe.generate_hash(length=8)}"
	sales_order = order((sold, 3, 28.5), po_no=reference, contact_email="clinic@example.com")
	sales_order.db_set("contact_mobile", "(312) 555-0142")
	frappe.db.commit()
	message(send(connected_store, sales_order))
	created = remote(connected_store)[0]
	line = created["line_items"][0]
	assert (line["quantity"], line["price"], line["requires_shipping"]) == (3, "28.50", True)
	assert created["currency"] == "USD"
	assert created["tags"] == "Skydell"
	assert created["source_identifier"] == sales_order.name
	assert sales_order.name in created["note"]
	assert created["po_number"] == reference
	assert created["email"] == "clinic@example.com"
	assert created["phone"] == "+13125550142"
	address = created["shipping_address"]
	assert (address["address1"], address["address2"]) == (ADDRESS["address_line1"], ADDRESS["address_line2"])
	assert (address["city"], address["zip"]) == ("Chicago", "60610")
	assert (address["province_code"], address["country_code"]) == ("IL", "US")
	assert address["company"] == "MGT Clinic"


def quoted(sales_order, line_taxes: str):
	"""As if Vertex had taxed the order."""
	sales_order.db_set({"vertex_status": "Quoted", "vertex_line_taxes": line_taxes})
	frappe.db.commit()
	return sales_order


def taxes(store) -> list[tuple[str, str]]:
	return [(line["title"], line["price"]) for line in remote(store)[0]["tax_lines"]]


def test_taxes_stay_here_unless_the_setting_says_that_they_go(connected_store, sold):
	sales_order = quoted(order((sold, 2, 28.5)), '{"1": {"State": 3.56}}')
	message(send(connected_store, sales_order))
	assert taxes(connected_store) == []


def test_what_vertex_says_of_the_rows_that_are_sent_goes_with_them(connected_store, sold):
	configure(send_tax_lines=1)
	sales_order = order((sold, 2, 28.5), (new_item(), 1, 10))
	quoted(sales_order, '{"1": {"State": 3.56, "City": 0.71}, "2": {"State": 0.63}, "3": {"State": 0.75}}')
	message(send(connected_store, sales_order))
	assert taxes(connected_store) == [("State tax", "3.56"), ("City tax", "0.71")]
	assert remote(connected_store)[0]["taxes_included"] is False


def test_an_order_that_vertex_does_not_tax_goes_without_taxes(connected_store, sold):
	configure(send_tax_lines=1)
	message(send(connected_store, order((sold, 2, 28.5))))
	assert taxes(connected_store) == []


def test_the_tag_is_the_settings(connected_store, sold):
	configure(order_tag="Special")
	message(send(connected_store, order((sold, 1, 10))))
	assert remote(connected_store)[0]["tags"] == "Special"


def test_the_store_counts_its_stock_down(connected_store, sold):
	message(send(connected_store, order((sold, 4, 10))))
	assert connected_store.control.products(connected_store.domain)[0]["variants"][0]["quantity"] == 46


def test_a_case_of_twelve_is_twelve_units_at_a_twelfth_of_the_price(connected_store, sold):
	line = {"uom": "Box", "conversion_factor": 12}
	sales_order = order((sold, 2, 120, line))
	message(send(connected_store, sales_order))
	item = remote(connected_store)[0]["line_items"][0]
	assert (item["quantity"], item["price"]) == (24, "10.00")


def test_a_case_whose_price_does_not_divide_arrives_to_the_cent(connected_store, sold):
	message(send(connected_store, order((sold, 1, 100, {"uom": "Box", "conversion_factor": 12}))))
	items = remote(connected_store)[0]["line_items"]
	assert [(item["quantity"], item["price"]) for item in items] == [(8, "8.33"), (4, "8.34")]
	assert {item["sku"] for item in items} == {sold}


def test_a_discount_on_the_whole_order_is_taken_off_its_rows(connected_store, sold):
	sales_order = order((sold, 2, 50), apply_discount_on="Grand Total", discount_amount=20)
	message(send(connected_store, sales_order))
	item = remote(connected_store)[0]["line_items"][0]
	assert (item["quantity"], item["price"]) == (2, "40.00")


def test_a_row_with_the_quantity_0_is_417_and_not_called_delivered(connected_store, sold):
	sales_order = order((sold, 1, 10))
	sales_order.items[0].db_set("qty", 0)
	frappe.db.commit()
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert sentence == f"The quantity of row 1 ({sold}) is 0. There is nothing to send."


def test_a_phone_number_that_is_none_stops_nothing(connected_store, sold):
	sales_order = order((sold, 1, 10))
	sales_order.db_set("contact_mobile", "call the desk")
	frappe.db.commit()
	assert message(send(connected_store, sales_order))["status"] == "success"


def test_of_several_email_addresses_and_numbers_the_first_that_can_be_used_goes(
	connected_store, sold, customers_address
):
	sales_order = order((sold, 1, 10))
	customers_address(phone="front desk")
	values = {"contact_email": "buyer@example.com, office@example.com", "contact_mobile": "(312) 555-0142"}
	sales_order.db_set(values)
	frappe.db.commit()
	message(send(connected_store, sales_order))
	created = remote(connected_store)[0]
	assert created["email"] == "buyer@example.com"
	assert created["shipping_address"]["phone"] == "+13125550142"


# Prerequisites, in the contract's order


def test_an_order_that_is_not_submitted_is_417(connected_store, sold):
	sentence = error(send(connected_store, order((sold, 1, 10), submit=False)), 417, "ValidationError")
	assert "must be submitted" in sentence


def test_a_cancelled_order_is_417(connected_store, sold):
	sales_order = order((sold, 1, 10))
	sales_order.cancel()
	frappe.db.commit()
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert "is cancelled" in sentence and "Amend it" in sentence


def test_a_second_call_is_409_and_names_the_order(connected_store, sold):
	sales_order = order((sold, 1, 10))
	name = message(send(connected_store, sales_order))["exoceuticals_order_name"]
	assert name in error(send(connected_store, sales_order), 409, "ConflictError")
	assert len(remote(connected_store)) == 1


def test_an_order_without_any_variant_is_417_naming_the_items(connected_store):
	name = new_item()
	sentence = error(send(connected_store, order((name, 1, 10))), 417, "ValidationError")
	assert name in sentence and "sync_catalog" in sentence


def test_an_order_without_a_shipping_address_is_417(connected_store, sold):
	sentence = error(send(connected_store, order((sold, 1, 10), address=False)), 417, "ValidationError")
	assert "no shipping address" in sentence


@pytest.mark.parametrize(
	("change", "words"),
	[
		({"pincode": ""}, "postal code"),
		({"city": " "}, "city"),
		({"state": "Illinoise"}, "Missing: state (name or code)."),
		({"address_line1": "", "city": ""}, "Missing: street, city."),
	],
)
def test_an_incomplete_shipping_address_is_417_and_says_what_it_lacks(
	connected_store, sold, customers_address, change, words
):
	sales_order = order((sold, 1, 10))
	customers_address(**change)
	assert words in error(send(connected_store, sales_order), 417, "ValidationError")
	assert remote(connected_store) == []
	assert record_of(sales_order) is None


@pytest.mark.parametrize(
	("written", "arrives"),
	[
		({"state": "N.Y."}, ("NY", "US")),
		({"country": "Puerto Rico", "state": "", "pincode": "00926"}, ("PR", "US")),
		({"country": "Canada", "state": "Québec", "pincode": "H2X 1Y4"}, ("QC", "CA")),
		({"country": "Hong Kong", "state": "", "pincode": ""}, (None, "HK")),
		({"country": "Guam", "state": "", "pincode": "96910"}, ("GU", "US")),
		({"country": "Virgin Islands, U.S.", "state": "", "pincode": "00802"}, ("VI", "US")),
		({"country": "Brazil", "state": "São Paulo", "pincode": "01310-100"}, ("SP", "BR")),
		({"country": "Japan", "state": "Tokyo", "pincode": "100-0014"}, ("JP-13", "JP")),
		({"country": "Japan", "state": "JP-13", "pincode": "100-0014"}, ("JP-13", "JP")),
		({"country": "India", "state": "Maharashtra", "pincode": "400001"}, ("MH", "IN")),
		({"country": "India", "state": "Goa", "pincode": "403001"}, ("GA", "IN")),
		({"country": "Mexico", "state": "Jalisco", "pincode": "44100"}, ("JAL", "MX")),
		({"country": "Australia", "state": "New South Wales", "pincode": "2000"}, ("NSW", "AU")),
		({"state": "Washington DC"}, ("DC", "US")),
		({"country": "Canada", "state": "Newfoundland", "pincode": "A1B 1A1"}, ("NL", "CA")),
		({"city": "APO", "state": "Armed Forces Europe", "pincode": "09021"}, ("AE", "US")),
	],
)
def test_an_address_arrives_as_shopify_needs_it(connected_store, sold, customers_address, written, arrives):
	sales_order = order((sold, 1, 10))
	customers_address(**written)
	message(send(connected_store, sales_order))
	address = remote(connected_store)[0]["shipping_address"]
	assert (address["province_code"], address["country_code"]) == arrives


def test_a_state_may_be_its_code(connected_store, sold, customers_address):
	sales_order = order((sold, 1, 10))
	customers_address(state="il")
	message(send(connected_store, sales_order))
	assert remote(connected_store)[0]["shipping_address"]["province_code"] == "IL"


@pytest.mark.parametrize("setting", ["shop_domain", "api_token"])
def test_a_setting_that_is_missing_is_417_and_named(connected_store, sold, setting):
	sales_order = order((sold, 1, 10))
	configure(**{setting: None})
	assert f"exoceuticals_{setting}" in error(send(connected_store, sales_order), 417, "ValidationError")


def test_an_unknown_order_is_404(connected_store):
	answer = connected_store.caller.post(METHOD, sales_order="SAL-ORD-NONE")
	assert "SAL-ORD-NONE" in error(answer, 404, "DoesNotExistError")


# line_items


def test_only_the_rows_that_are_asked_for_go(connected_store, sold):
	sales_order = order((sold, 1, 10), (sold, 5, 10))
	message(send(connected_store, sales_order, line_items=[sales_order.items[1].name]))
	assert [line["quantity"] for line in remote(connected_store)[0]["line_items"]] == [5]


@pytest.mark.parametrize("rows", [["no-row"], []])
def test_a_row_that_is_not_the_orders_is_400(connected_store, sold, rows):
	answer = send(connected_store, order((sold, 1, 10)), line_items=rows)
	assert "line_items" in error(answer, 400, "ValidationError")


def test_a_row_of_another_order_is_400(connected_store, sold):
	other = order((sold, 1, 10))
	answer = send(connected_store, order((sold, 1, 10)), line_items=[other.items[0].name])
	assert other.items[0].name in error(answer, 400, "ValidationError")


def test_a_row_without_variant_that_is_asked_for_is_417_naming_the_item(connected_store, sold):
	unsold = new_item()
	sales_order = order((sold, 1, 10), (unsold, 1, 10))
	rows = [row.name for row in sales_order.items]
	assert unsold in error(send(connected_store, sales_order, line_items=rows), 417, "ValidationError")


def test_a_caller_who_finds_the_order_is_told_too_what_was_left_out(connected_store, sold):
	unsold = new_item()
	sales_order = order((sold, 1, 10), (unsold, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	answer = message(send(connected_store, sales_order))
	assert (answer["status"], answer["left_out"]) == ("success", [unsold])
	assert json.loads(record_of(sales_order).lines) == [sales_order.items[0].name]


def test_without_line_items_what_the_store_does_not_sell_is_left_out_and_reported(connected_store, sold):
	unsold = new_item()
	answer = message(send(connected_store, order((sold, 1, 10), (unsold, 1, 10))))
	assert answer["left_out"] == [unsold]
	assert len(remote(connected_store)[0]["line_items"]) == 1


def test_a_fraction_of_a_unit_is_417(connected_store):
	sold = sold_item(connected_store, stock_uom="Kg")
	sales_order = order((sold, 1.5, 10, {"uom": "Kg", "conversion_factor": 1}))
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert "whole quantities" in sentence and sold in sentence


# Who


def test_a_sales_manager_may_send(connected_store, sold, sales_manager):
	assert message(send(connected_store, order((sold, 1, 10)), sales_manager))["status"] == "success"


def test_others_may_not(connected_store, sold, sales_rep, customer, anonymous):
	sales_order = order((sold, 1, 10))
	for caller in (sales_rep, customer):
		error(send(connected_store, sales_order, caller), 403, "PermissionError")
	error(send(connected_store, sales_order, anonymous), 401, "AuthenticationError")
	assert remote(connected_store) == []


def test_an_order_that_the_sales_manager_may_not_write_is_403(connected_store, sold, sales_manager):
	sales_order = order((sold, 1, 10))
	other = order((sold, 1, 10))
	permission = frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": sales_manager.user.email,
			"allow": "Sales Order",
			"for_value": other.name,
			"apply_to_all_doctypes": 1,
		}
	).insert(ignore_permissions=True)
	frappe.db.commit()
	try:
		error(send(connected_store, sales_order, sales_manager), 403, "PermissionError")
	finally:
		permission.delete(ignore_permissions=True)
		frappe.db.commit()
	assert remote(connected_store) == []


# What Shopify says no to


def test_user_errors_are_417_with_field_and_message_and_the_order_can_be_sent_later(connected_store, sold):
	sales_order = order((sold, 51, 10))
	sentence = error(send(connected_store, sales_order), 417, "ValidationError")
	assert "lineItems" in sentence and "quantity" in sentence and "inventory" in sentence
	record = record_of(sales_order)
	assert (record.status, record.who_acts) == ("Waiting", "Wholesaler")
	assert "quantity" in record.reason and record.reason in sentence
	variant = connected_store.control.products(connected_store.domain)[0]["variants"][0]["id"]
	connected_store.control.set_inventory(connected_store.domain, variant, 60)
	assert message(send(connected_store, sales_order))["status"] == "success"


@pytest.mark.parametrize(("status", "words"), [(401, "access token"), (402, "billing"), (423, "locked")])
def test_a_closed_store_is_417_and_leaves_no_claim(connected_store, sold, status, words):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=status, operation="order_create")
	assert words in error(send(connected_store, sales_order), 417, "ValidationError")
	record = record_of(sales_order)
	assert (record.status, record.claim, record.who_acts) == ("Waiting", None, "Administrator")
	assert words in record.reason


# Exactly once


def test_of_calls_at_once_one_creates_the_order(connected_store, sold):
	sales_order = order((sold, 1, 10))
	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(lambda _number: send(connected_store, sales_order), range(8)))
	statuses = sorted(answer.status_code for answer in answers)
	assert statuses.count(200) >= 1
	assert set(statuses) <= {200, 409}
	assert len(remote(connected_store)) == 1
	assert fresh(sales_order).exoceuticals_order_id == remote(connected_store)[0]["admin_graphql_api_id"]


@pytest.mark.parametrize("kind", ["drop_after", "half", "malformed", "null", "status"])
def test_after_a_lost_answer_the_next_call_finds_the_order(connected_store, sold, kind):
	sales_order = order((sold, 1, 10))
	options = {"status": 502, "processed": True} if kind == "status" else {}
	connected_store.control.fault(kind, operation="order_create", **options)
	assert "Try again shortly" in error(send(connected_store, sales_order), 409, "ConflictError")
	answer = message(send(connected_store, sales_order))
	assert [row["admin_graphql_api_id"] for row in remote(connected_store)] == [
		answer["exoceuticals_order_id"]
	]


def test_a_time_out_after_the_order_was_made_makes_no_second_one(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("timeout_after", operation="order_create", seconds=40)
	error(send(connected_store, sales_order), 409, "ConflictError")
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


def test_while_the_search_lags_the_answer_is_409_and_nothing_is_created(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.search_lag(connected_store.domain, 600)
	connected_store.control.fault("drop_after", operation="order_create")
	for _attempt in range(3):
		sentence = error(send(connected_store, sales_order), 409, "ConflictError")
		assert "the outcome of an earlier attempt is unknown" in sentence
		assert record_of(sales_order).status == "Outcome Unknown"
	assert len(remote(connected_store)) == 1
	connected_store.control.search_lag(connected_store.domain, 0)
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


def test_two_minutes_after_an_attempt_that_made_nothing_it_is_sent_again(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=502, operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	age_claim(sales_order, seconds=110)
	error(send(connected_store, sales_order), 409, "ConflictError")
	assert remote(connected_store) == []
	age_claim(sales_order, seconds=121)
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


def test_a_worker_killed_during_the_call_leaves_one_order(connected_store, sold, environment):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("timeout_after", operation="order_create", seconds=20)
	process = environment.process("tests.support.store_process.send", json.dumps(sales_order.name))
	wait_for(lambda: remote(connected_store))
	os.kill(process.pid, signal.SIGKILL)
	process.wait()
	assert record_of(sales_order).status == "Sending"
	answer = message(send(connected_store, sales_order))
	assert len(remote(connected_store)) == 1
	assert fresh(sales_order).exoceuticals_order_id == answer["exoceuticals_order_id"]


def test_a_worker_killed_before_the_call_blocks_the_order_for_three_minutes_only(
	connected_store, sold, environment
):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("timeout_before", operation="order_create", seconds=20)
	process = environment.process("tests.support.store_process.send", json.dumps(sales_order.name))
	wait_for(lambda: record_of(sales_order))
	os.kill(process.pid, signal.SIGKILL)
	process.wait()
	connected_store.control.clear_faults()
	error(send(connected_store, sales_order), 409, "ConflictError")
	age_claim(sales_order, seconds=181)
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


# What nobody asks about again


def test_the_reconciliation_records_an_order_whose_answer_was_lost(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	age_claim(sales_order, seconds=121)
	jobs.run_reconciliation()
	row = fresh(sales_order)
	assert row.exoceuticals_order_id == remote(connected_store)[0]["admin_graphql_api_id"]
	assert last("reconciliation")["counts"]["orders_found"] == 1


@pytest.mark.parametrize("found_by", ["the reconciliation", "the next call"])
def test_an_order_that_the_store_cancelled_before_its_answer_was_known_is_no_silence(
	connected_store, sold, found_by
):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	[created] = remote(connected_store)
	connected_store.control.cancel(connected_store.domain, created["admin_graphql_api_id"], silent=True)
	age_claim(sales_order, seconds=121)
	jobs.run_reconciliation() if found_by == "the reconciliation" else send(connected_store, sales_order)
	record = record_of(sales_order)
	assert (record.status, record.who_acts) == ("Cancelled", "Wholesaler")
	assert "has cancelled order" in record.reason and created["name"] in record.reason
	assert fresh(sales_order).exoceuticals_status == "Cancelled"
	open_ones = {"reference_name": sales_order.name, "open_key": ("is", "set")}
	[issue] = frappe.get_all("Integration Issue", open_ones, ["detail", "who_acts"])
	assert (issue.detail, issue.who_acts) == (record.reason, "Wholesaler")


def test_the_reconciliation_frees_an_order_whose_attempt_came_to_nothing(connected_store, sold):
	"""It is not dropped in silence: its record and an issue say why it waits."""
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=502, operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	jobs.run_reconciliation()
	assert record_of(sales_order).status == "Outcome Unknown", "too early to know"
	age_claim(sales_order, seconds=121)
	jobs.run_reconciliation()
	record = record_of(sales_order)
	assert (record.status, record.attempts, record.who_acts) == ("Waiting", 1, "Nobody")
	assert record.reason == "The last attempt created no order in Shopify."
	assert record.next_attempt_at, "MedGrid sends it again by itself"
	title = f"Exoceuticals: {sales_order.name} was not sent"
	issue = frappe.get_doc("Integration Issue", {"title": title, "open_key": ("is", "set")})
	assert "sends the Sales Order again by itself" in issue.what_to_do
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


def test_nobody_has_to_send_an_order_that_was_cancelled(connected_store, sold):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("status", status=502, operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	age_claim(sales_order, seconds=121)
	jobs.run_reconciliation()
	about = {"reference_name": sales_order.name, "issue_type": "exoceuticals/send_order"}
	issue = frappe.get_doc("Integration Issue", about)
	assert issue.settled_at is None
	fresh(sales_order).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: record_of(sales_order).status, "Cancelled")
	wait_for(lambda: fresh(issue).settled_at)


# What is cancelled here only


@pytest.fixture
def notices(site):
	"""What administrators are told of cancelled orders, a subject for each."""
	filters = {"subject": ("like", "%is cancelled, its order%"), "for_user": "Administrator"}
	delete_rows(("Notification Log", filters))
	yield lambda: frappe.get_all("Notification Log", filters=filters, pluck="subject")


def test_whoever_cancels_a_sent_order_is_told_that_exoceuticals_still_ships_it(connected_store, sold):
	sales_order = order((sold, 1, 10))
	name = message(send(connected_store, sales_order))["exoceuticals_order_name"]
	document = fresh(sales_order)
	document.cancel()
	assert name in frappe.get_message_log()[-1]["message"]
	frappe.db.commit()


def test_administrators_hear_of_an_order_that_turns_up_after_its_sales_order_was_cancelled(
	connected_store, sold, notices
):
	sales_order = order((sold, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	fresh(sales_order).cancel()
	frappe.db.commit()
	age_claim(sales_order, seconds=121)
	jobs.run_reconciliation()
	jobs.run_reconciliation()
	name = fresh(sales_order).exoceuticals_order_name
	# Reconciliation may find orders of other tests, too, whose stores count their orders alike.
	(subject,) = [each for each in notices() if sales_order.name in each]
	assert name in subject
	record = record_of(sales_order)
	assert (record.status, record.who_acts) == ("Cancelled", "Administrator")
	assert record.reason == f"Exoceuticals still ships order {name}. To stop it, cancel the order in Shopify."


def test_cancelling_a_sent_order_is_recorded(connected_store, sold):
	sales_order = order((sold, 1, 10))
	name = message(send(connected_store, sales_order))["exoceuticals_order_name"]
	fresh(sales_order).cancel()
	frappe.db.commit()
	wait_until_equal(lambda: record_of(sales_order).status, "Cancelled")
	record = record_of(sales_order)
	assert (name in record.reason, record.who_acts) == (True, "Administrator")


def test_a_cancellation_whose_job_was_lost_is_recorded_by_the_reconciliation(
	connected_store, sold, monkeypatch
):
	sales_order = order((sold, 51, 10))
	error(send(connected_store, sales_order), 417, "ValidationError")
	with monkeypatch.context() as patched:
		patched.setattr(frappe, "enqueue", lambda *_arguments, **_options: None)
		fresh(sales_order).cancel()
		frappe.db.commit()
	assert record_of(sales_order).status == "Waiting"
	jobs.run_reconciliation()
	record = record_of(sales_order)
	assert (record.status, record.who_acts) == ("Cancelled", "Nobody")


def test_a_sent_order_that_was_cancelled_can_be_deleted(connected_store, sold):
	sales_order = order((sold, 1, 10))
	message(send(connected_store, sales_order))
	fresh(sales_order).cancel()
	frappe.db.commit()
	# Nobody deletes what a job is writing at this moment.
	wait_for_jobs()
	fresh(sales_order).delete()
	frappe.db.commit()
	assert record_of(sales_order).order_name, "what was sent is remembered"


# Saved documents


def test_a_form_that_was_opened_before_the_attempt_does_not_reset_the_claim(connected_store, sold):
	sales_order = order((sold, 1, 10))
	opened = frappe.get_doc("Sales Order", sales_order.name)
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, sales_order), 409, "ConflictError")
	frappe.db.rollback()
	opened.delivery_date = frappe.utils.add_days(opened.delivery_date, 1)
	opened.save(ignore_permissions=True)
	frappe.db.commit()
	assert record_of(sales_order).status == "Outcome Unknown"
	assert message(send(connected_store, sales_order))["status"] == "success"
	assert len(remote(connected_store)) == 1


def test_a_cancelling_form_that_was_opened_before_does_not_forget_the_order(connected_store, sold):
	sales_order = order((sold, 1, 10))
	opened = frappe.get_doc("Sales Order", sales_order.name)
	answer = message(send(connected_store, sales_order))
	frappe.db.rollback()
	stored = frappe.db.get_value("Sales Order", sales_order.name, "modified")
	opened.modified = opened._original_modified = stored
	opened.cancel()
	frappe.db.commit()
	assert fresh(sales_order).exoceuticals_order_id == answer["exoceuticals_order_id"]


def test_nobody_sets_these_fields_by_rest(connected_store, sold, sales_manager):
	sales_order = order((sold, 1, 10))
	answer = message(send(connected_store, sales_order))
	path = f"/api/resource/Sales Order/{sales_order.name}"
	sales_manager.request("PUT", path, json={"exoceuticals_order_id": "", "exoceuticals_status": "Fulfilled"})
	row = fresh(sales_order)
	assert (row.exoceuticals_order_id, row.exoceuticals_status) == (
		answer["exoceuticals_order_id"],
		"Unfulfilled",
	)


def test_a_new_order_cannot_pretend_to_be_sent(site, sold):
	forged = order((sold, 1, 10), exoceuticals_order_id="gid://shopify/Order/1")
	assert not fresh(forged).exoceuticals_order_id


def test_an_amended_order_waits_while_the_outcome_of_the_original_is_unknown(connected_store, sold):
	original = order((sold, 1, 10))
	connected_store.control.fault("drop_after", operation="order_create")
	error(send(connected_store, original), 409, "ConflictError")
	amended = _amend(original)
	assert original.name in error(send(connected_store, amended), 409, "ConflictError")
	assert len(remote(connected_store)) == 1


def _amend(original):
	original = fresh(original)
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from, amended.docstatus = original.name, 0
	amended.insert(ignore_permissions=True)
	amended.submit()
	frappe.db.commit()
	return amended


# What is not to be shipped


@pytest.mark.parametrize("status", ["Closed", "On Hold"])
def test_an_order_that_is_stopped_is_417(connected_store, sold, status):
	sales_order = order((sold, 1, 10))
	sales_order.update_status(status)
	frappe.db.commit()
	assert status in error(send(connected_store, sales_order), 417, "ValidationError")
	assert remote(connected_store) == []


@pytest.mark.parametrize("status", ["Closed", "On Hold"])
def test_an_order_that_was_sent_and_is_stopped_since_is_409(connected_store, sold, status):
	"""Nobody is told to open it again in order to send it a second time."""
	sales_order = order((sold, 1, 10))
	name = message(send(connected_store, sales_order))["exoceuticals_order_name"]
	fresh(sales_order).update_status(status)
	frappe.db.commit()
	assert name in error(send(connected_store, sales_order), 409, "ConflictError")


def test_a_row_that_is_asked_for_and_delivered_already_is_417(connected_store, sold):
	sales_order = order((sold, 1, 10), (sold, 2, 10))
	frappe.db.set_value("Sales Order Item", sales_order.items[0].name, "delivered_qty", 1)
	frappe.db.commit()
	rows = [row.name for row in sales_order.items]
	answer = send(connected_store, sales_order, line_items=rows)
	assert "delivered already" in error(answer, 417, "ValidationError")
	message(send(connected_store, sales_order))
	assert [line["quantity"] for line in remote(connected_store)[0]["line_items"]] == [2]


def test_the_sync_date_is_utc(connected_store, sold):
	sales_order = order((sold, 1, 10))
	message(send(connected_store, sales_order))
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	assert abs(now - fresh(sales_order).exoceuticals_sync_date) < timedelta(minutes=5)


def test_whoever_reads_the_sales_order_gets_the_contracts_date_format(connected_store, sold, sales_manager):
	sales_order = order((sold, 1, 10))
	message(send(connected_store, sales_order))
	path = f"/api/resource/Sales Order/{sales_order.name}"
	shown = sales_manager.request("GET", path).json()["data"]["exoceuticals_sync_date"]
	assert datetime.strptime(shown, "%Y-%m-%d %H:%M:%S")

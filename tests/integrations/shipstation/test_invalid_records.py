"""Records of ShipStation that are not valid: each is that record's failure, and never the sync's."""

import frappe
import pytest

from medgrid.clients.shipstation.limits import MAX_SHIPMENTS
from medgrid.integrations.shipstation.parcels import carriers
from sandbox.simulators.common.hostile import MARKUP
from tests.support import records
from tests.support.vendors import deliver, failing_since_days, fresh, order

CREATE, ORDERS, SHIPMENTS = "/orders/createorder", "/orders", "/shipments"


def two_orders(vendor) -> list[str]:
	return [order((vendor.item, 1, 10)).name for _number in range(2)]


def pushed(vendor) -> str:
	sales_order = order((vendor.item, 2, 10)).name
	vendor.stats()
	return sales_order


def issues(action: str, reference: str) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Integration Issue",
		filters={
			"issue_type": f"shipstation/{action}",
			"reference_name": reference,
			"open_key": ("is", "set"),
		},
		fields=["detail", "who_acts", "attempts"],
	)


def spoil(vendor, mode: str, path: str, times: int | None = None) -> None:
	vendor.shipstation.hostile(mode, times, path=path, api_key=vendor.api_key)


# Sending


@pytest.mark.parametrize("mode", ["long_ids", "markup_ids", "path_ids", "null", "text"])
def test_an_order_whose_id_is_none_is_asked_for_by_its_key_and_the_others_go_on(connected, mode):
	first, second = two_orders(connected)
	spoil(connected, mode, CREATE, times=1)
	stats = connected.stats()
	assert stats["orders_pushed"] == 1
	assert [error.split(":")[0] for error in stats["push_errors"]] == [first]
	assert connected.record(first).status == "Outcome Unknown"
	assert connected.record(second).status == "Sent"
	stats = connected.stats()
	assert (stats["orders_pushed"], stats["push_errors"]) == (1, [])
	record = connected.record(first)
	remote = {remote["orderKey"]: str(remote["orderId"]) for remote in connected.remote_orders()}
	assert (record.status, record.shipstation_order_id) == ("Sent", remote[first])
	assert len(remote) == 2


def test_an_order_whose_id_stays_none_is_parked_and_an_issue_says_so(connected):
	first = order((connected.item, 1, 10)).name
	spoil(connected, "long_ids", CREATE, times=1)
	spoil(connected, "long_ids", ORDERS)
	connected.stats()
	for _attempt in range(5):
		assert connected.record(first).status == "Outcome Unknown"
		assert connected.stats()["push_errors"]
	failing_since_days(connected.record(first), 3)
	connected.stats()
	record = connected.record(first)
	assert (record.status, record.who_acts) == ("Failed", "Nobody")
	assert "cannot be read" in record.reason
	assert len(issues("push", record.name)) == 1
	second = order((connected.item, 1, 10)).name
	stats = connected.stats()
	assert stats["orders_pushed"] == 1
	[sentence] = stats["push_errors"]
	assert sentence == f"{first}: {record.reason}"
	assert connected.record(first).status == "Failed"
	assert connected.record(second).status == "Sent"
	assert connected.entry()["status"] == "connected"


def test_one_id_for_several_orders_is_stored_once(connected):
	first, second = two_orders(connected)
	connected.stats()
	taken = connected.record(first).shipstation_order_id
	assert taken != connected.record(second).shipstation_order_id
	third = order((connected.item, 1, 10)).name
	body = f'{{"orderId": {taken}, "orderKey": "{third}"}}'
	connected.shipstation.fault("malformed", path=CREATE, body=body)
	stats = connected.stats()
	assert [error.split(":")[0] for error in stats["push_errors"]] == [third]
	assert connected.record(third).status == "Outcome Unknown"
	connected.stats()
	assert connected.record(third).shipstation_order_id not in (taken, None)


def test_a_refusal_with_markup_is_one_line_of_text(connected):
	first, second = two_orders(connected)
	spoil(connected, "refusal_of_markup", CREATE, times=1)
	stats = connected.stats()
	assert connected.record(second).status == "Sent"
	for text in (stats["push_errors"][0], connected.record(first).reason):
		assert MARKUP in text
		assert len(text) < 700
		assert text.isprintable()


# Tracking


@pytest.mark.parametrize("mode", ["markup_numbers", "formula_numbers", "long_ids", "wrong_entries"])
def test_a_label_that_is_not_valid_is_reported_and_the_others_count(connected, mode):
	first, second = two_orders(connected)
	connected.stats()
	for name in (first, second):
		connected.shipstation.buy_label(connected.api_key, order_key=name)
	spoil(connected, mode, SHIPMENTS, times=1)
	stats = connected.stats()
	assert (stats["tracking_pulled"], bool(stats["pull_errors"])) == (0, True)
	assert connected.entry()["status"] == "connected"
	stats = connected.stats()
	assert (stats["tracking_pulled"], stats["pull_errors"]) == (2, [])


@pytest.mark.parametrize("mode", ["markup_codes", "far_times"])
def test_a_carrier_or_time_that_is_none_costs_no_number_and_is_reported(connected, mode):
	first, second = two_orders(connected)
	connected.stats()
	labels = [connected.shipstation.buy_label(connected.api_key, order_key=name) for name in (first, second)]
	spoil(connected, mode, SHIPMENTS, times=1)
	stats = connected.stats()
	assert (stats["tracking_pulled"], len(stats["pull_errors"])) == (2, 1)
	numbers = [connected.record(name).tracking_number for name in (first, second)]
	assert numbers == [label["trackingNumber"] for label in labels]
	stats = connected.stats()
	assert (stats["tracking_pulled"], stats["pull_errors"]) == (0, [])
	assert connected.record(first).carrier_code == "ups"


def test_a_strange_number_among_others_costs_its_own_order_only(connected):
	first, second = two_orders(connected)
	connected.stats()
	connected.shipstation.buy_label(connected.api_key, order_key=first, tracking_number=MARKUP)
	label = connected.shipstation.buy_label(connected.api_key, order_key=second)
	stats = connected.stats()
	assert stats["tracking_pulled"] == 1
	assert len(stats["pull_errors"]) == 1
	assert connected.record(first).tracking_number is None
	assert connected.record(second).tracking_number == label["trackingNumber"]


@pytest.mark.parametrize("mode", ["numbers_for_lists", "texts_for_lists"])
def test_an_answer_without_shipments_is_its_orders_failure(connected, mode):
	first = pushed(connected)
	spoil(connected, mode, SHIPMENTS)
	stats = connected.stats()
	assert (stats["tracking_pulled"], len(stats["pull_errors"])) == (0, 1)
	assert stats["pull_errors"][0].startswith(f"{first}: ")


@pytest.mark.parametrize("mode", ["deep_lists", "infinity"])
def test_an_answer_that_is_no_json_is_its_orders_failure(connected, mode):
	first = pushed(connected)
	spoil(connected, mode, SHIPMENTS)
	[sentence] = connected.stats()["pull_errors"]
	assert sentence.startswith(f"{first}: ")
	assert connected.entry()["status"] == "connected"
	assert connected.record(first).tracking_failures == 1
	connected.shipstation.clear_faults()
	assert connected.stats()["pull_errors"] == []
	assert connected.record(first).tracking_failures == 0


def test_pages_without_end_are_read_up_to_a_bound(connected):
	sales_order = pushed(connected)
	label = connected.shipstation.buy_label(connected.api_key, order_key=sales_order)
	connected.shipstation.set_limit(connected.api_key, 1000)
	spoil(connected, "endless_pages", SHIPMENTS)
	stats = connected.stats()
	assert connected.record(sales_order).tracking_number == label["trackingNumber"]
	assert any("more pages" in error for error in stats["pull_errors"])
	requests = [
		entry for entry in connected.shipstation.received(connected.api_key) if entry["path"] == SHIPMENTS
	]
	assert len(requests) <= 10


def test_of_thousands_of_labels_the_newest_are_kept(connected):
	sales_order = pushed(connected)
	first = connected.shipstation.buy_label(
		connected.api_key, order_key=sales_order, create_date="2026-11-01T00:00:00"
	)
	order_id = connected.record(sales_order).shipstation_order_id
	labels = [
		{
			"shipmentId": first["shipmentId"] + number,
			"orderId": int(order_id),
			"trackingNumber": f"1Z{number}",
			"carrierCode": "ups",
			"createDate": f"2026-11-02T{number % 24:02d}:00:00",
		}
		for number in range(1, 400)
	]
	page = frappe.as_json({"shipments": labels, "total": len(labels), "page": 1, "pages": 1})
	connected.shipstation.fault("malformed", times=None, path=SHIPMENTS, body=page)
	stats = connected.stats()
	assert any(f"more than {MAX_SHIPMENTS}" in error for error in stats["pull_errors"])
	record = connected.record(sales_order)
	assert len(record.shipments) == MAX_SHIPMENTS
	assert record.tracking_number == record.shipments[-1].tracking_number
	modified = record.modified
	connected.stats()
	assert connected.record(sales_order).modified == modified


# Carriers


def delivered_with(vendor, carrier: str) -> str | None:
	sales_order = pushed(vendor)
	note = deliver(sales_order)
	label = vendor.shipstation.buy_label(vendor.api_key, order_key=sales_order, carrier=carrier)
	vendor.stats()
	note = fresh(note)
	assert note.lr_no == label["trackingNumber"]
	assert vendor.record(sales_order).carrier_code == carrier
	return note.transporter or None


def test_a_carrier_that_is_no_code_stays_on_the_record_and_an_issue_says_so(connected, other_vendor):
	assert delivered_with(connected, other_vendor.supplier) is None
	assert frappe.db.get_value("Supplier", other_vendor.supplier, "is_transporter") == 0
	(issue,) = issues("carrier", connected.supplier)
	assert (issue.who_acts, other_vendor.supplier in issue.detail) == ("Administrator", True)


def test_a_carrier_never_becomes_a_supplier_that_is_something_else(connected, site):
	name = f"MGT_OTHER_{connected.item[-6:]}".replace("-", "_")
	records.supplier(name)
	records.supplier(f"Mgt_Spelled_{name[-6:]}", is_transporter=1)
	frappe.db.commit()
	assert delivered_with(connected, name.lower()) is None
	assert delivered_with(connected, f"mgt_spelled_{name[-6:].lower()}") is None


def test_a_transporter_of_the_administrators_own_is_taken(connected, site):
	name = f"MGT_CARRIER_{connected.item[-6:]}".replace("-", "_")
	records.supplier(name, is_transporter=1)
	frappe.db.commit()
	assert delivered_with(connected, name.lower()) == name


def test_medgrid_makes_no_more_than_a_few_carriers(connected, site):
	frappe.db.rollback()
	made = frappe.db.count("Supplier", {"supplier_details": carriers.MARK})
	names = [f"MGT_MANY_{number}" for number in range(carriers.MAX_CARRIERS - made)]
	for name in names:
		records.supplier(name, is_transporter=1, supplier_details=carriers.MARK)
	frappe.db.commit()
	try:
		assert delivered_with(connected, "one_too_many") is None
		assert not frappe.db.exists("Supplier", "ONE_TOO_MANY")
	finally:
		frappe.db.delete("Supplier", {"name": ("in", names)})
		frappe.db.commit()

"""`list_orders` and `export_orders`, over HTTP: a vendor sees their own orders, and nobody else's."""

import csv
import io

import frappe
import pytest

from medgrid.integrations.vendor_orders.selection import OrderFilter, select
from tests.support import records
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.vendors import deliver, order
from tests.support.waiting import wait_for_jobs

METHOD = "medgrid.integrations.list_orders"
FILE = "medgrid.integrations.export_orders"


def listed(vendor, **parameters) -> dict:
	return message(vendor.caller.get(METHOD, **parameters))


def names(vendor, **parameters) -> list[str]:
	return [entry["sales_order"] for entry in listed(vendor, **parameters)["orders"]]


def new_order(*lines, **values) -> str:
	"""A Sales Order whose records are made."""
	name = order(*lines, **values).name
	wait_for_jobs()
	frappe.db.rollback()
	return name


def set_record(vendor, sales_order: str, **values) -> None:
	write_values("ShipStation Order", vendor.record(sales_order).name, values)


def test_an_order_is_listed_from_the_moment_it_is_due(connected):
	name = new_order((connected.item, 2, 10))
	[entry] = listed(connected)["orders"]
	since = entry.pop("since")
	assert since[:2] == "20" and len(since) == 19
	assert entry == {
		"sales_order": name,
		"state": "waiting",
		"reason": None,
		"who_acts": "nobody",
		"attempts": 0,
		"next_attempt_at": None,
		"sent_at": None,
		"shipstation_order_id": None,
		"parcels": [],
		"delivery_note": None,
		"items": [
			{"item_code": connected.item, "item_name": f"{connected.item} Vitamin", "qty": 2.0, "uom": "Nos"}
		],
		"can_retry": False,
	}


def test_who_is_not_connected_sees_why_the_order_waits(vendor):
	new_order((vendor.item, 1, 10))
	[entry] = listed(vendor)["orders"]
	assert (entry["state"], entry["who_acts"]) == ("waiting", "vendor")
	assert entry["reason"] == f"{vendor.supplier} has not connected ShipStation."


def test_from_the_label_to_the_delivery_note(connected):
	name = new_order((connected.item, 1, 10))
	connected.stats()
	[entry] = listed(connected)["orders"]
	[remote] = connected.remote_orders()
	assert (entry["state"], entry["shipstation_order_id"]) == ("sent", str(remote["orderId"]))
	assert entry["sent_at"] and entry["parcels"] == []
	label = connected.shipstation.buy_label(connected.api_key, order_key=name)
	connected.stats()
	[entry] = listed(connected)["orders"]
	[parcel] = entry["parcels"]
	number = label["trackingNumber"]
	assert (entry["state"], parcel["tracking_number"], parcel["carrier"]) == ("shipped", number, "ups")
	assert parcel["tracking_url"] == f"https://www.ups.com/track?tracknum={number}"
	assert (parcel["service"], parcel["voided"]) == (label["serviceCode"], False)
	note = deliver(name)
	connected.stats()
	[entry] = listed(connected)["orders"]
	assert (entry["state"], entry["delivery_note"]) == ("delivered", note.name)


def test_numbers_of_release_0_1_are_parcels_too(connected):
	name = new_order((connected.item, 1, 10))
	set_record(connected, name, status="Shipped", tracking_number="1Z9", carrier_code="ups")
	[parcel] = listed(connected)["orders"][0]["parcels"]
	assert (parcel["tracking_number"], parcel["ship_date"]) == ("1Z9", None)


def test_nobody_sees_another_vendors_orders_or_rows(connected, other_vendor):
	shared = new_order((connected.item, 1, 10), (other_vendor.item, 7, 10))
	others = new_order((other_vendor.item, 1, 10))
	nobodys = records.item(f"{connected.item}-N", item_name="Nobody's")
	new_order((nobodys, 1, 10))
	answer = listed(connected)
	assert [entry["sales_order"] for entry in answer["orders"]] == [shared]
	assert [item["item_code"] for item in answer["orders"][0]["items"]] == [connected.item]
	assert (answer["total"], answer["counts"]["waiting"]) == (1, 1)
	# Not through the search either, before and after the order was sent.
	for _turn in range(2):
		assert names(connected, query=other_vendor.item) == []
		assert names(connected, query=others) == []
		assert names(connected, query=connected.item) == [shared]
		connected.stats()
	assert other_vendor.item not in connected.caller.get(FILE).text
	# Parameters that select a vendor do not exist.
	for name in ("supplier", "user", "connection"):
		assert names(connected, **{name: other_vendor.supplier}) == [shared]


@pytest.mark.parametrize("method", [METHOD, FILE])
def test_only_vendors_have_orders(customer, anonymous, manager, method):
	assert anonymous.get(method).status_code == 401
	for caller in (customer, manager):
		assert error(caller.get(method), 417, "ValidationError").startswith(
			"Your user belongs to no Supplier."
		)


def test_pages_are_newest_first_and_tell_the_total(connected):
	made = [new_order((connected.item, 1, 10)) for _number in range(5)]
	assert names(connected) == made[::-1]
	assert names(connected, limit_page_length=2) == made[:2:-1]
	assert names(connected, limit_start=2, limit_page_length=2) == [made[2], made[1]]
	assert names(connected, limit_start=5) == []
	assert listed(connected, limit_start=4, limit_page_length=2)["total"] == 5


def test_states_filter_and_are_counted(connected):
	waiting, failed, unknown, over = (new_order((connected.item, 1, 10)) for _number in range(4))
	sent = new_order((connected.item, 1, 10))
	connected.stats()
	for name, status in ((waiting, "Waiting"), (failed, "Failed"), (unknown, "Outcome Unknown")):
		set_record(connected, name, status=status, pushed_at=None)
	set_record(connected, over, status="Not Ours", pushed_at=None)
	assert names(connected) == [sent, unknown, failed, waiting]
	states = {"waiting": waiting, "failed": failed, "unknown": unknown, "sent": sent, "not_ours": over}
	for state, name in states.items():
		assert names(connected, state=state) == [name]
	counts = listed(connected)["counts"]
	assert counts == {
		"waiting": 1,
		"sending": 0,
		"unknown": 1,
		"sent": 1,
		"shipped": 0,
		"delivered": 0,
		"failed": 1,
		"cancelled": 0,
		"not_ours": 1,
		"sent_today": 1,
	}
	yesterday = frappe.utils.add_days(frappe.utils.now_datetime(), -1)
	set_record(connected, sent, pushed_at=yesterday)
	assert listed(connected)["counts"]["sent_today"] == 0


@pytest.mark.parametrize("state", ["Waiting", "all", "%", "waiting' or 1=1 -- "])
def test_a_state_that_does_not_exist_is_400(connected, state):
	assert "Parameter state is invalid" in error(
		connected.caller.get(METHOD, state=state), 400, "ValidationError"
	)


def test_orders_are_found_by_name_tracking_number_and_item(connected, site):
	first, second = (new_order((connected.item, 1, 10)) for _number in range(2))
	connected.stats()
	label = connected.shipstation.buy_label(connected.api_key, order_key=first)
	connected.stats()
	assert names(connected, query=label["trackingNumber"]) == [first]
	assert names(connected, query=label["trackingNumber"][4:12].lower()) == [first]
	assert names(connected, query=second) == [second]
	assert names(connected, query=f"  {second[-4:]} ".strip()) == [second]
	assert names(connected, query=connected.item.lower()) == [second, first]
	assert names(connected, query=f"{connected.item} Vitamin") == [second, first]
	assert names(connected, query="vitamin", state="shipped") == [first]
	assert (names(connected, query="no such thing"), listed(connected, query="x%_\\'")["total"]) == ([], 0)


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", '"', "[]"])
def test_what_is_special_to_the_database_is_nothing_special_in_a_search(connected, query):
	new_order((connected.item, 1, 10))
	assert names(connected, query=query) == []


def test_the_file_has_the_same_orders_and_no_formulas(connected):
	first, second = (new_order((connected.item, 1.0, 10)) for _number in range(2))
	set_record(connected, first, status="Failed", reason='=HYPERLINK("http://x")', who_acts="Wholesaler")
	answer = connected.caller.get(FILE)
	assert answer.status_code == 200
	assert answer.headers["Content-Type"].startswith("text/csv")
	assert "orders.csv" in answer.headers["Content-Disposition"]
	rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
	assert [row["Sales Order"] for row in rows] == [second, first]
	assert [row["Status"] for row in rows] == ["Waiting", "Failed"]
	assert (rows[1]["Reason"], rows[1]["Who acts"]) == ('\'=HYPERLINK("http://x")', "The wholesaler")
	assert rows[1]["Items"] == f"1 × {connected.item}"
	one = connected.caller.get(FILE, state="failed", query=first)
	assert one.content.decode("utf-8-sig").count("\r\n") == 2


def test_a_page_of_thousands_of_orders_reads_no_more_rows_than_it_shows(connected, site):
	new_order((connected.item, 1, 10))
	# What this costs is reading the counter itself, and one order.
	one = _rows_read_for_a_page(site, connected)
	_copy_records(site, connected, 2000)
	assert _rows_read_for_a_page(site, connected) <= one + 40


def _rows_read_for_a_page(site, vendor) -> int:
	before = _rows_read(site)
	select(OrderFilter(vendor.supplier), "name", offset=0, rows=20)
	return _rows_read(site) - before


def _rows_read(site) -> int:
	return sum(int(value) for _name, value in site.db.sql("show session status like 'Handler_read%'"))


def _copy_records(site, vendor, number: int) -> None:
	fields = ["name", "sales_order", "supplier", "status", "creation", "modified"]
	now = frappe.utils.now()
	rows = [
		(f"{vendor.supplier[-8:]}-{each}", f"OLD-{each}", vendor.supplier, "Delivered", "2020-01-01", now)
		for each in range(number)
	]
	site.db.bulk_insert("ShipStation Order", fields, rows)
	site.db.commit()

"""Labels of ShipStation, and those that are not valid."""

from datetime import datetime, timezone

import pytest
from pydantic import ValidationError

from medgrid.clients.shipstation.limits import PAGE_SIZE
from medgrid.clients.shipstation.shipments import Shipment, ShipmentPage, to_pacific


def shipment(**values):
	return Shipment.model_validate({"shipmentId": 1, "orderId": 2, "trackingNumber": "1Z", **values})


def test_shipstations_times_are_pacific_with_seven_digits_of_a_second():
	made = shipment(createDate="2026-11-21T18:03:04.1230000").createDate
	assert made.astimezone(timezone.utc) == datetime(2026, 11, 22, 2, 3, 4, 123000, tzinfo=timezone.utc)
	summer = shipment(createDate="2026-06-21T18:03:04").createDate
	assert summer.astimezone(timezone.utc).hour == 1


def test_a_time_for_shipstation_is_pacific():
	assert to_pacific(datetime(2026, 6, 18, 12, tzinfo=timezone.utc)) == "2026-06-18T05:00:00"


def test_a_shipment_that_makes_no_sense_does_not_spoil_the_others():
	good = {"shipmentId": 1, "orderId": 2, "trackingNumber": "1Z"}
	page = ShipmentPage.model_validate({"shipments": [good, {"shipmentId": None}, 7], "total": 3, "pages": 1})
	assert ([shipment.shipmentId for shipment in page.shipments], page.unreadable) == (["1"], 2)


def test_null_shipments_are_none_unless_the_total_says_otherwise():
	assert ShipmentPage.model_validate({"shipments": None, "total": 0}).shipments == []
	with pytest.raises(ValidationError):
		ShipmentPage.model_validate({"shipments": None, "total": 3})


def test_ids_are_text_whether_they_come_as_numbers_or_not():
	assert (shipment().shipmentId, shipment(shipmentId="9").shipmentId) == ("1", "9")


MARKUP = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
	"values",
	[
		{"shipmentId": "9" * 200},
		{"shipmentId": 0},
		{"orderId": "../../x"},
		{"trackingNumber": MARKUP},
		{"trackingNumber": "=cmd|'/c calc'!A1"},
		{"trackingNumber": "1" * 51},
		{"trackingNumber": "A\u0000B"},
		{"trackingNumber": ["1Z"]},
		{"voided": "perhaps"},
	],
)
def test_a_label_that_is_not_valid_is_none_and_counted(values):
	good = {"shipmentId": 1, "orderId": 2, "trackingNumber": "1Z"}
	page = ShipmentPage.model_validate({"shipments": [{**good, **values}, good]})
	assert (len(page.shipments), page.unreadable) == (1, 1)


@pytest.mark.parametrize(
	("values", "lacks"),
	[
		({"carrierCode": "<script>alert(2)</script>"}, True),
		({"carrierCode": "x" * 140}, True),
		({"carrierCode": ["ups"]}, True),
		({"carrierCode": ""}, False),
		({"carrierCode": None}, False),
		({"createDate": "9999-12-31T23:59:59"}, True),
		({"createDate": "0001-01-01T00:00:00"}, True),
		({"createDate": 5}, True),
		({"serviceCode": MARKUP}, True),
		({"shipDate": "9999-12-31"}, True),
		({"shipDate": "0000-00-00"}, True),
		({"shipDate": 5}, True),
		({"shipmentItems": "none"}, False),
		({"orderNumber": 7}, False),
	],
)
def test_an_unreadable_carrier_or_time_never_costs_the_number(values, lacks):
	page = ShipmentPage.model_validate({"shipments": [{"shipmentId": 1, "trackingNumber": "1Z", **values}]})
	[shipment] = page.shipments
	assert (page.unreadable, page.incomplete) == (0, int(lacks))
	assert shipment.trackingNumber == "1Z"
	assert getattr(shipment, next(iter(values))) is None


def test_what_is_in_a_parcel_is_known_by_row_or_not_at_all():
	items = [
		{"lineItemKey": "a", "quantity": 2},
		{"lineItemKey": "a", "quantity": 1},
		{"lineItemKey": None, "quantity": 5},
		{"lineItemKey": "b", "quantity": 0},
	]
	shipment = Shipment.model_validate({"shipmentId": 1, "shipmentItems": items})
	assert shipment.quantities() == {"a": 3}
	for nothing in (None, [], [{"sku": "a", "quantity": 1}]):
		assert Shipment.model_validate({"shipmentId": 1, "shipmentItems": nothing}).quantities() is None


@pytest.mark.parametrize("shipments", [5, "abc", {}, {"a": 1}, True])
def test_what_is_no_list_of_shipments_is_no_page(shipments):
	with pytest.raises(ValidationError):
		ShipmentPage.model_validate({"shipments": shipments})


def test_the_entries_beyond_a_page_are_counted_and_not_read():
	entries = [{"shipmentId": number} for number in range(1, PAGE_SIZE + 11)]
	page = ShipmentPage.model_validate({"shipments": entries, "pages": 99999999999})
	assert (len(page.shipments), page.unreadable, page.pages) == (PAGE_SIZE, 10, 99999999999)

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

from medgrid.clients.shipstation.models import (
	Address,
	OrderItem,
	OrderPayload,
	Shipment,
	ShipmentPage,
	to_pacific,
)

ADDRESS = {
	"name": "Clinic",
	"street1": "1 Main St",
	"city": "Chicago",
	"state": "IL",
	"postalCode": "60610",
	"country": "US",
	"phone": "",
}


def test_money_is_exact_inside_and_a_number_outside():
	item = OrderItem(lineItemKey="a", sku="b", name="c", quantity=2, unitPrice=Decimal("28.10"))
	assert item.unitPrice == Decimal("28.10")
	assert item.model_dump(mode="json")["unitPrice"] == 28.1


def test_the_payload_refuses_what_the_contract_does_not_have():
	with pytest.raises(ValidationError):
		Address(**ADDRESS, planet="Earth")
	with pytest.raises(ValidationError):
		Address(**{**ADDRESS, "country": "United States"})
	with pytest.raises(ValidationError):
		OrderPayload(
			orderNumber="A",
			orderKey="A",
			orderDate="2026-06-18",
			amountPaid=1,
			items=[],
			shipTo=ADDRESS,
			billTo=ADDRESS,
		)


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

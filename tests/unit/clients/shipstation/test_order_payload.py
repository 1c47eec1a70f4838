"""What MedGrid sends of an order."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from medgrid.clients.shipstation.order_payload import Address, OrderItem, OrderPayload

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

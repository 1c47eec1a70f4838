"""What a vendor's ShipStation gets. Contract: "Order Payload Structure", "Multi-Vendor Order Splitting"."""

from decimal import Decimal

import pytest

from medgrid.integrations.shipstation.payload import NothingToSend, payload_for
from medgrid.orders.lines import BundlePart
from medgrid.orders.problems import AddressIncomplete, DoesNotFit, FractionalQuantity
from tests.unit.orders.factories import address, line, order


def sent(made, supplier="Vendor", taken=()) -> dict:
	return payload_for(made, supplier, taken).model_dump(mode="json", exclude_none=True)


def test_the_contracts_example():
	second = line("row-2", item="OMEGA", item_name="Omega 3", quantity=1, unit_price="34", weight=Decimal(0))
	weight = {"value": 0.5, "units": "pounds"}
	first_item = {"sku": "VD3", "name": "Vitamin D3", "quantity": 2, "unitPrice": 28.5, "weight": weight}
	ship_to = {
		"name": "Clinic",
		"company": "Clinic",
		"street1": "1420 N Lake Shore Dr",
		"street2": "Suite 5",
		"city": "Chicago",
		"state": "IL",
		"postalCode": "60610",
		"country": "US",
		"phone": "+1 312 555 0142",
	}
	assert sent(order(line(), second)) == {
		"orderNumber": "SAL-1",
		"orderKey": "SAL-1",
		"orderDate": "2026-06-18",
		"orderStatus": "awaiting_shipment",
		"customerEmail": "buyer@example.com",
		"amountPaid": 91.0,
		"items": [
			{"lineItemKey": "row-1", **first_item},
			{"lineItemKey": "row-2", "sku": "OMEGA", "name": "Omega 3", "quantity": 1, "unitPrice": 34.0},
		],
		"shipTo": ship_to,
		"billTo": {**ship_to, "street1": "1 Main St"},
		"weight": {"value": 1.0, "units": "pounds"},
	}


def test_a_sales_unit_is_named_and_pieces_are_counted():
	case = line(
		quantity=10, unit_price="2.85", uom="Case", factor=Decimal(20), open_in_uom=Decimal("0.5"), number=1
	)
	(item,) = sent(order(case))["items"]
	assert (item["quantity"], item["unitPrice"]) == (10, 2.85)
	assert item["options"] == [{"name": "Sales unit", "value": "0.5 × Case of 20 Nos"}]


def test_what_is_in_a_product_bundle_is_named():
	parts = (BundlePart("VD3", Decimal("2.000"), "Nos"), BundlePart("OMEGA", Decimal("0.5"), ""))
	(item,) = sent(order(line(parts=parts)))["items"]
	assert item["options"] == [
		{"name": "Contains", "value": "2 Nos × VD3"},
		{"name": "Contains", "value": "0.5 × OMEGA"},
	]


def test_only_the_vendors_lines_go_with_the_vendors_share():
	made = order(line("a"), line("b", shipper="Other", quantity=1, unit_price="43"), total=Decimal("110"))
	assert [item["lineItemKey"] for item in sent(made)["items"]] == ["a"]
	assert (sent(made)["amountPaid"], sent(made, "Other")["amountPaid"]) == (62.7, 47.3)


def test_a_delivered_line_is_paid_for_and_not_sent_again():
	made = order(line("a"), line("b", quantity=0, ordered=1, unit_price=10))
	assert [item["lineItemKey"] for item in sent(made)["items"]] == ["a"]
	assert sent(made)["amountPaid"] == 67.0


def test_lines_that_another_vendor_was_sent_are_not_ours():
	made = order(line("a"), line("b"))
	assert [item["lineItemKey"] for item in sent(made, taken={"a"})["items"]] == ["b"]


@pytest.mark.parametrize(
	("made", "taken"),
	[
		(order(line(shipper="Other")), ()),
		(order(line(shipper=None)), ()),
		(order(line(quantity=0)), ()),
		(order(line("a")), {"a"}),
	],
)
def test_without_an_open_line_of_the_vendor_there_is_nothing_to_send(made, taken):
	with pytest.raises(NothingToSend):
		payload_for(made, "Vendor", taken)


@pytest.mark.parametrize(
	("shipping", "state", "postal_code"),
	[
		(address(country_code="HK", state="", postal_code=""), None, None),
		(address(country_code="GB", state="", postal_code="SW1A 1AA"), None, "SW1A 1AA"),
		(address(country_code="PR", state="", postal_code="00926"), "PR", "00926"),
		(address(state="Illinios"), "Illinios", "60610"),
		(address(state="Armed Forces Europe", city="APO", postal_code="09021"), "AE", "09021"),
		(address(country_code="SG", state="", postal_code="238801"), None, "238801"),
		(address(country_code="JP", state="Tokyo", postal_code="100-0014"), "Tokyo", "100-0014"),
	],
)
def test_a_state_and_a_postal_code_go_where_there_are_some(shipping, state, postal_code):
	target = sent(order(shipping=shipping))["shipTo"]
	assert (target.get("state"), target.get("postalCode")) == (state, postal_code)


def test_the_name_is_the_persons_and_the_company_only_a_companys():
	target = sent(order(shipping=address(recipient="Ann Lee", company="Clinic")))["shipTo"]
	assert (target["name"], target["company"]) == ("Ann Lee", "Clinic")
	person = sent(order(shipping=address(recipient="Ann Lee", company="")))["shipTo"]
	assert (person["name"], "company" in person) == ("Ann Lee", False)


def test_the_phone_is_the_first_that_can_be_read():
	shipping = address(phones=("front desk", "(312) 555-0142"))
	assert sent(order(shipping=shipping))["shipTo"]["phone"] == "(312) 555-0142"
	assert sent(order(shipping=address(phones=("front desk",))))["shipTo"]["phone"] == ""


def test_names_and_streets_fit_into_shipstations_fields():
	long = " ".join(["Hospital"] * 15)
	shipping = address(recipient=long, company=long, street=" ".join(["Lake"] * 48), street2="Suite 5")
	made = sent(order(line(item_name="Vitamin " * 30), shipping=shipping))
	target = made["shipTo"]
	assert len(target["name"]) <= 100 and len(target["company"]) <= 100
	assert [len(target[part]) <= 200 for part in ("street1", "street2", "street3")] == [True] * 3
	assert (target["street1"].count("Lake") + target["street2"].count("Lake"), target["street3"]) == (
		48,
		"Suite 5",
	)
	assert len(made["items"][0]["name"]) <= 200


@pytest.mark.parametrize(
	("made", "field"),
	[
		(order(line(item="X" * 101)), "sku"),
		(order(shipping=address(street="Lake " * 150)), "street3"),
	],
)
def test_what_cannot_be_shortened_is_refused_by_its_field(made, field):
	with pytest.raises(DoesNotFit) as raised:
		payload_for(made, "Vendor", ())
	assert field in raised.value.field


def test_the_vendor_reads_that_the_address_is_not_a_shipping_address():
	assert "internalNotes" not in sent(order())
	assert "no shipping address" in sent(order(ships_to_customer_address=True))["internalNotes"]


def test_no_phone_is_an_empty_one():
	assert sent(order(shipping=address(phones=())))["shipTo"]["phone"] == ""


@pytest.mark.parametrize(
	("made", "problem"),
	[
		(order(line(quantity="1.5")), FractionalQuantity),
		(order(shipping=address(city="")), AddressIncomplete),
		(order(name="X" * 51), DoesNotFit),
	],
)
def test_what_cannot_be_sent_says_why(made, problem):
	with pytest.raises(problem):
		payload_for(made, "Vendor", ())


def test_a_value_that_does_not_fit_is_named_by_its_field():
	with pytest.raises(DoesNotFit) as raised:
		payload_for(order(name="X" * 51), "Vendor", ())
	assert (raised.value.field, "at most 50" in raised.value.reason) == ("orderNumber", True)


@pytest.mark.parametrize(
	("currency", "amount", "total", "unit_price", "paid"),
	[
		("USD", "100", "100", 8.33, 100.0),
		("JPY", "1000", "1000", 83.0, 1000.0),
		("KWD", "1.285", "1.285", 0.107, 1.285),
	],
)
def test_amounts_have_the_currencys_decimal_places(currency, amount, total, unit_price, paid):
	made = sent(order(line(quantity=12, amount=amount), currency=currency, total=Decimal(total)))
	assert (made["items"][0]["unitPrice"], made["amountPaid"]) == (unit_price, paid)


def test_a_negative_line_of_the_house_makes_no_share_exceed_the_total():
	discount = line("b", shipper=None, quantity=1, unit_price="-99.99")
	assert (
		sent(order(line("a", quantity=1, unit_price=100), discount, total=Decimal("25.01")))["amountPaid"]
		== 25.01
	)

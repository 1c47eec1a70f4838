"""What Shopify's orderCreate gets. Contract: "sync_to_exoceuticals"."""

from dataclasses import replace
from decimal import Decimal

import pytest
from graphql import is_non_null_type
from pydantic import BaseModel

from medgrid.clients.shopify import order_inputs as models
from medgrid.exoceuticals.orders.lines import SelectedLines
from medgrid.exoceuticals.orders.payload import order_variables
from medgrid.orders.problems import (
	AddressIncomplete,
	DoesNotFit,
	FractionalQuantity,
	NegativeAmount,
	NoShippingAddress,
)
from medgrid.orders.taxes import OrderTaxes, TaxedRow
from tests.unit.orders.factories import address, line, order
from tests.unit.shopify_schema import input_fields_of

VARIANT = "gid://shopify/ProductVariant/1"


def sent(made, variant=VARIANT) -> dict:
	selection = SelectedLines(list(made.lines), {one.item: variant for one in made.lines}, [])
	return order_variables(made, selection, "Skydell").model_dump(mode="json", exclude_none=True)


def test_everything_that_is_needed_to_ship_is_sent():
	shipping = {
		"lastName": "Clinic",
		"company": "Clinic",
		"address1": "1420 N Lake Shore Dr",
		"address2": "Suite 5",
		"city": "Chicago",
		"provinceCode": "IL",
		"zip": "60610",
		"countryCode": "US",
		"phone": "+13125550142",
	}
	price = {"shopMoney": {"amount": "28.50", "currencyCode": "USD"}}
	assert sent(order(po_number="PO-7")) == {
		"order": {
			"sourceIdentifier": "SAL-1",
			"currency": "USD",
			"lineItems": [{"variantId": VARIANT, "quantity": 2, "priceSet": price, "requiresShipping": True}],
			"shippingAddress": shipping,
			"billingAddress": {**shipping, "address1": "1 Main St"},
			"tags": ["Skydell"],
			"note": "MedGrid Sales Order SAL-1",
			"poNumber": "PO-7",
			"email": "buyer@example.com",
			"phone": "+13125550199",
		},
		"options": {"inventoryBehaviour": "DECREMENT_OBEYING_POLICY", "sendReceipt": False},
	}


def test_what_is_not_there_is_left_out():
	bare = address(street2="", phones=())
	content = sent(order(email=None, phones=("front desk",), shipping=bare, billing=None))["order"]
	assert not {"poNumber", "email", "phone"} & content.keys()
	assert not {"address2", "phone"} & content["shippingAddress"].keys()
	assert content["billingAddress"] == content["shippingAddress"]


def test_the_name_is_the_persons_and_the_company_only_a_companys():
	target = sent(order(shipping=address(recipient="Ann Lee", company="")))["order"]["shippingAddress"]
	assert (target["lastName"], "company" in target) == ("Ann Lee", False)


def test_names_and_streets_fit_into_shopifys_fields():
	shipping = address(recipient="A " * 200, company="C " * 200, street="Lake " * 60, street2="Suite 5")
	target = sent(order(shipping=shipping))["order"]["shippingAddress"]
	assert all(len(target[part]) <= 255 for part in ("lastName", "company", "address1", "address2"))
	assert target["address2"].endswith("Suite 5")


def test_a_case_is_its_pieces():
	case = line(quantity=24, unit_price="10.00", uom="Case", factor=Decimal(12), open_in_uom=Decimal(2))
	(item,) = sent(order(case))["order"]["lineItems"]
	assert (item["quantity"], item["priceSet"]["shopMoney"]["amount"]) == (24, "10.00")


def test_a_row_whose_amount_does_not_divide_becomes_two_line_items_of_one_variant():
	items = sent(order(line(quantity=12, amount="100"), line("b")))["order"]["lineItems"]
	prices = [(item["quantity"], item["priceSet"]["shopMoney"]["amount"]) for item in items]
	assert prices == [(8, "8.33"), (4, "8.34"), (2, "28.50")]
	assert {item["variantId"] for item in items} == {VARIANT}


@pytest.mark.parametrize(("currency", "prices"), [("JPY", ["33", "34"]), ("KWD", ["33.333", "33.334"])])
def test_prices_have_the_currencys_decimal_places(currency, prices):
	items = sent(order(line(quantity=3, amount="100"), currency=currency))["order"]["lineItems"]
	money = [item["priceSet"]["shopMoney"] for item in items]
	assert [price["amount"] for price in money] == prices
	assert {price["currencyCode"] for price in money} == {currency}


@pytest.mark.parametrize(
	("shipping", "country", "province", "zip_code"),
	[
		(address(state="N.Y."), "US", "NY", "60610"),
		(address(country_code="PR", state="", postal_code="00926"), "US", "PR", "00926"),
		(address(country_code="CA", state="Québec", postal_code="H2X 1Y4"), "CA", "QC", "H2X 1Y4"),
		(address(country_code="HK", state="", postal_code=""), "HK", None, None),
		(address(country_code="DE", state="Bayern", postal_code="80331"), "DE", None, "80331"),
		(address(country_code="DE", state="NRW", postal_code="50667"), "DE", None, "50667"),
		(address(country_code="GU", state="", postal_code="96910"), "US", "GU", "96910"),
		(address(country_code="BR", state="São Paulo", postal_code="01310-100"), "BR", "SP", "01310-100"),
		(address(country_code="JP", state="Tokyo", postal_code="100-0014"), "JP", "JP-13", "100-0014"),
		(address(country_code="IN", state="Goa", postal_code="403001"), "IN", "GA", "403001"),
		(address(country_code="MX", state="Jalisco", postal_code="44100"), "MX", "JAL", "44100"),
		(address(country_code="AU", state="New South Wales", postal_code="2000"), "AU", "NSW", "2000"),
		(address(country_code="AE", city="Dubai", state="", postal_code=""), "AE", "DU", None),
	],
)
def test_places_are_shopifys(shipping, country, province, zip_code):
	target = sent(order(shipping=shipping))["order"]["shippingAddress"]
	assert (target["countryCode"], target.get("provinceCode"), target.get("zip")) == (
		country,
		province,
		zip_code,
	)


def test_the_first_number_that_can_be_read_is_the_phone():
	shipping = address(phones=("front desk", "(312) 555-0142 ext. 7"))
	assert sent(order(shipping=shipping))["order"]["shippingAddress"]["phone"] == "+13125550142"


@pytest.mark.parametrize(
	("made", "problem"),
	[
		(order(shipping_address="", shipping=None), NoShippingAddress),
		(order(shipping=address(state="Illinios")), AddressIncomplete),
		(order(shipping=address(country_code="MX", state="Tokyo")), AddressIncomplete),
		(order(line(quantity="0.5")), FractionalQuantity),
		(order(line(unit_price="-1")), NegativeAmount),
	],
)
def test_what_cannot_be_sent_says_why(made, problem):
	with pytest.raises(problem):
		sent(made)


def test_a_variant_that_is_no_gid_does_not_fit():
	with pytest.raises(DoesNotFit) as raised:
		sent(order(), variant="12345")
	assert raised.value.field == "variantId"


INPUTS = [
	model for model in vars(models).values() if isinstance(model, type) and issubclass(model, models.Input)
]
SHOPIFYS = [model for model in INPUTS if model not in (models.Input, models.OrderCreateVariables)]


@pytest.mark.parametrize("model", SHOPIFYS, ids=lambda model: model.__name__)
def test_our_inputs_are_shopifys(model: type[BaseModel]):
	fields = input_fields_of(model.__name__)
	assert model.model_fields.keys() <= fields.keys()
	needed = {name for name, field in fields.items() if is_non_null_type(field.type)}
	assert needed <= model.model_fields.keys()


TAXED = OrderTaxes(of_lines={1: {"State": Decimal("3.56"), "Fee: Delivery": Decimal("0.29")}})


def sent_with_taxes(made) -> dict:
	selection = SelectedLines(list(made.lines), {one.item: VARIANT for one in made.lines}, [])
	variables = order_variables(made, selection, "Skydell", with_taxes=True)
	return variables.model_dump(mode="json", exclude_none=True)["order"]


def test_taxes_go_on_the_order_if_the_setting_says_so():
	content = sent_with_taxes(order(taxes=TAXED))
	assert content["taxLines"] == [
		{
			"title": "State tax",
			"rate": "0.062456",
			"priceSet": {"shopMoney": {"amount": "3.56", "currencyCode": "USD"}},
		},
		{
			"title": "Delivery",
			"rate": "0.005088",
			"priceSet": {"shopMoney": {"amount": "0.29", "currencyCode": "USD"}},
		},
	]
	assert "taxesIncluded" not in content
	assert all("taxLines" not in one for one in content["lineItems"])


def test_no_tax_goes_otherwise():
	content = sent(order(taxes=TAXED))["order"]
	assert not {"taxLines", "taxesIncluded"} & content.keys()


def test_an_order_without_tax_has_no_tax_lines():
	content = sent_with_taxes(order())
	assert not {"taxLines", "taxesIncluded"} & content.keys()


def test_shopify_learns_that_prices_include_the_taxes():
	content = sent_with_taxes(order(taxes=replace(TAXED, are_included=True)))
	assert content["taxesIncluded"] is True


def test_a_tax_rows_description_becomes_one_line_that_is_never_empty():
	rows = (TaxedRow("VAT\n 19 %", Decimal(1)), TaxedRow(" ", Decimal(1)), TaxedRow("V" * 999, Decimal(1)))
	titles = [each["title"] for each in sent_with_taxes(order(taxes=OrderTaxes(rows=rows)))["taxLines"]]
	assert titles == ["VAT 19 %", "Tax", "V" * 255]


def test_of_prices_that_include_one_tax_and_not_the_other_both_taxes_are_told():
	taxes = OrderTaxes(rows=(TaxedRow("VAT", Decimal("5.70"), True), TaxedRow("Levy", Decimal("2.85"))))
	content = sent_with_taxes(order(line(amount="62.70", net_amount=Decimal(57)), taxes=taxes))
	assert [each["title"] for each in content["taxLines"]] == ["VAT", "Levy"]
	[item] = content["lineItems"]
	assert (item["quantity"], item["priceSet"]["shopMoney"]["amount"]) == (2, "28.50")
	assert "taxesIncluded" not in content
	[untold] = sent(order(line(amount="62.70", net_amount=Decimal(57)), taxes=taxes))["order"]["lineItems"]
	assert untold["priceSet"]["shopMoney"]["amount"] == "31.35"

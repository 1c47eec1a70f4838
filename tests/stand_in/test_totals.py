"""Rates, discounts, taxes and totals of a Sales Order.

Every expected amount was computed by ERPNext 15.71.1 itself, from the same order on a site of its own.
"""

import pytest

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in

ON_NET = ("On Net Total", {"rate": 8.875})
FIXED = ("Actual", {"account": make.FREIGHT, "tax_amount": 9.99})


@pytest.fixture
def gauze(site):
	return make.priced_item(12.35, weight_per_unit=0.5, weight_uom="Pound")


@pytest.fixture
def service(site):
	return make.priced_item(7, is_stock_item=0)


def order_of(gauze, service, rows=2, taxes=(), **values):
	"""3 gauze, 7 services and, as a third row, 1 gauze at a rate of its own."""
	lines = [{"item_code": gauze, "qty": 3}, {"item_code": service, "qty": 7}]
	if rows == 3:
		lines.append({"item_code": gauze, "qty": 1, "rate": 3.33})
	tax_rows = [make.tax(charge_type, **options) for charge_type, options in taxes]
	return make.sales_order(*lines, taxes=tax_rows, **values)


@pytest.mark.parametrize(
	("line", "expected"),
	[
		({}, (12.35, 12.35, 0, 0)),
		({"rate": 15}, (12.35, 15, -2.65, 2.65)),
		({"rate": 10}, (12.35, 10, 2.35, 0)),
		({"rate": 0}, (12.35, 12.35, 0, 0)),
		({"discount_percentage": 100}, (12.35, 0, 12.35, 0)),
		({"discount_amount": 2}, (12.35, 12.35, 0, 0)),
		({"price_list_rate": 20}, (20, 20, 0, 0)),
		({"price_list_rate": 20, "discount_percentage": 5}, (20, 19, 1, 0)),
		({"margin_type": "Percentage", "margin_rate_or_amount": 10}, (12.35, 13.58, 0.005, 10)),
		(
			{"margin_type": "Amount", "margin_rate_or_amount": 2, "discount_percentage": 10},
			(12.35, 12.92, 1.43, 2),
		),
	],
)
def test_rate_of_a_line_follows_from_list_price_discount_and_margin(gauze, line, expected):
	row = make.sales_order({"item_code": gauze, "qty": 2, **line}).items[0]
	amounts = (row.price_list_rate, row.rate, row.discount_amount, row.margin_rate_or_amount or 0)
	assert amounts == pytest.approx(expected)
	assert row.amount == pytest.approx(2 * row.rate)


def test_totals_add_up_the_lines(gauze, service):
	order = order_of(gauze, service)
	assert (order.total_qty, order.total, order.net_total, order.grand_total) == (10, 86.05, 86.05, 86.05)
	assert (order.rounded_total, order.rounding_adjustment, order.total_net_weight) == (86.05, 0, 1.5)
	assert order.in_words == "USD Eighty Six and Five Cent only."


def test_taxes_build_on_net_total_and_on_earlier_rows(gauze, service):
	taxes = [
		ON_NET,
		FIXED,
		("On Previous Row Amount", {"row_id": 2, "rate": 6}),
		("On Previous Row Total", {"row_id": 3, "rate": 1.5}),
	]
	order = order_of(gauze, service, taxes=taxes)
	assert [row.tax_amount for row in order.taxes] == [7.64, 9.99, 0.6, 1.56]
	assert [row.total for row in order.taxes] == [93.69, 103.68, 104.28, 105.84]
	assert (order.total_taxes_and_charges, order.grand_total) == (19.79, 105.84)


def test_tax_per_quantity(gauze, service):
	order = order_of(gauze, service, taxes=[("On Item Quantity", {"rate": 0.35})], disable_rounded_total=1)
	assert (order.total_taxes_and_charges, order.grand_total, order.rounded_total) == (3.5, 89.55, 0)


MIXED_TAXES = [
	ON_NET,
	FIXED,
	("On Previous Row Amount", {"row_id": 2, "rate": 6}),
	("On Previous Row Total", {"row_id": 1, "rate": 1.5}),
]


def test_discount_on_the_net_total_lowers_lines_and_taxes(gauze, service):
	discount = {"apply_discount_on": "Net Total", "additional_discount_percentage": 7.5}
	order = order_of(gauze, service, rows=3, taxes=MIXED_TAXES, **discount)
	assert (order.discount_amount, order.net_total, order.grand_total) == (6.7, 82.68, 101.96)
	assert [row.net_amount for row in order.items] == [34.27, 45.33, 3.08]
	assert [row.distributed_discount_amount for row in order.items] == [2.78, 3.67, 0.25]
	assert [row.tax_amount for row in order.taxes] == [7.34, 9.99, 0.6, 1.35]


def test_discount_on_the_grand_total_spares_fixed_charges(gauze, service):
	order = order_of(gauze, service, rows=3, taxes=MIXED_TAXES, discount_amount=5.01)
	assert (order.apply_discount_on, order.net_total, order.grand_total) == ("Grand Total", 84.85, 104.35)
	assert [row.net_amount for row in order.items] == [35.17, 46.52, 3.16]
	assert [row.tax_amount for row in order.taxes] == [7.93, 9.99, 0.6, 1.46]
	assert [row.tax_amount_after_discount_amount for row in order.taxes] == [7.53, 9.99, 0.6, 1.39]


def test_discount_without_taxes_is_shared_to_the_cent(gauze, service):
	order = order_of(gauze, service, rows=3, discount_amount=5.01)
	assert [row.net_amount for row in order.items] == [34.97, 46.26, 3.14]
	assert order.grand_total == 84.37 == pytest.approx(sum(row.net_amount for row in order.items))


def test_tax_that_the_rates_include_comes_out_of_the_net_amounts(gauze, service):
	taxes = [
		("On Net Total", {"rate": 8.875, "included_in_print_rate": 1}),
		("On Previous Row Total", {"row_id": 1, "rate": 2, "included_in_print_rate": 1}),
		FIXED,
	]
	order = order_of(gauze, service, taxes=taxes)
	assert (order.total, order.net_total, order.grand_total) == (86.05, 77.48, 96.04)
	assert [row.tax_amount for row in order.taxes] == [6.88, 1.69, 9.99]


def test_discount_with_included_tax(gauze, service):
	taxes = [("On Net Total", {"rate": 8.875, "included_in_print_rate": 1})]
	order = order_of(gauze, service, taxes=taxes, discount_amount=3.1)
	assert (order.net_total, order.grand_total) == (76.19, 82.95)
	assert [row.net_amount for row in order.items] == [32.8, 43.39]


def test_foreign_currency_has_amounts_in_the_companys(site):
	price_list = make.insert("Price List", price_list_name=make.unique("EU"), selling=1, currency="EUR").name
	item = make.item()
	make.price(item, 10, price_list=price_list)
	order = make.sales_order(
		{"item_code": item, "qty": 3},
		currency="EUR",
		conversion_rate=1.1,
		selling_price_list=price_list,
		plc_conversion_rate=1.1,
		taxes=[make.tax("On Net Total", rate=8.875)],
	)
	assert (order.net_total, order.total_taxes_and_charges, order.grand_total) == (30, 2.66, 32.66)
	assert (order.base_net_total, order.base_grand_total) == (33, 35.93)
	assert order.items[0].base_rate == 11


def test_larger_unit_costs_its_content(site):
	item = make.priced_item(12.35, uoms=[{"uom": "Box", "conversion_factor": 10}])
	row = make.sales_order({"item_code": item, "qty": 2, "uom": "Box"}).items[0]
	assert (row.stock_qty, row.price_list_rate, row.amount, row.stock_uom_rate) == (20, 123.5, 247, 12.35)

"""How much: prices, discounts, included taxes, rounding, exemptions, fees. Figures are worked out by hand."""

import pytest

from tests.support.vertex import (
	CHICAGO,
	CORAL_GABLES,
	DENVER,
	MESA,
	MONTREAL,
	SAN_DIEGO,
	SEATTLE,
	freight,
	goods,
	sale,
)

OFF_7 = {"discountType": "DiscountAmount", "discountValue": 7}
OFF_10_PERCENT = {"discountType": "DiscountPercent", "discountValue": 10}
FEE = "Retail Delivery Fee"


def taxes_of(data, number=1):
	"""The amounts of a line's taxes."""
	line = next(line for line in data["lineItems"] if line["lineItemNumber"] == number)
	return [tax["calculatedTax"] for tax in line["taxes"]]


def fees_of(data):
	"""Line number and amount of each fee."""
	return [
		(line["lineItemNumber"], tax["calculatedTax"])
		for line in data["lineItems"]
		for tax in line["taxes"]
		if tax["imposition"]["value"] == FEE
	]


# 6.25, 1.75, 1.25 and 1.0 % in Chicago; 6, 0.25, 0.5 and 1 % in San Diego.
@pytest.mark.parametrize(
	("destination", "price", "taxes"),
	[
		(CHICAGO, 57.0, [3.56, 1.0, 0.71, 0.57]),
		(CHICAGO, -57.0, [-3.56, -1.0, -0.71, -0.57]),
		(CHICAGO, 0.0, [0.0, 0.0, 0.0, 0.0]),
		(CHICAGO, 0.01, [0.0, 0.0, 0.0, 0.0]),
		# 0.00625, 0.00175, 0.00125, 0.001
		(CHICAGO, 0.1, [0.01, 0.0, 0.0, 0.0]),
		# 0.285 is halfway: 0.29, and away from zero on the other side.
		(SAN_DIEGO, 57.0, [3.42, 0.14, 0.29, 0.57]),
		(SAN_DIEGO, -57.0, [-3.42, -0.14, -0.29, -0.57]),
		(SAN_DIEGO, 1000000000000, [6e10, 2.5e9, 5e9, 1e10]),
	],
)
def test_each_tax_is_rounded_half_up_and_a_return_taxes_back_what_was_taxed(
	caller, destination, price, taxes
):
	data = caller.calculate(sale(destination, goods(price)))
	assert taxes_of(data) == taxes
	assert data["totalTax"] == data["lineItems"][0]["totalTax"] == round(sum(taxes), 2)
	assert data["total"] == round(price + sum(taxes), 2)


@pytest.mark.parametrize(
	("line", "price"),
	[
		({"extendedPrice": 57}, 57.0),
		({"extendedPrice": 57, "quantity": {"value": 3}, "unitPrice": 100}, 57.0),
		({"quantity": {"value": 3}, "unitPrice": 19}, 57.0),
		({"quantity": {"value": -3}, "unitPrice": 19}, -57.0),
		({"quantity": {"value": 0}, "unitPrice": 19}, 0.0),
		({"unitPrice": 19}, 19.0),
		({"quantity": {"value": 3}, "unitPrice": 0.333333}, 1.0),
		({"quantity": {"value": 1.5}, "unitPrice": 0.01}, 0.02),
	],
)
def test_a_price_is_the_extended_price_else_quantity_times_unit_price(caller, line, price):
	data = caller.calculate(sale(MESA, line))
	assert (data["lineItems"][0]["extendedPrice"], data["subTotal"]) == (price, price)


# Mesa: 5.6, 0.7 and 2.0 %.
@pytest.mark.parametrize(
	("line", "taxes", "sub_total", "total"),
	[
		(goods(57.0, discount=OFF_7), [2.8, 0.35, 1.0], 50.0, 54.15),
		(goods(57.0, discount=OFF_10_PERCENT), [2.87, 0.36, 1.03], 51.3, 55.56),
		(goods(-57.0, discount=OFF_7), [-2.8, -0.35, -1.0], -50.0, -54.15),
		(goods(-57.0, discount={**OFF_7, "discountValue": -7}), [-2.8, -0.35, -1.0], -50.0, -54.15),
		(goods(-57.0, discount=OFF_10_PERCENT), [-2.87, -0.36, -1.03], -51.3, -55.56),
		(goods(57.0, discount={**OFF_7, "discountValue": 57}), [0.0, 0.0, 0.0], 0.0, 0.0),
	],
)
def test_a_lines_discount_is_taken_off_before_the_tax(caller, line, taxes, sub_total, total):
	data = caller.calculate(sale(MESA, line))
	assert taxes_of(data) == taxes
	assert (data["subTotal"], data["total"]) == (sub_total, total)
	assert data["lineItems"][0]["discount"] == line["discount"]


def test_the_documents_discount_is_spread_over_the_lines(caller):
	# 6.90 of 69.00: the lines are 51.30 and 10.80. Seattle: 6.5, 2.45 and 1.4 %.
	discount = {"discountType": "DiscountAmount", "discountValue": 6.9}
	data = caller.calculate(sale(SEATTLE, goods(57.0), freight(12.0), discount=discount))
	assert (taxes_of(data, 1), taxes_of(data, 2)) == ([3.33, 1.26, 0.72], [0.7, 0.26, 0.15])
	assert (data["subTotal"], data["totalTax"], data["total"]) == (62.1, 6.42, 68.52)


def test_what_the_spreading_leaves_over_is_the_largest_lines(caller):
	# 1.00 over three lines: 0.33 each, and one cent more of the line of 10.02. Coral Gables: 6 and 1 %.
	discount = {"discountType": "DiscountAmount", "discountValue": 1}
	lines = [goods(10.0), goods(10.02), goods(10.0)]
	data = caller.calculate(sale(CORAL_GABLES, *lines, discount=discount))
	assert [line["taxes"][0]["taxable"] for line in data["lineItems"]] == [9.67, 9.68, 9.67]
	assert (data["subTotal"], data["totalTax"]) == (29.02, 2.04)


@pytest.mark.parametrize(
	("destination", "line", "taxes", "sub_total", "total"),
	[
		# 108.30 is 100.00 and 8.3 %.
		(MESA, goods(108.3), [5.6, 0.7, 2.0], 100.0, 108.3),
		# 57 / 1.083 = 52.6316: 2.9474, 0.3684, 1.0526.
		(MESA, goods(57.0), [2.95, 0.37, 1.05], 52.63, 57.0),
		(MESA, goods(-57.0), [-2.95, -0.37, -1.05], -52.63, -57.0),
		(MESA, goods(115.3, discount=OFF_7), [5.6, 0.7, 2.0], 100.0, 108.3),
		# Nothing is in the price of what is not taxed.
		(CHICAGO, freight(12.0), [], 12.0, 12.0),
		(MESA, goods(57.0, product={"productClass": "RX"}), [0.0, 0.0, 0.0], 57.0, 57.0),
		# 69.05 / 1.0881 = 63.4592: 1.8403, 3.0524, 0.6981; the fee is in the total, too.
		(DENVER, goods(69.05), [1.84, 3.05, 0.7, 0.29], 63.17, 69.05),
	],
)
def test_prices_that_include_the_tax_stay_what_is_paid(caller, destination, line, taxes, sub_total, total):
	data = caller.calculate(sale(destination, {**line, "taxIncludedIndicator": True}))
	assert taxes_of(data) == taxes
	assert (data["subTotal"], data["total"]) == (sub_total, total)
	assert data["totalTax"] == round(sum(taxes), 2)


def test_prices_with_and_without_tax_in_one_document(caller):
	data = caller.calculate(sale(MESA, goods(108.3, taxIncludedIndicator=True), goods(100.0)))
	assert (data["subTotal"], data["totalTax"], data["total"]) == (200.0, 16.6, 216.6)


@pytest.mark.parametrize(
	("by_line", "taxes"),
	# Two hundred times 0.01 are 2.00: 0.125, 0.035, 0.025, 0.02.
	[(True, [0.0, 0.0, 0.0, 0.0]), (False, [0.13, 0.04, 0.03, 0.02])],
)
def test_two_hundred_lines_of_a_cent_are_rounded_by_line_or_by_document(caller, by_line, taxes):
	data = caller.calculate(sale(CHICAGO, *[goods(0.01)] * 200, roundAtLineLevel=by_line))
	assert taxes_of(data, 1) == taxes
	assert taxes_of(data, 200) == [0.0, 0.0, 0.0, 0.0]
	assert (data["totalTax"], data["total"]) == (round(sum(taxes), 2), round(2 + sum(taxes), 2))


@pytest.mark.parametrize(
	("by_line", "goods_taxes", "total_tax"),
	# Quebec: 5.68575 and 1.197. By line 5.69 + 1.20 = 6.89; by document 6.88275 is 6.88.
	[(True, [2.85, 5.69], 10.34), (False, [2.85, 5.68], 10.33)],
)
def test_the_difference_of_rounding_is_the_largest_lines(caller, by_line, goods_taxes, total_tax):
	data = caller.calculate(sale(MONTREAL, freight(12.0), goods(57.0), roundAtLineLevel=by_line))
	assert (taxes_of(data, 2), taxes_of(data, 1)) == (goods_taxes, [0.6, 1.2])
	assert data["totalTax"] == total_tax


def test_rounding_is_by_document_unless_the_request_says_otherwise(caller):
	request = sale(MONTREAL, goods(57.0), freight(12.0))
	del request["roundAtLineLevel"]
	assert caller.calculate(request)["totalTax"] == 10.33


@pytest.mark.parametrize("product_class", ["RX", "MEDICAL-EXEMPT"])
def test_what_is_not_taxed_says_so(caller, product_class):
	line = goods(57.0, product={"productClass": product_class})
	[answered] = caller.calculate(sale(CHICAGO, line))["lineItems"]
	assert answered["totalTax"] == 0
	for tax in answered["taxes"]:
		assert (tax["taxResult"], tax["nonTaxable"], tax["taxable"], tax["exempt"]) == (
			"NONTAXABLE",
			57.0,
			0,
			0,
		)


@pytest.mark.parametrize(
	"customer",
	[
		{"isTaxExempt": True},
		{"exemptionCertificate": {"exemptionCertificateNumber": "E-1"}},
		{"isTaxExempt": False, "exemptionCertificate": {"exemptionCertificateNumber": "E-1"}},
	],
)
@pytest.mark.parametrize("destination", [CHICAGO, DENVER])
def test_an_exempt_customer_pays_nothing_and_the_number_of_a_certificate_is_enough(
	caller, customer, destination
):
	request = sale(destination, goods(57.0), customer={"destination": destination, **customer})
	data = caller.calculate(request)
	assert (data["totalTax"], data["total"]) == (0.0, 57.0)
	for tax in data["lineItems"][0]["taxes"]:
		assert (tax["taxResult"], tax["exempt"], tax["taxable"], tax["nonTaxable"]) == ("EXEMPT", 57.0, 0, 0)


def test_a_customer_who_is_not_exempt_is_taxed(caller):
	customer = {"destination": CHICAGO, "isTaxExempt": False}
	assert caller.calculate(sale(CHICAGO, goods(57.0), customer=customer))["totalTax"] == 5.84


@pytest.mark.parametrize(
	("states", "chicago", "mesa", "montreal"),
	[
		(None, 5.84, 4.73, 8.54),
		(["IL"], 5.84, 0.0, 0.0),
		(["AZ", "QC"], 0.0, 4.73, 8.54),
		([], 0.0, 0.0, 0.0),
	],
)
def test_a_company_takes_taxes_where_it_is_registered(caller, control, states, chicago, mesa, montreal):
	control.add_company("OTHER", states)
	seller = {"company": "OTHER"}
	for destination, tax in ((CHICAGO, chicago), (MESA, mesa), (MONTREAL, montreal)):
		data = caller.calculate(sale(destination, goods(57.0), seller=seller))
		assert data["totalTax"] == tax
		for entry in data["lineItems"][0]["taxes"]:
			assert entry.get("notRegisteredIndicator", False) is (tax == 0)
			assert entry["taxResult"] == ("NO_TAX" if tax == 0 else "TAXABLE")


def test_a_company_that_nobody_added_is_refused(caller):
	answer = caller.supplies(sale(CHICAGO, goods(57.0), seller={"company": "NOBODY"}))
	assert answer.status_code == 400
	assert "NOBODY" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
	("lines", "fees"),
	[
		([goods(57.0)], [(1, 0.29)]),
		([goods(57.0), goods(10.0), freight(12.0)], [(1, 0.29)]),
		([freight(12.0), goods(57.0)], [(1, 0.29)]),
		([goods(0.01)], [(1, 0.29)]),
		([goods(-57.0), goods(58.0)], [(1, 0.29)]),
		([goods(0.0)], []),
		([goods(-57.0)], []),
		([goods(57.0), goods(-57.0)], []),
	],
)
def test_a_fee_is_due_once_per_document_with_a_total_above_nothing(caller, lines, fees):
	data = caller.calculate(sale(DENVER, *lines))
	assert fees_of(data) == fees
	assert data["totalTax"] == round(sum(line["totalTax"] for line in data["lineItems"]), 2)


def test_a_fee_is_flat_and_its_jurisdiction_is_the_state(caller):
	fee = caller.calculate(sale(DENVER, goods(57.0)))["lineItems"][0]["taxes"][-1]
	assert (fee["taxStructure"], fee["effectiveRate"], fee["calculatedTax"]) == ("FLAT_TAX", 0.0, 0.29)
	assert (fee["jurisdiction"]["jurisdictionType"], fee["jurisdiction"]["value"]) == ("STATE", "COLORADO")


def test_a_fee_is_of_the_first_line_that_goes_there(caller):
	to_denver = {"customer": {"destination": DENVER}}
	data = caller.calculate(sale(CHICAGO, goods(57.0), goods(5.0, **to_denver), goods(6.0, **to_denver)))
	assert fees_of(data) == [(2, 0.29)]


def test_a_seller_who_is_not_registered_takes_no_fee(caller, control):
	control.add_company("OTHER", ["AZ"])
	assert fees_of(caller.calculate(sale(DENVER, goods(57.0), seller={"company": "OTHER"}))) == []


def test_all_sums_are_exact_for_a_thousand_lines(caller):
	# 28.57 in Chicago: 1.785625, 0.499975, 0.357125, 0.2857 are 1.79, 0.50, 0.36, 0.29.
	data = caller.calculate(sale(CHICAGO, *[goods(28.57)] * 1000))
	assert taxes_of(data, 500) == [1.79, 0.5, 0.36, 0.29]
	assert (data["subTotal"], data["totalTax"], data["total"]) == (28570.0, 2940.0, 31510.0)


def test_the_answer_gives_the_requests_members_back(caller):
	line = goods(57.0, lineItemNumber=7, lineItemId="row-7", quantity={"value": 2}, unitPrice=28.5)
	request = sale(CHICAGO, line, documentNumber="SINV-1", documentDate="2026-11-25")
	data = caller.calculate(request)
	assert {
		name: data[name] for name in ("saleMessageType", "transactionType", "documentNumber", "currency")
	} == {
		name: request[name] for name in ("saleMessageType", "transactionType", "documentNumber", "currency")
	}
	assert {name: data["lineItems"][0][name] for name in line} == line


def test_lines_without_numbers_are_numbered_and_have_only_the_ids_that_were_sent(caller):
	data = caller.calculate(sale(CHICAGO, goods(1.0), goods(2.0, lineItemId="b")))
	assert [line["lineItemNumber"] for line in data["lineItems"]] == [1, 2]
	assert ["lineItemId" in line for line in data["lineItems"]] == [False, True]


def test_a_document_without_a_date_is_of_today(caller, control):
	control.set_clock("2026-02-28T23:59:00Z")
	caller.sign_in()
	assert caller.calculate(sale(CHICAGO, goods(1.0)))["documentDate"] == "2026-02-28"

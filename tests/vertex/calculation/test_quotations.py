"""`shopify_tax_calculate`: exact sums, and an Issue for everything else."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.support import vertex as places
from tests.support.connector import CLIENT_ID, issue
from tests.support.http import message

SUPPLIES, TOKEN = "/vertex-ws/v2/supplies", "/oauth/token"
GOODS = {"id": "1", "product": "VD3", "quantity": 2, "unitPrice": 28.5}
FREIGHT = {"id": "ship-1", "title": "Ground", "price": 12.0}
# The figures of docs/api.md for goods of 57.00 and freight of 12.00.
FIGURES = [
	("CHICAGO", {"State tax": 3.56, "County tax": 1.0, "City tax": 0.71, "District tax": 0.57}, 5.84, 74.84),
	("MESA", {"State tax": 3.19, "County tax": 0.4, "City tax": 1.14}, 4.73, 73.73),
	("SEATTLE", {"State tax": 4.49, "City tax": 1.69, "District tax": 0.97}, 7.15, 76.15),
	("ASHEVILLE", {"State tax": 3.28, "County tax": 1.55}, 4.83, 73.83),
	("CORAL_GABLES", {"State tax": 3.42, "County tax": 0.57}, 3.99, 72.99),
	("SAN_DIEGO", {"State tax": 3.42, "County tax": 0.14, "District tax": 0.86}, 4.42, 73.42),
	("NEW_YORK", {"State tax": 2.76, "City tax": 3.11, "District tax": 0.26}, 6.13, 75.13),
	(
		"DENVER",
		{"State tax": 1.65, "City tax": 2.74, "District tax": 0.63, "Retail Delivery Fee": 0.29},
		5.31,
		74.31,
	),
	("PORTLAND", {}, 0, 69.0),
	("SAN_JUAN", {"State tax": 7.25, "City tax": 0.69}, 7.94, 76.94),
	("TORONTO", {"Country tax": 3.45, "State tax": 5.52}, 8.97, 77.97),
	("VANCOUVER", {"Country tax": 3.45, "State tax": 4.83}, 8.28, 77.28),
	("MONTREAL", {"Country tax": 3.45, "State tax": 6.89}, 10.34, 79.34),
]


def calculated(shop, **changes):
	answer = message(shop.call("shopify_tax_calculate", **shop.sale(**changes)))
	assert_exact(answer)
	return answer


def exact(values) -> Decimal:
	return sum((Decimal(str(value)) for value in values), Decimal(0))


def assert_exact(answer) -> None:
	lines = [*answer["lineItems"], *answer["shipping"]]
	total_tax = exact([answer["totalTax"]])
	assert exact(line["price"] for line in answer["taxLines"]) == total_tax
	assert exact(line["totalTax"] for line in lines) == total_tax
	for line in lines:
		assert exact(tax["tax"] for tax in line["taxes"]) == exact([line["totalTax"]])
	assert exact([answer["subTotal"], answer["totalTax"]]) == exact([answer["total"]])


@pytest.mark.parametrize(("place", "levels", "tax", "total"), FIGURES)
def test_each_tax_area_has_its_taxes(complete_shop, place, levels, tax, total):
	answer = calculated(
		complete_shop, destination=getattr(places, place), lineItems=[GOODS], shipping=[FREIGHT]
	)
	assert {line["title"]: line["price"] for line in answer["taxLines"]} == levels
	assert (answer["subTotal"], answer["totalTax"], answer["total"]) == (69.0, tax, total)


PLACES = [place for place, _levels, _tax, _total in FIGURES]
# What Denver takes once per document, whatever is sold, and does not give back.
FEE = {"DENVER": Decimal("0.29")}
CENTS = [{"id": str(number), "extendedPrice": 0.01} for number in range(200)]


@pytest.mark.parametrize("place", PLACES)
def test_each_tax_area_adds_up_with_discounts_returns_and_many_cents(complete_shop, place):
	def taxed(**changes):
		return calculated(complete_shop, destination=getattr(places, place), **changes)

	goods, freight = {**GOODS, "discount": 7.01}, {**FREIGHT, "discount": 2.5}
	sold = taxed(lineItems=[goods], shipping=[freight])
	assert sold["subTotal"] == 59.49
	returned = taxed(
		lineItems=[{**goods, "quantity": -2}], shipping=[{**freight, "price": -12.0, "discount": 2.5}]
	)
	assert returned["subTotal"] == -59.49
	assert exact([returned["totalTax"]]) == -(exact([sold["totalTax"]]) - FEE.get(place, 0))
	assert taxed(lineItems=CENTS)["subTotal"] == 2.0
	exempt = taxed(lineItems=[goods], shipping=[freight], customer={"isTaxExempt": True})
	assert exact([exempt["totalTax"]]) in (0, FEE.get(place, 0))


def test_the_answer_has_the_members_of_the_design(complete_shop):
	answer = calculated(complete_shop, documentNumber="#1001", documentDate="2026-11-25", shipping=[FREIGHT])
	assert list(answer) == [
		"shop",
		"saleMessageType",
		"documentNumber",
		"transactionId",
		"documentDate",
		"currency",
		"subTotal",
		"totalTax",
		"total",
		"lineItems",
		"shipping",
		"taxLines",
	]
	assert (answer["shop"], answer["saleMessageType"], answer["transactionId"]) == (
		complete_shop.domain,
		"QUOTATION",
		None,
	)
	assert answer["taxLines"][0] == {"title": "State tax", "rate": 0.0625, "price": 3.56}
	assert answer["lineItems"][0]["taxes"][0] | {"jurisdictionId": "…"} == {
		"level": "State",
		"jurisdiction": "ILLINOIS",
		"jurisdictionType": "STATE",
		"jurisdictionId": "…",
		"imposition": "Sales and Use Tax",
		"taxResult": "TAXABLE",
		"taxable": 57,
		"nonTaxable": 0,
		"exempt": 0,
		"rate": 0.0625,
		"tax": 3.56,
	}


def test_a_discount_is_taken_off_before_the_tax(complete_shop):
	answer = calculated(complete_shop, lineItems=[{**GOODS, "discount": 7.0}])
	assert (answer["subTotal"], answer["totalTax"]) == (50.0, 5.14)


def test_what_is_returned_gives_back_exactly_what_was_taxed(complete_shop):
	sold = calculated(complete_shop, lineItems=[{**GOODS, "discount": 7.0}])
	returned = calculated(complete_shop, lineItems=[{**GOODS, "quantity": -2, "discount": 7.0}])
	assert (returned["subTotal"], returned["totalTax"]) == (-sold["subTotal"], -sold["totalTax"])


@pytest.mark.parametrize("customer", [{"isTaxExempt": True}, {"exemptionCertificateNumber": "IL-1"}])
def test_an_exempt_customer_pays_none(complete_shop, customer):
	answer = calculated(complete_shop, customer={"code": "C-1", **customer})
	assert (answer["totalTax"], answer["taxLines"]) == (0, [])


def test_two_hundred_lines_of_a_cent(complete_shop):
	lines = [{"id": str(number), "extendedPrice": 0.01} for number in range(200)]
	assert calculated(complete_shop, lineItems=lines)["subTotal"] == 2.0


def test_prices_that_include_tax_keep_their_total(complete_shop):
	answer = calculated(complete_shop, pricesIncludeTax=True, lineItems=[{"id": "1", "extendedPrice": 62.84}])
	assert answer["total"] == 62.84
	assert answer["totalTax"] > 0


def test_a_territory_is_a_division_of_the_united_states(complete_shop, vertex):
	destination = {"city": "San Juan", "postalCode": "00901", "country": "PR"}
	answer = calculated(complete_shop, destination=destination)
	assert answer["taxLines"][0]["title"] == "State tax"
	sent = vertex.received(path=SUPPLIES)[-1]["body"]["customer"]["destination"]
	assert (sent["country"], sent["mainDivision"]) == ("US", "PR")


@pytest.mark.parametrize("kind", ["deferred", "seller_pays"])
def test_what_the_buyer_does_not_pay_is_left_out(complete_shop, vertex, kind):
	vertex.fault(kind, path=SUPPLIES)
	answer = calculated(complete_shop)
	assert [line["title"] for line in answer["taxLines"]] == ["County tax", "City tax", "District tax"]
	assert answer["totalTax"] == 2.28


def test_lines_in_another_order_keep_their_ids(complete_shop, vertex):
	lines = [{"id": "a", "extendedPrice": 100.0}, {"id": "b", "extendedPrice": 1.0}]
	straight = calculated(complete_shop, lineItems=lines)
	vertex.fault("reversed_lines", path=SUPPLIES)
	assert calculated(complete_shop, lineItems=lines) == straight


WRONG = [
	({"lineItems": []}, "lineItems must not be empty."),
	({"lineItems": [{**GOODS, "unitPrice": "28.5"}]}, "lineItems[0].unitPrice must be a number."),
	(
		{"lineItems": [{**GOODS, "extendedPrice": 5.001}]},
		"lineItems[0].extendedPrice must have at most 2 decimals.",
	),
	({"lineItems": [{"id": "1"}]}, "lineItems[0] needs extendedPrice or unitPrice."),
	({"lineItems": [GOODS, GOODS]}, "id must be unique over lineItems and shipping."),
	(
		{"lineItems": [{**GOODS, "quantity": 10**12, "unitPrice": 10**12}], "currency": "CLF"},
		"lineItems[0]: quantity × unitPrice must not exceed 1000000000000.",
	),
	({"lineItems": [{**GOODS, "discount": -1}]}, "lineItems[0].discount must not be negative."),
	({"lineItems": [{**GOODS, "discount": 58}]}, "lineItems[0].discount must not be larger than the price."),
	({"currency": "usd"}, "currency must be a currency's code of three capitals."),
	(
		{"destination": {"country": "US"}},
		"destination needs mainDivision, the state or province, for this country.",
	),
	(
		{"destination": {"country": "XX"}},
		"destination.country must be a country's code of two capitals, for example US.",
	),
	({"saleMessageType": "INVOICE"}, "documentNumber is missing: an INVOICE needs one."),
	({"documentDate": "2026-02-30"}, "documentDate must be a date, for example 2026-11-25."),
	({"pricesIncludeTax": "yes"}, "pricesIncludeTax must be true or false."),
	({"customer": {"code": "x" * 41}}, "customer.code must have at most 40 characters."),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_member_is_named_and_nothing_is_sent(complete_shop, vertex, change, sentence):
	before = len(vertex.received(path=SUPPLIES))
	body = issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale(**change)), 400)
	assert body["detail"].endswith(sentence)
	assert len(vertex.received(path=SUPPLIES)) == before


NONSENSE = ["bad_sum", "missing_line", "wrong_shape", "negative_rate", "html_200", "huge", "deep", "redirect"]


@pytest.mark.parametrize("kind", NONSENSE)
def test_an_answer_that_makes_no_sense_is_502(complete_shop, vertex, kind):
	vertex.fault(kind, path=SUPPLIES, times=3)
	body = issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()), 502)
	assert body["title"] == "Vertex connection failed"


@pytest.mark.parametrize(
	("status", "expected"), [(401, 401), (403, 403), (400, 400), (429, 503), (500, 503), (503, 503)]
)
def test_each_refusal_has_its_status(complete_shop, vertex, status, expected):
	vertex.fault("status", path=SUPPLIES, times=10, status=status)
	issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()), expected)


def test_an_address_without_a_tax_area_is_not_repeated_in_the_answer(complete_shop):
	nowhere = {**places.CHICAGO, "mainDivision": "ZZ", "postalCode": "99999"}
	answer = complete_shop.call("shopify_tax_calculate", **complete_shop.sale(destination=nowhere))
	body = issue(answer, 400)
	assert "no tax area for an address" in body["detail"]
	assert "Lake Shore" not in body["detail"]


def test_a_forgotten_token_costs_one_new_one(complete_shop, vertex):
	before = len(vertex.token_requests(CLIENT_ID))
	vertex.forget_tokens()
	calculated(complete_shop)
	calculated(complete_shop)
	assert len(vertex.token_requests(CLIENT_ID)) == before + 1


def test_eight_callers_who_meet_a_forgotten_token_cost_one_new_one(complete_shop, vertex):
	before = len(vertex.token_requests(CLIENT_ID))
	vertex.forget_tokens()
	sale = complete_shop.sale()
	with ThreadPoolExecutor(8) as pool:
		answers = list(
			pool.map(lambda _number: complete_shop.call("shopify_tax_calculate", **sale), range(8))
		)
	# Half of the web server's threads may call Vertex at a time.
	done = [answer for answer in answers if answer.status_code == 200]
	assert len(done) >= 4
	assert {answer.json()["message"]["totalTax"] for answer in done} == {5.84}
	for answer in answers:
		if answer not in done:
			assert "in many requests" in issue(answer, 503)["detail"]
	assert len(vertex.token_requests(CLIENT_ID)) == before + 1


def test_the_tenth_token_is_left_for_onboarding(complete_shop, vertex):
	for _number in range(8):
		vertex.forget_tokens()
		calculated(complete_shop)
	assert len(vertex.token_requests(CLIENT_ID)) == 9
	vertex.forget_tokens()
	answer = complete_shop.call("shopify_tax_calculate", **complete_shop.sale())
	body = issue(answer, 503)
	assert "no further access token" in body["detail"]
	assert int(answer.headers["Retry-After"]) > 28_000
	assert len(vertex.token_requests(CLIENT_ID)) == 9
	assert complete_shop.onboard()["onboarding"] == "complete"

"""A request of another shape than the specification's is refused, and the refusal names the member."""

import copy

import pytest

from tests.support.vertex import CHICAGO, MESA, goods, sale

LONG = "x" * 300
FULL = sale(
	CHICAGO,
	goods(57.0, lineItemNumber=1, lineItemId="row-1", quantity={"value": 2, "unitOfMeasure": "EA"}),
	transactionId="MG-1",
	documentNumber="SINV-1",
	documentDate="2026-11-25",
)


def changed(path: str, value):
	"""The full request with one member set; `lineItems.0.quantity.value`."""
	request = copy.deepcopy(FULL)
	part = request
	*way, last = path.split(".")
	for name in way:
		part = part[int(name)] if name.isdigit() else part.setdefault(name, {})
	part[last] = value
	return request


def without(path: str):
	request = copy.deepcopy(FULL)
	part = request
	*way, last = path.split(".")
	for name in way:
		part = part[int(name)] if name.isdigit() else part[name]
	del part[last]
	return request


def refusal(answer):
	"""The sentence of a 400 in the real service's shape."""
	content = answer.json()
	assert answer.status_code == 400, content
	assert set(content) == {"meta", "errors"}
	[error] = content["errors"]
	assert set(error) == {"status", "code", "title", "detail"}
	assert (error["status"], error["title"]) == ("400", "Bad Request")
	return error["detail"]


TEXTS = {
	"transactionId": 40,
	"documentNumber": 50,
	"documentType": 20,
	"billingType": 20,
	"orderType": 20,
	"locationCode": 20,
	"seller.company": 40,
	"seller.division": 40,
	"seller.department": 40,
	"customer.customerCode.value": 40,
	"customer.customerCode.classCode": 40,
	"customer.exemptionCertificate.exemptionCertificateNumber": 30,
	"customer.destination.streetAddress1": 100,
	"customer.destination.streetAddress2": 100,
	"customer.destination.city": 60,
	"customer.destination.mainDivision": 60,
	"customer.destination.subDivision": 60,
	"customer.destination.postalCode": 20,
	"customer.destination.country": 60,
	"seller.physicalOrigin.city": 60,
	"lineItems.0.lineItemId": 40,
	"lineItems.0.product.value": 40,
	"lineItems.0.product.productClass": 40,
	"lineItems.0.quantity.unitOfMeasure": 3,
	"lineItems.0.vendorSKU": 40,
	"lineItems.0.usage": 40,
	"lineItems.0.costCenter": 40,
	"lineItems.0.generalLedgerAccount": 40,
	"lineItems.0.projectNumber": 40,
}
NUMBERS = [
	"lineItems.0.extendedPrice",
	"lineItems.0.unitPrice",
	"lineItems.0.quantity.value",
	"lineItems.0.fairMarketValue",
	"lineItems.0.discount.discountValue",
]
BOOLEANS = [
	"roundAtLineLevel",
	"customer.isTaxExempt",
	"customer.customerCode.isBusinessIndicator",
	"lineItems.0.taxIncludedIndicator",
]
DATES = ["documentDate", "postingDate", "lineItems.0.taxDate"]
OBJECTS = [
	"currency",
	"seller",
	"seller.physicalOrigin",
	"customer",
	"customer.customerCode",
	"customer.destination",
	"customer.exemptionCertificate",
	"discount",
	"lineItems.0.product",
	"lineItems.0.quantity",
	"lineItems.0.discount",
	"lineItems.0.seller",
	"lineItems.0.customer",
]
ENUMS = [
	"saleMessageType",
	"transactionType",
	"deliveryTerm",
	"lineItems.0.deliveryTerm",
	"lineItems.0.titleTransfer",
	"lineItems.0.transactionType",
]


def test_the_full_request_is_accepted(program):
	assert program.supplies(FULL).status_code == 200


@pytest.mark.parametrize("path", TEXTS)
def test_a_text_may_be_as_long_as_the_specification_says(program, path):
	# A company, a place and a unit of such a name exist nowhere: that is another refusal.
	detail = (
		program.supplies(changed(path, "x" * TEXTS[path])).json().get("errors", [{}])[0].get("detail", "")
	)
	assert "characters" not in detail


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("value", ["", 5, True, ["a"], {"a": "b"}, None, LONG])
def test_a_text_that_is_empty_too_long_or_no_text_is_refused(program, path, value):
	detail = refusal(program.supplies(changed(path, value)))
	assert path.split(".")[-1] in detail


@pytest.mark.parametrize("path", TEXTS)
def test_a_text_one_character_too_long_is_refused(program, path):
	assert path.split(".")[-1] in refusal(program.supplies(changed(path, "x" * (TEXTS[path] + 1))))


def _with_number(path, value):
	request = changed(path, value)
	if "discount" in path:
		request["lineItems"][0]["discount"]["discountType"] = "DiscountAmount"
	return request


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", ["57.00", "", True, [1], {"amount": 1}, None, 10**16, -(10**16), 1e300])
def test_a_number_that_is_none_or_too_large_is_refused(program, path, value):
	assert path.split(".")[-1] in refusal(program.supplies(_with_number(path, value)))


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [0, 1, -1, 0.000001, 10**15])
def test_a_number_of_any_usual_size_is_accepted(program, path, value):
	assert program.supplies(_with_number(path, value)).status_code == 200


@pytest.mark.parametrize("value", ["1", 1.5, True, None, 2**63])
def test_a_line_number_is_an_integer(program, value):
	assert "lineItemNumber" in refusal(program.supplies(changed("lineItems.0.lineItemNumber", value)))


@pytest.mark.parametrize("path", BOOLEANS)
@pytest.mark.parametrize("value", ["true", 1, 0, [], None])
def test_a_boolean_is_true_or_false(program, path, value):
	assert path.split(".")[-1] in refusal(program.supplies(changed(path, value)))


@pytest.mark.parametrize("path", DATES)
@pytest.mark.parametrize(
	"value",
	["", "25.11.2026", "2026-13-01", "2026-02-30", "2026-11-25T00:00:00Z", "20261125", 20261125, None],
)
def test_a_date_is_a_day_that_exists(program, path, value):
	assert path.split(".")[-1] in refusal(program.supplies(changed(path, value)))


@pytest.mark.parametrize("path", OBJECTS)
@pytest.mark.parametrize("value", ["USD", 5, [], [{}], None])
def test_an_object_is_an_object(program, path, value):
	assert path.split(".")[-1] in refusal(program.supplies(changed(path, value)))


@pytest.mark.parametrize("path", ENUMS)
@pytest.mark.parametrize("value", ["", "sale", "SOLD", "quotation", 5, None, []])
def test_an_unknown_value_of_a_list_is_refused(program, path, value):
	assert path.split(".")[-1] in refusal(program.supplies(changed(path, value)))


@pytest.mark.parametrize("value", ["usd", "US", "USDD", "", 840, "ÜSD", "USD\n"])
def test_a_currency_has_three_capitals(program, value):
	assert "isoCurrencyCodeAlpha" in refusal(
		program.supplies(changed("currency.isoCurrencyCodeAlpha", value))
	)


@pytest.mark.parametrize("path", ["transactionType", "lineItems"])
def test_what_is_required_is_missed(program, path):
	assert refusal(program.supplies(without(path))) == f"{path} is required."


@pytest.mark.parametrize("value", [[], {}, "", None, 5, [5], [[]], ["a"], [None]])
def test_lines_are_a_list_of_at_least_one_object(program, value):
	assert "lineItems" in refusal(program.supplies(changed("lineItems", value)))


@pytest.mark.parametrize(
	"path",
	[
		"documentNo",
		"sale_message_type",
		"destination",
		"currencyCode",
		"customer.code",
		"customer.destination.zip",
		"lineItems.0.price",
		"lineItems.0.product.class",
		"lineItems.0.quantity.amount",
	],
)
def test_a_member_that_the_specification_has_not_is_refused(program, path):
	assert refusal(program.supplies(changed(path, "x"))).endswith("the specification has no such member.")


@pytest.mark.parametrize(
	"path",
	[
		"isTaxOnlyAdjustmentIndicator",
		"taxOverride",
		"rateOverrides",
		"situsOverride",
		"lineItems.0.freight",
		"lineItems.0.inputTotalTax",
		"lineItems.0.lineItems",
		"lineItems.0.taxOverride",
	],
)
def test_a_member_that_the_simulator_does_not_act_on_is_refused(program, path):
	assert "does not act on" in refusal(program.supplies(changed(path, 1)))


def test_taxes_are_not_distributed(program):
	assert "distributes no taxes" in refusal(program.supplies(changed("saleMessageType", "DISTRIBUTE_TAX")))


def test_a_line_without_a_price_is_refused(program):
	assert "extendedPrice" in refusal(program.supplies(sale(CHICAGO, {"quantity": {"value": 2}})))


def test_a_discount_says_what_it_is(program):
	assert "discountType is required" in refusal(program.supplies(changed("discount.discountValue", 5)))


@pytest.mark.parametrize(
	"body",
	[
		b"",
		b"{",
		b"[]",
		b"null",
		b'"sale"',
		b"saleMessageType=QUOTATION",
		b"\xff",
		b"[" * 100_000,
		b"9" * 5000,
	],
)
def test_a_body_that_is_no_object_is_refused(program, body):
	answer = program.call("POST", "supplies", data=body, headers={"Content-Type": "application/json"})
	assert "could not be read" in refusal(answer)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused(program, number):
	body = '{"transactionType":"SALE","lineItems":[{"extendedPrice":NUMBER}]}'.replace("NUMBER", number)
	answer = program.call("POST", "supplies", data=body, headers={"Content-Type": "application/json"})
	assert answer.json()["errors"][0]["code"] == "VertexNumberFormatException"


def test_a_number_in_quotes_has_a_code_of_its_own(program):
	answer = program.supplies(changed("lineItems.0.extendedPrice", "57.00"))
	assert answer.json()["errors"][0]["code"] == "VertexNumberFormatException"


@pytest.mark.parametrize(
	"content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"]
)
def test_only_json_is_taken(program, content_type):
	answer = program.call("POST", "supplies", data=b"{}", headers={"Content-Type": content_type})
	assert answer.status_code == 415


def test_json_with_a_character_set_is_taken(program):
	headers = {"Content-Type": "application/json; charset=UTF-8"}
	answer = program.call("POST", "supplies", data=b"{}", headers=headers)
	assert refusal(answer) == "transactionType is required."


def test_the_shape_of_refusals_can_be_the_specifications(caller, control):
	control.set_error_shape("specification")
	[error] = caller.supplies(changed("lineItems.0.quantity.value", "2")).json()["errors"]
	assert error == {
		"code": "VertexNumberFormatException",
		"message": "lineItems[0].quantity.value: must be a number.",
		"target": "lineItems[0].quantity.value",
	}
	control.set_error_shape("service")
	assert "must be a number" in refusal(caller.supplies(changed("lineItems.0.quantity.value", "2")))


def test_a_token_is_looked_at_before_the_body(caller):
	caller.session.headers["Authorization"] = "Bearer foreign"
	assert caller.supplies({}).status_code == 401


@pytest.mark.parametrize(
	("method", "path"),
	[
		("GET", "supplies"),
		("PUT", "supplies"),
		("POST", "supplies/"),
		("POST", "procurement"),
		("POST", "transaction-exists/a"),
		("GET", "transactions/a"),
		("POST", "transactions/a"),
		("GET", "transactions/a/reversal"),
		("POST", "transactions/a/rollback"),
	],
)
def test_anything_else_is_404(caller, method, path):
	answer = caller.call(method, path, json={})
	assert (answer.status_code, answer.json()["errors"][0]["status"]) == (404, "404")


def test_nothing_is_outside_of_the_api(caller):
	for path in ("/vertex-ws/v1/supplies", "/oauth/token/", "/identity/jwks.json"):
		assert caller.session.post(f"{caller.url}{path}", timeout=5).status_code == 404
	assert caller.session.get(f"{caller.url}/oauth/token", timeout=5).status_code == 404


def test_what_the_engine_answers_says_what_it_is(caller):
	meta = caller.supplies(sale(MESA, goods(1.0))).json()["meta"]
	assert meta["app"] == "Vertex REST API v2.0.0"
	assert meta["timeReceived"].endswith("Z") and isinstance(meta["timeElapsed(ms)"], int)

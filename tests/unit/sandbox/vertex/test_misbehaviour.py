"""Everything that goes wrong at Vertex on request, by its name."""

from contextlib import suppress

import pytest
import requests

from sandbox.simulators.common import faults, hostile
from sandbox.simulators.vertex.faults import SUPPLIES, Fault
from tests.support.vertex import CHICAGO, DENVER, PORTLAND, TORONTO, freight, goods, sale

INVOICE = sale(
	CHICAGO, goods(57.0), freight(12.0), saleMessageType="INVOICE", transactionId="MG-1", documentNumber="A"
)
NO_ANSWER = (requests.ConnectionError, requests.Timeout)
# Changes the answers to calculations.
CALCULATION = {
	"bad_sum",
	"missing_line",
	"wrong_shape",
	"negative_rate",
	"deferred",
	"seller_pays",
	"reversed_lines",
}


@pytest.fixture
def signed_in(caller):
	caller.sign_in()
	return caller


def is_honest(caller) -> bool:
	data = caller.calculate({**INVOICE, "saleMessageType": "QUOTATION"})
	return (data["totalTax"], len(data["lineItems"])) == (5.84, 2)


def test_the_table_of_faults_is_complete():
	own = set(Fault.KINDS) - set(faults.Fault.KINDS)
	assert own == CALCULATION | {
		"html_200",
		"huge",
		"deep",
		"redirect",
		"token_forgotten",
		"exists_lag",
	}


@pytest.mark.parametrize(
	("kind", "options", "is_booked"),
	[
		("timeout_before", {"seconds": 0.1}, False),
		("timeout_after", {"seconds": 0.1}, True),
		("drop_after", {}, True),
		("half", {}, True),
	],
)
def test_the_answer_is_lost_before_or_after_the_booking(signed_in, control, kind, options, is_booked):
	control.fault(kind, path=SUPPLIES, **options)
	with pytest.raises((*NO_ANSWER, requests.exceptions.ChunkedEncodingError)):
		_ = signed_in.supplies(INVOICE).content
	assert [entry["id"] for entry in control.journal()] == ["MG-1"] * is_booked
	assert is_honest(signed_in)


def test_the_answer_comes_late(signed_in, control):
	control.fault("slow", path=SUPPLIES, seconds=0.3)
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, answer.elapsed.total_seconds() >= 0.3) == (200, True)


@pytest.mark.parametrize("status", [400, 401, 403, 408, 429, 500])
def test_a_status_has_vertex_own_body(signed_in, control, status):
	control.fault("status", status=status)
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, answer.json()["errors"][0]["status"]) == (status, str(status))
	assert control.journal() == []


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_status_of_the_gateway_is_a_page(signed_in, control, status):
	control.fault("status", status=status, processed=True)
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, answer.text[:6]) == (status, "<html>")
	assert len(control.journal()) == 1


def test_a_status_can_have_any_body(signed_in, control):
	control.fault("status", status=500, body="")
	assert signed_in.supplies(INVOICE).content == b""


def test_half_of_some_json_and_null_come_with_status_200(signed_in, control):
	control.fault("malformed")
	with pytest.raises(ValueError):
		signed_in.supplies(INVOICE).json()
	control.fault("null")
	assert signed_in.supplies(INVOICE).json() is None
	assert len(control.journal()) == 1


def test_bad_sum_is_one_dollar_too_high(signed_in, control):
	control.fault("bad_sum")
	data = signed_in.calculate(INVOICE)
	assert (data["totalTax"], sum(line["totalTax"] for line in data["lineItems"])) == (6.84, 5.84)
	assert control.journal()[0]["totalTax"] == 5.84
	assert is_honest(signed_in)


def test_missing_line_has_a_line_less(signed_in, control):
	control.fault("missing_line")
	assert [line["lineItemNumber"] for line in signed_in.calculate(INVOICE)["lineItems"]] == [1]


def test_wrong_shape_has_a_list_for_data(signed_in, control):
	control.fault("wrong_shape")
	assert isinstance(signed_in.supplies(INVOICE).json()["data"], list)


def test_negative_rate_has_rates_below_nothing(signed_in, control):
	control.fault("negative_rate")
	taxes = signed_in.calculate(INVOICE)["lineItems"][0]["taxes"]
	assert [tax["effectiveRate"] for tax in taxes] == [-0.0625, -0.0175, -0.0125, -0.01]


def test_reversed_lines_are_the_right_lines_in_another_order(signed_in, control):
	control.fault("reversed_lines")
	data = signed_in.calculate(INVOICE)
	assert [line["lineItemNumber"] for line in data["lineItems"]] == [2, 1]
	assert data["totalTax"] == 5.84


@pytest.mark.parametrize(
	("destination", "results", "total_tax"),
	[
		(CHICAGO, ["DEFERRED", "TAXABLE", "TAXABLE", "TAXABLE"], 5.84),
		# The fee is the State's, too, and stays.
		(DENVER, ["DEFERRED", "TAXABLE", "TAXABLE", "TAXABLE"], 5.31),
		(TORONTO, ["TAXABLE", "DEFERRED"], 7.41),
	],
)
def test_deferred_taxes_of_the_state_are_in_the_sum(signed_in, control, destination, results, total_tax):
	control.fault("deferred")
	data = signed_in.calculate(sale(destination, goods(57.0)))
	assert [tax["taxResult"] for tax in data["lineItems"][0]["taxes"]] == results
	assert data["totalTax"] == data["lineItems"][0]["totalTax"] == total_tax


def test_what_the_seller_pays_is_in_no_sum(signed_in, control):
	control.fault("seller_pays")
	data = signed_in.calculate(INVOICE)
	[line, _freight] = data["lineItems"]
	assert [tax["taxCollectedFromParty"] for tax in line["taxes"]] == ["SELLER", "BUYER", "BUYER", "BUYER"]
	# 5.84 less the State's 3.56.
	assert (line["totalTax"], data["totalTax"], data["total"]) == (2.28, 2.28, 71.28)


def test_a_state_that_takes_nothing_has_nothing_for_the_seller_to_pay(signed_in, control):
	control.fault("seller_pays")
	assert signed_in.calculate(sale(PORTLAND, goods(57.0)))["total"] == 57.0


@pytest.mark.parametrize("kind", sorted(CALCULATION))
def test_a_fault_of_calculations_waits_for_one_and_leaves_refusals_alone(signed_in, control, kind):
	control.fault(kind)
	assert signed_in.ask_for_token().status_code == 200
	assert signed_in.exists("MG-1") is False
	assert [fault["kind"] for fault in control.faults()] == [kind]
	assert signed_in.supplies({}).status_code == 400
	assert control.faults() == []


def test_a_page_of_html_comes_with_status_200(signed_in, control):
	control.fault("html_200")
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
	assert answer.text.startswith("<html>") and len(control.journal()) == 1


def test_huge_is_json_of_20_mib(signed_in, control):
	control.fault("huge")
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, len(answer.content)) == (200, 20 * 1024 * 1024)
	assert answer.json()["data"]["totalTax"] == 0


def test_deep_is_json_of_10_000_levels(signed_in, control):
	control.fault("deep")
	answer = signed_in.supplies(INVOICE)
	# Whether Python's own parser reads it depends on its release: 3.14's does.
	levels = answer.text.removeprefix('{"data":').removesuffix(',"meta":{}}')
	assert levels == '{"a":' * 10_000 + "1" + "}" * 10_000


@pytest.mark.parametrize("processed", [None, True])
def test_a_redirect_leads_elsewhere(signed_in, control, processed):
	control.fault("redirect", processed=processed)
	answer = signed_in.supplies(INVOICE)
	assert (answer.status_code, answer.headers["Location"]) == (
		302,
		"https://elsewhere.example/vertex-ws/v2/supplies",
	)
	assert len(control.journal()) == (1 if processed else 0)


def test_answers_without_effect(signed_in, control):
	for kind in ("html_200", "huge", "deep", "malformed", "null"):
		control.fault(kind, processed=False)
		assert signed_in.supplies(INVOICE).status_code == 200
	assert control.journal() == []


def test_token_forgotten_ends_all_tokens_when_the_next_call_arrives(signed_in, control):
	control.fault("token_forgotten")
	assert signed_in.ask_for_token("on_demand").status_code == 200
	assert signed_in.supplies(INVOICE).status_code == 401
	assert signed_in.supplies(INVOICE).status_code == 401
	signed_in.sign_in()
	assert is_honest(signed_in)


def test_tokens_can_be_forgotten_twice(signed_in, control):
	control.fault("token_forgotten", times=2)
	assert signed_in.supplies(INVOICE).status_code == 401
	signed_in.sign_in()
	assert signed_in.supplies(INVOICE).status_code == 401
	signed_in.sign_in()
	assert is_honest(signed_in)


def test_exists_lag_hides_what_is_younger(signed_in, control):
	control.fault("exists_lag", seconds=30)
	signed_in.calculate(INVOICE)
	assert (signed_in.exists("MG-1"), signed_in.exists("MG-1")) == (False, False)
	control.advance_clock(29)
	assert signed_in.exists("MG-1") is False
	control.advance_clock(2)
	assert signed_in.exists("MG-1") is True


def test_exists_lag_ends_when_faults_are_cleared(signed_in, control):
	control.fault("exists_lag")
	signed_in.calculate(INVOICE)
	assert signed_in.exists("MG-1") is False
	assert [(fault["kind"], fault["times"]) for fault in control.faults()] == [("exists_lag", None)]
	control.clear_faults()
	assert signed_in.exists("MG-1") is True


def test_faults_can_be_of_one_address(signed_in, control):
	control.fault("status", status=500, path="/oauth/token", times=None)
	assert is_honest(signed_in)
	assert signed_in.ask_for_token().status_code == 500
	control.clear_faults()
	control.fault("html_200", path="/identity/*")
	assert is_honest(signed_in)
	assert requests.get(control.identity_keys_url, timeout=5).text.startswith("<html>")


@pytest.mark.parametrize("mode", hostile.MODES)
def test_the_hostile_modes_of_all_simulators_are_here_too(signed_in, control, mode):
	control.hostile(mode, path=SUPPLIES)
	honest = {**INVOICE, "saleMessageType": "QUOTATION"}
	with suppress(requests.RequestException):
		_ = signed_in.supplies(honest).content
	assert [entry["fault"] for entry in control.received(path=SUPPLIES)] == [f"hostile:{mode}"]
	control.clear_faults()
	assert is_honest(signed_in)

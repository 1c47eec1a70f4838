"""What tests read of the simulator: the requests without secrets, and one line for each."""

import base64

import pytest

from sandbox.demo import vertex as demo
from sandbox.demo.cast import VERTEX_CLIENT, VERTEX_COMPANY
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.vertex import printing
from tests.support.vertex import CHICAGO, CLIENTS, COMPANY, goods, sale

CLIENT_ID, SECRET = CLIENTS["cloud"]


def test_requests_are_listed_with_their_client_and_without_secrets(caller, control):
	caller.calculate(sale(CHICAGO, goods(57.0), documentNumber="SINV-1"))
	asked, calculated = control.received()
	assert (asked["path"], asked["client_id"], asked["status"]) == ("/oauth/token", CLIENT_ID, 200)
	assert asked["body"] == {
		"grant_type": "client_credentials",
		"client_id": CLIENT_ID,
		"client_secret": "***",
		"audience": "verx://migration-api",
	}
	assert (calculated["path"], calculated["client_id"]) == ("/vertex-ws/v2/supplies", CLIENT_ID)
	assert calculated["body"]["documentNumber"] == "SINV-1"
	token = caller.session.headers["Authorization"].removeprefix("Bearer ")
	assert SECRET not in str(control.received()) and token not in str(control.received())


@pytest.mark.parametrize(
	"content_type", ["application/x-www-form-urlencoded; charset=utf-8", "text/plain", ""]
)
def test_no_secret_is_noted_whatever_the_content_type(caller, control, content_type):
	body = f"client_id={CLIENT_ID}&client_secret={SECRET}&password={SECRET}"
	client = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
	caller.session.post(
		f"{caller.url}/oauth/token",
		data=body,
		headers={"Content-Type": content_type, "Authorization": f"Basic {client}"},
		timeout=5,
	)
	[entry] = control.received()
	assert SECRET not in str(entry) and client not in str(entry)


def test_requests_can_be_searched(caller, control):
	caller.calculate(sale(CHICAGO, goods(57.0)))
	caller.exists("MG-1")
	caller.ask_for_token("on_demand")
	assert len(control.received(path="/vertex-ws/v2/supplies")) == 1
	assert len(control.received(client_id=CLIENT_ID)) == 3
	assert len(control.received(client_id=CLIENTS["on_demand"][0])) == 1


@pytest.mark.parametrize(
	("request_body", "words"),
	[
		(
			sale(CHICAGO, goods(57.0), goods(1.0), documentNumber="SINV-1"),
			"200  QUOTATION SINV-1, 2 lines to IL 60610",
		),
		(sale(CHICAGO, goods(57.0)), "200  QUOTATION, 1 line to IL 60610"),
		({"lineItems": [], "customer": 5}, "400  , 0 lines"),
		({"a": 1}, '400  {"a": 1}'),
		([1], "400  [1]"),
	],
)
def test_a_request_is_one_line(caller, control, request_body, words):
	caller.supplies(request_body)
	line = printing.line(control.received()[-1])
	assert f"{CLIENT_ID}  POST /vertex-ws/v2/supplies  {words}" in line
	assert "\n" not in line


def test_a_body_that_is_nested_too_deeply_is_noted_as_text(caller, control):
	headers = {"Content-Type": "application/json"}
	caller.call("POST", "supplies", data=b"[" * 20_000, headers=headers)
	assert control.received()[-1]["body"].startswith("[[[")


def test_the_clock_is_set_runs_on_and_is_the_real_one_again(control):
	assert control.set_clock("2026-01-01T00:00:00Z").startswith("2026-01-01T00:00:00")
	assert control.advance_clock(3600).startswith("2026-01-01T01:00:0")
	assert control.set_clock("2026-01-01T02:00:00+02:00").startswith("2026-01-01T00:00:00")
	assert not control.set_clock().startswith("2026-01-01")
	with pytest.raises(ControlRefused):
		control.set_clock("tomorrow")


def test_a_reset_forgets_everything(caller, control):
	control.set_clock("2026-01-01T00:00:00Z")
	caller.sign_in()
	caller.calculate(sale(CHICAGO, goods(1.0), saleMessageType="INVOICE", transactionId="MG-1"))
	control.set_token_limit(1)
	control.set_error_shape("specification")
	control.set_repeated_id("refuse")
	control.reset()
	assert (control.journal(), control.received(), control.faults()) == ([], [], [])
	assert caller.ask_for_token().status_code == 401
	assert not control.set_clock().startswith("2026-01-01")


@pytest.mark.parametrize(
	"command",
	[
		lambda control: control.add_client("a", "b", kind="soap"),
		lambda control: control.set_error_shape("xml"),
		lambda control: control.set_repeated_id("ignore"),
		lambda control: control.set_token_life(1, "soap"),
		lambda control: control.token_requests("nobody"),
		lambda control: control.fault("explode"),
	],
)
def test_a_command_that_makes_no_sense_is_refused(control, command):
	with pytest.raises(ControlRefused):
		command(control)


def test_a_company_can_be_replaced(caller, control):
	control.add_company(COMPANY, states={"az"})
	assert caller.calculate(sale(CHICAGO, goods(57.0)))["totalTax"] == 0
	control.add_company(COMPANY, ["IL", "AZ"])
	assert caller.calculate(sale(CHICAGO, goods(57.0)))["totalTax"] == 5.84


def test_the_demos_simulator_begins_with_its_company_and_client(caller, control):
	control.reset()
	demo.seed(control)
	client_id, client_secret = VERTEX_CLIENT
	answer = caller.ask_for_token(client_id=client_id, client_secret=client_secret)
	caller.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
	assert (
		caller.calculate(sale(CHICAGO, goods(57.0), seller={"company": VERTEX_COMPANY}))["totalTax"] == 5.84
	)

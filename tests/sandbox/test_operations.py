"""What people do at the other side, typed (`python3 -m sandbox do`) or pressed on a simulator's page."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from sandbox.demo.cast import SHOPS, shipstation_keys
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.operations import command
from sandbox.simulators.table import SIMULATORS
from tests.support.http import direct_session
from tests.support.raw_server import RawServer

pytestmark = pytest.mark.stand_in

KEYS = shipstation_keys("Summit Clinical Supply")
OTHER_KEYS = shipstation_keys("Harbor Wound & Derma")
SHOP = SHOPS["Summit Clinical Supply"]
PHONE = "+12065550190"


class Running:
	"""A simulator, its control client, and what is typed for it."""

	def __init__(self, name):
		self.service = SIMULATORS[name].service()
		self.server = self.service.start()
		self.control = self.service.control(self.server.url)
		self.session = direct_session()

	def do(self, name, *words):
		operation = self.service.operations[name]
		return operation.run(self.control, operation.typed(words))

	def page(self):
		answer = self.session.get(f"{self.server.url}/", timeout=10)
		assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
		return answer.text

	def press(self, name, headers=None, **values):
		form = {"operation": name, **values}
		return self.session.post(f"{self.server.url}/", data=form, headers=headers, timeout=10)


@pytest.fixture
def running():
	started = []

	def start(name):
		started.append(Running(name))
		return started[-1]

	yield start
	for each in started:
		each.server.stop()


@pytest.fixture
def shipstation(running):
	shipstation = running("shipstation")
	for keys in (KEYS, OTHER_KEYS):
		shipstation.control.add_account(*keys)
	return shipstation


@pytest.fixture
def shopify(running):
	shopify = running("shopify")
	shopify.control.add_shop(SHOP)
	return shopify


def statuses(shipstation):
	return {row["order"]: row["status"] for row in shipstation.do("orders")}


def orders_of(shipstation, keys, *numbers):
	made = shipstation.control.make_orders(keys[0], keys=list(numbers))
	found = {order["orderKey"]: order["orderNumber"] for order in shipstation.control.orders(keys[0])}
	return [found[order["orderKey"]] for order in made]


@pytest.mark.parametrize("name", SIMULATORS)
def test_every_simulator_can_be_slow_be_down_reject_keys_and_recover(running, name):
	simulator = running(name)

	def status():
		return simulator.session.get(f"{simulator.server.url}/nowhere", timeout=10).status_code

	before = status()
	simulator.do("be-down")
	assert (status(), status()) == (503, 503)
	simulator.do("reject-keys")
	assert status() == 401
	simulator.do("be-slow", "0.4")
	answer = simulator.session.get(f"{simulator.server.url}/nowhere", timeout=10)
	assert answer.elapsed.total_seconds() > 0.35
	assert len(simulator.control.faults()) == 1
	simulator.do("recover")
	assert status() == before and simulator.control.faults() == []


@pytest.mark.parametrize("name", SIMULATORS)
def test_every_simulator_has_a_list_of_what_arrived_and_a_line_of_help_for_each_operation(running, name):
	service = SIMULATORS[name].service()
	assert any(operation.is_list for operation in service.operations.values())
	for operation in service.operations.values():
		assert operation.about.endswith(".") and len(operation.about) < 90
	text = "\n".join(command.listed([name]))
	for operation in service.operations.values():
		assert operation.usage() in text and operation.about in text


@pytest.mark.parametrize("seconds", ["soon", "-1", "0", "nan", "inf", "1e9"])
def test_a_number_of_seconds_that_makes_no_sense_is_refused(running, seconds):
	simulator = running("vertex")
	with pytest.raises(ControlRefused):
		simulator.do("be-slow", seconds)
	assert simulator.control.faults() == []


def test_a_label_is_bought_and_voided_the_newest_order_is_meant_if_none_is_named(shipstation):
	first, second = orders_of(shipstation, KEYS, "A", "B")
	said = shipstation.do("buy-label")
	assert second in said and statuses(shipstation) == {first: "awaiting_shipment", second: "shipped"}
	shipstation.do("buy-label", first)
	[label, other] = shipstation.control.shipments(KEYS[0])
	assert shipstation.do("void", second) == f"{second}: label {label['trackingNumber']} is void."
	assert statuses(shipstation) == {first: "shipped", second: "awaiting_shipment"}
	rows = {row["order"]: row["labels"] for row in shipstation.do("orders")}
	assert rows == {first: other["trackingNumber"], second: f"{label['trackingNumber']} (void)"}


def test_an_order_is_cancelled_and_gets_no_label_any_more(shipstation):
	[number] = orders_of(shipstation, KEYS, "A")
	shipstation.do("cancel", number)
	assert statuses(shipstation) == {number: "cancelled"}
	with pytest.raises(ControlRefused, match="There is no order that is"):
		shipstation.do("buy-label")
	with pytest.raises(ControlRefused, match="is cancelled"):
		shipstation.do("buy-label", number)


def test_an_order_of_two_vendors_needs_the_account_too(shipstation):
	for keys in (KEYS, OTHER_KEYS):
		orders_of(shipstation, keys, "SAL-1")
	with pytest.raises(ControlRefused, match=f"name the account too, {KEYS[0]}, {OTHER_KEYS[0]}"):
		shipstation.do("buy-label", "SAL-1")
	shipstation.do("buy-label", "SAL-1", KEYS[0])
	found = {row["account"]: row["status"] for row in shipstation.do("orders")}
	assert found == {KEYS[0]: "shipped", OTHER_KEYS[0]: "awaiting_shipment"}
	with pytest.raises(ControlRefused, match="There is no account 'nobody'"):
		shipstation.do("buy-label", "SAL-1", "nobody")


def test_one_accounts_keys_are_rejected_and_the_others_work(shipstation):
	shipstation.do("reject-keys", KEYS[0])

	def status(keys):
		return shipstation.session.get(f"{shipstation.server.url}/orders", auth=keys, timeout=10).status_code

	assert (status(KEYS), status(OTHER_KEYS)) == (401, 200)
	shipstation.do("recover")
	assert status(KEYS) == 200


def test_an_order_in_a_shop_is_fulfilled_and_another_one_is_cancelled(shopify):
	line = {"title": "D3", "quantity": 1, "priceSet": {"shopMoney": {"amount": "1", "currencyCode": "USD"}}}
	shopify.control.make_orders(SHOP, [{"lineItems": [line]}, {"lineItems": [line]}])
	assert "#1002 is fulfilled" in shopify.do("fulfill")
	assert shopify.do("cancel", "1001") == "#1001 is cancelled."
	rows = {row["order"]: (row["status"], row["tracking"]) for row in shopify.do("orders")}
	assert rows == {"#1001": ("CANCELLED", ""), "#1002": ("FULFILLED", "1Z999AA10123456784")}
	with pytest.raises(ControlRefused, match="There is no open order"):
		shopify.do("fulfill")


def test_a_phone_replies_to_the_webhook_that_is_entered_at_sendblue(running):
	sendblue = running("sendblue")
	with pytest.raises(ControlRefused, match="No phone has got a message yet"):
		sendblue.do("reply")
	with pytest.raises(ControlRefused, match="has no webhook yet"):
		sendblue.do("reply", PHONE, "STOP")
	medgrid = RawServer(lambda connection: connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n"))
	sendblue.control.set_webhook(f"{medgrid.url}/hook", "the secret")
	assert sendblue.do("reply", PHONE) == f"{PHONE} replied STOP; MedGrid answered 204."
	medgrid.close()
	head, _blank, body = medgrid.received[0].partition(b"\r\n\r\n")
	assert head.startswith(b"POST /hook ") and b"sb-signing-secret: the secret" in head
	message = json.loads(body)
	assert (message["number"], message["content"]) == (PHONE, "STOP")


def test_a_page_shows_what_arrived_and_its_buttons_do_the_same_as_what_is_typed(shipstation):
	first, second = orders_of(shipstation, KEYS, "A", "B")
	assert first in shipstation.page() and second in shipstation.page()
	answer = shipstation.press("buy-label", order=first, account=KEYS[0])
	assert f"{first} is shipped" in answer.text and answer.history[0].status_code == 303
	assert statuses(shipstation) == {first: "shipped", second: "awaiting_shipment"}
	assert "misbehaves on request: slow" in shipstation.press("be-slow", seconds="0.1").text
	assert "works as it should" in shipstation.press("recover").text
	refused = shipstation.press("buy-label", order="nobody's", account="")
	assert 'role="alert">There is no order nobody&#x27;s.' in refused.text


def test_each_row_has_a_button_for_what_can_be_done_with_it(shipstation):
	orders_of(shipstation, KEYS, "A")
	rows = re.findall(r"<tr>.*?</tr>", shipstation.page().partition("<tbody>")[2])
	buttons = re.findall(r'value="([a-z-]+)" aria-label', rows[0])
	assert buttons == ["buy-label", "void", "cancel"]


def test_text_of_others_is_no_markup_on_a_page(running):
	sendblue = running("sendblue")
	sendblue.control.add_account("key", "secret")
	headers = {"sb-api-key-id": "key", "sb-api-secret-key": "secret"}
	content = {"number": PHONE, "content": "<script>alert(1)</script>"}
	url = f"{sendblue.server.url}/api/send-message"
	assert sendblue.session.post(url, json=content, headers=headers, timeout=10).status_code == 200
	assert "<script>" not in sendblue.page() and "&lt;script&gt;" in sendblue.page()
	reflected = sendblue.session.get(f"{sendblue.server.url}/?said=<script>", timeout=10).text
	assert "<script>" not in reflected


@pytest.mark.parametrize(
	"headers",
	[
		{"Origin": "https://evil.example"},
		{"Origin": "null"},
		{"Host": "evil.example"},
		{"Host": "evil.example:80"},
	],
	ids=str,
)
def test_a_page_of_the_web_presses_no_button_and_calls_no_command(shipstation, headers):
	assert shipstation.press("be-down", headers=headers).status_code == 403
	url = f"{shipstation.server.url}/_control/reset"
	assert shipstation.session.post(url, data="{}", headers=headers, timeout=10).status_code == 403
	assert shipstation.control.faults() == [] and shipstation.control.accounts() == [KEYS[0], OTHER_KEYS[0]]


def test_the_pages_own_buttons_say_where_they_come_from(shipstation):
	answer = shipstation.press("be-down", headers={"Origin": shipstation.server.url})
	assert answer.status_code == 200 and len(shipstation.control.faults()) == 1


# What is typed


@pytest.mark.parametrize(
	("words", "simulator", "operation", "values"),
	[
		(["buy-label", "SAL-1"], "shipstation", "buy-label", ["SAL-1"]),
		(["shipstation", "orders"], "shipstation", "orders", []),
		(["reply", PHONE, "START"], "sendblue", "reply", [PHONE, "START"]),
		(["fulfill"], "shopify", "fulfill", []),
		(["vertex", "be-slow", "2"], "vertex", "be-slow", ["2"]),
	],
)
def test_a_simulator_is_named_only_where_several_have_the_operation(words, simulator, operation, values):
	chosen = command.chosen(words)
	assert (chosen[0], chosen[1].name, list(chosen[2])) == (simulator, operation, values)


@pytest.mark.parametrize(
	("words", "sentence"),
	[
		(["explode"], "There is no 'explode'"),
		(["orders"], "Whose\\? Type one of: shipstation orders, shopify orders"),
		(["sendblue", "fulfill"], "sendblue has no 'fulfill'"),
	],
)
def test_what_nobody_has_is_refused_with_what_there_is(words, sentence):
	with pytest.raises(ControlRefused, match=sentence):
		command.chosen(words)


def test_too_many_words_are_refused(shipstation):
	with pytest.raises(ControlRefused, match=r"Type: buy-label \[order\] \[account\]"):
		shipstation.do("buy-label", "a", "b", "c")


def test_a_table_is_printed_in_columns_and_obeys_no_control_characters():
	rows = [{"order": "A", "status": "x\x1b[31m"}, {"order": "LONGER", "status": "y"}]
	assert command.as_text(rows).splitlines() == ["order   status", "A       x\\x1b[31m", "LONGER  y"]
	assert command.as_text([]) == "Nothing yet."


def test_do_without_words_lists_everything(capsys):
	assert command.main([]) == 0
	listed = capsys.readouterr().out
	for name in ("orders", "buy-label", "void", "be-slow", "reject-keys", "reply", "fulfill"):
		assert name in listed


def test_a_command_acts_on_this_sites_simulator(environment, capsys):
	assert command.main(["vertex", "journal"]) == 0
	assert command.main(["vertex", "explode"]) == 1
	assert "vertex has no 'explode'" in capsys.readouterr().err


# the pages in a browser


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SIMULATORS)
def test_every_page_is_accessible_and_fits_in_each_state(running, browser, name, scheme, size):
	simulator = running(name)
	width, height = size
	context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
	try:
		page = context.new_page()
		page.goto(simulator.server.url)
		states = {"nothing yet": violations_on(page)}
		if name == "shipstation":
			simulator.control.add_account(*KEYS)
			orders_of(simulator, KEYS, "A", "B-with-a-number-that-is-long-for-a-phone")
			simulator.do("buy-label")
		page.get_by_role("button", name="Be down", exact=True).press("Enter")
		expect(page.get_by_role("status")).to_be_visible()
		states["misbehaving, with rows"] = violations_on(page)
		page.goto(f"{simulator.server.url}/?failed=There+is+no+order+that+is+open.")
		states["refused"] = violations_on(page)
		assert not any(states.values()), states
		assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
	finally:
		context.close()


def violations_on(page) -> list[str]:
	found = Axe().run(page).response["violations"]
	return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]

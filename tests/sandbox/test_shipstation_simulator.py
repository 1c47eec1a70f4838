"""The simulated ShipStation: as strict as the real one, and as unreliable as it is told to be."""

import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest
import requests

from sandbox import ports
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account import tracking_numbers
from sandbox.simulators.shipstation.remote import ShipStationControl
from sandbox.simulators.shipstation.service import SERVICE
from tests.support.http import direct_session
from tests.support.waiting import wait_for

pytestmark = pytest.mark.stand_in

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET = "key-a", "secret-a"
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}0000"
ADDRESS = {
	"name": "Dr. Ada Byrne",
	"street1": "400 Harbor Blvd",
	"city": "San Diego",
	"state": "CA",
	"postalCode": "92101",
	"country": "US",
	"phone": "",
}


class Client:
	"""Calls the public API the way a program would, without the environment's proxies."""

	def __init__(self, url, key=KEY, secret=SECRET):
		self.url = url
		self.session = direct_session()
		self.session.auth = (key, secret)

	def get(self, path, timeout=5, **parameters):
		return self.session.get(self.url + path, params=parameters, timeout=timeout)

	def post(self, path, json, timeout=5):
		return self.session.post(self.url + path, json=json, timeout=timeout)

	def create(self, timeout=5, **changes):
		return self.post("/orders/createorder", order(**changes), timeout)


def order(**changes):
	"""An order that ShipStation accepts; a change to None leaves the field out."""
	content = {
		"orderNumber": "SAL-1",
		"orderKey": "SAL-1",
		"orderDate": "2026-06-18",
		"orderStatus": "awaiting_shipment",
		"customerEmail": "ada@example.com",
		"amountPaid": 91.00,
		"billTo": {"name": "Dr. Ada Byrne"},
		"shipTo": ADDRESS,
		"items": [item()],
		**changes,
	}
	return {name: value for name, value in content.items() if value is not None}


def item(**changes):
	return {"lineItemKey": "row-1", "sku": "VD3", "name": "D3", "quantity": 2, "unitPrice": 28.5, **changes}


@pytest.fixture(scope="module")
def server():
	server = SERVICE.start()
	yield server
	server.stop()


@pytest.fixture
def control(server):
	control = ShipStationControl(server.url)
	control.reset()
	control.add_account(KEY, SECRET, limit=1000)
	return control


@pytest.fixture
def client(control):
	return Client(control.url)


def model_state(answer):
	assert answer.status_code == 400
	assert answer.json()["Message"] == "The request is invalid."
	return answer.json()["ModelState"]


# Who may call, and how often


def test_the_right_keys_list_the_tags(client):
	answer = client.get("/accounts/listtags")
	assert answer.status_code == 200
	assert answer.json() == [{"tagId": 1, "name": "Amazon Prime Order", "color": "#DD0031"}]


@pytest.mark.parametrize(("key", "secret"), [(KEY, "wrong"), ("unknown", SECRET), ("", "")])
def test_wrong_keys_are_denied_with_rate_limit_headers_and_no_effect(control, key, secret):
	answer = Client(control.url, key, secret).create()
	assert answer.status_code == 401
	assert answer.json() == {"Message": "Authorization has been denied for this request."}
	assert answer.headers["X-Rate-Limit-Limit"] == "40"
	assert control.orders(KEY) == []


def test_a_request_without_basic_auth_is_denied(control):
	for header in ({}, {"Authorization": "Bearer abc"}, {"Authorization": "Basic not base64"}):
		answer = direct_session().get(control.url + "/shipments", headers=header, timeout=5)
		assert answer.status_code == 401


@pytest.mark.parametrize(
	("shape", "content_type", "text"),
	[
		("lowercase", "application/json", '{"message":"Authorization has been denied for this request."}'),
		("html", "text/html", "401 Unauthorized"),
		("empty", "application/json", ""),
	],
)
def test_a_denial_takes_the_shape_that_was_asked_for(control, shape, content_type, text):
	control.set_denial(shape)
	answer = Client(control.url, KEY, "wrong").get("/accounts/listtags")
	assert answer.status_code == 401
	assert answer.headers["Content-Type"].startswith(content_type)
	assert text in answer.text


def test_regenerated_keys_replace_the_old_secret_and_keep_the_orders(control, client):
	client.create()
	control.add_account(KEY, "new")
	assert client.get("/orders").status_code == 401
	assert Client(control.url, KEY, "new").get("/orders").json()["total"] == 1


def test_one_account_does_not_see_the_orders_of_another(control, client):
	control.add_account("key-b", "secret-b")
	other = Client(control.url, "key-b", "secret-b")
	mine, theirs = client.create().json(), other.create().json()
	assert mine["orderId"] != theirs["orderId"]
	assert other.get(f"/orders/{mine['orderId']}").status_code == 404


def test_every_answer_says_what_is_left_of_the_window(control, client):
	control.set_limit(KEY, 40, 60)
	answers = [client.get("/accounts/listtags"), client.get("/nowhere"), client.post("/shipments", {})]
	assert [answer.status_code for answer in answers] == [200, 404, 405]
	assert [answer.headers["X-Rate-Limit-Remaining"] for answer in answers] == ["39", "38", "37"]
	assert {answer.headers["X-Rate-Limit-Limit"] for answer in answers} == {"40"}
	assert all(59 <= int(answer.headers["X-Rate-Limit-Reset"]) <= 60 for answer in answers)


def test_over_the_limit_nothing_happens(control, client):
	control.set_limit(KEY, 2, 60)
	assert [client.create(orderKey=f"K{number}").status_code for number in range(4)] == [200, 200, 429, 429]
	refused = client.create(orderKey="K4")
	assert refused.json() == {"message": "Too Many Requests"}
	assert refused.headers["X-Rate-Limit-Remaining"] == "0"
	assert 55 <= int(refused.headers["X-Rate-Limit-Reset"]) <= 60
	assert [stored["orderKey"] for stored in control.orders(KEY)] == ["K0", "K1"]


def test_the_limit_holds_for_requests_at_the_same_time(control):
	control.set_limit(KEY, 40, 60)
	with ThreadPoolExecutor(20) as pool:
		clients = [Client(control.url) for _one in range(60)]
		statuses = list(pool.map(lambda one: one.get("/accounts/listtags").status_code, clients))
	assert (statuses.count(200), statuses.count(429)) == (40, 20)


def test_unknown_paths_and_wrong_verbs_are_refused_in_shipstations_words(client):
	missing, wrong = client.get("/nothing"), client.get("/orders/createorder")
	assert missing.status_code == 404
	assert missing.json()["Message"].startswith("No HTTP resource was found")
	assert wrong.status_code == 405
	assert wrong.json()["Message"] == "The requested resource does not support http method 'GET'."
	assert wrong.headers["Allow"] == "POST"


# Orders


def test_creating_an_order_answers_with_the_whole_order(control, client):
	answer = client.create(taxAmount=4.5)
	created = answer.json()
	assert answer.status_code == 200
	assert created["orderId"] > 90_000_000
	assert (created["orderKey"], created["orderDate"]) == ("SAL-1", "2026-06-18T00:00:00.0000000")
	assert re.fullmatch(TIMESTAMP, created["createDate"])
	assert created["modifyDate"] == created["createDate"]
	assert (created["items"][0]["unitPrice"], created["orderTotal"]) == (28.5, 61.5)
	assert control.orders(KEY) == [created]


def test_the_same_key_replaces_the_order_as_a_whole(control, client):
	first = client.create(internalNotes="gone after the update").json()

	def replaced():
		order = client.create(items=[item(lineItemKey="row-2")]).json()
		return order if order["modifyDate"] > first["modifyDate"] else None

	second = wait_for(replaced)
	assert second["orderId"] == first["orderId"]
	assert (second["createDate"], second["internalNotes"]) == (first["createDate"], None)
	assert [line["lineItemKey"] for line in second["items"]] == ["row-2"]
	assert len(control.orders(KEY)) == 1


def test_without_a_key_every_call_creates_an_order_with_a_key_of_its_own(control, client):
	keys = {client.create(orderKey=None).json()["orderKey"] for _again in range(3)}
	assert len(keys) == len(control.orders(KEY)) == 3
	assert all(len(key) == 36 for key in keys)


@pytest.mark.parametrize("status", ["shipped", "cancelled"])
def test_a_shipped_or_cancelled_order_is_locked(control, client, status):
	created = client.create().json()
	control.set_order_status(KEY, created["orderId"], status)
	answer = client.create(amountPaid=1)
	assert answer.status_code == 400
	assert answer.json() == {"Message": f"Order SAL-1 is {status} and cannot be modified through the API."}
	assert control.orders(KEY)[0]["amountPaid"] == 91


@pytest.mark.parametrize("field", ["orderNumber", "orderDate", "orderStatus", "billTo", "shipTo"])
def test_a_missing_field_is_named(control, client, field):
	state = model_state(client.create(**{field: None}))
	assert state == {f"apiOrder.{field}": [f"The {field} field is required."]}
	assert control.orders(KEY) == []


@pytest.mark.parametrize("field", ["name", "street1", "city", "state", "postalCode", "country"])
@pytest.mark.parametrize("blank", [None, ""])
def test_a_destination_is_complete_or_refused(client, field, blank):
	assert list(model_state(client.create(shipTo={**ADDRESS, field: blank}))) == [f"apiOrder.shipTo.{field}"]


def test_a_destination_needs_no_state_or_postal_code_where_its_country_has_none(client):
	hong_kong = {**ADDRESS, "country": "HK", "state": None, "postalCode": None}
	assert client.create(shipTo=hong_kong).status_code == 200
	singapore = {**ADDRESS, "country": "SG", "state": None}
	assert client.create(shipTo=singapore).status_code == 200


@pytest.mark.parametrize(
	("changes", "where"),
	[
		({"orderNumber": "x" * 51}, "apiOrder.orderNumber"),
		({"orderDate": "soon"}, "apiOrder.orderDate"),
		({"orderStatus": "new"}, "apiOrder.orderStatus"),
		({"billTo": {"name": " "}}, "apiOrder.billTo.name"),
		({"shipTo": {**ADDRESS, "country": "United States"}}, "apiOrder.shipTo.country"),
		({"items": [item(quantity=1.5)]}, "apiOrder.items[0].quantity"),
		({"items": [item(), item(quantity=-1)]}, "apiOrder.items[1].quantity"),
		({"items": [item(unitPrice="a lot")]}, "apiOrder.items[0].unitPrice"),
		({"weight": {"value": 2, "units": "kg"}}, "apiOrder.weight.units"),
		({"items": [item(weight={"units": "grams"})]}, "apiOrder.items[0].weight.value"),
	],
)
def test_a_field_that_does_not_fit_is_named(control, client, changes, where):
	state = model_state(client.create(**changes))
	assert list(state) == [where]
	assert state[where][0]
	assert control.orders(KEY) == []


def test_a_body_that_is_no_order_is_refused(client):
	url = client.url + "/orders/createorder"
	json_header = {"Content-Type": "application/json"}
	for body in ("{", "", "null", "[1]", '"text"'):
		assert model_state(client.session.post(url, data=body, headers=json_header, timeout=5))
	form = client.session.post(url, data={"orderNumber": "1"}, timeout=5)
	assert form.status_code == 415


def test_a_batch_reports_each_order_and_keeps_the_good_ones(control, client):
	batch = [order(orderKey="A"), order(orderKey="B", shipTo=None), order(orderKey="C")]
	answer = client.post("/orders/createorders", batch)
	results = answer.json()["results"]
	assert (answer.status_code, answer.json()["hasErrors"]) == (202, True)
	assert [result["success"] for result in results] == [True, False, True]
	assert results[1]["errorMessage"] == "The shipTo field is required."
	assert results[1]["orderId"] is None
	assert [stored["orderKey"] for stored in control.orders(KEY)] == ["A", "C"]


def test_a_batch_holds_a_hundred_orders_and_no_more(control, client):
	batch = [order(orderKey=f"K{number}") for number in range(101)]
	assert list(model_state(client.post("/orders/createorders", batch))) == ["apiOrders"]
	assert control.orders(KEY) == []
	answer = client.post("/orders/createorders", batch[:100])
	assert (answer.status_code, answer.json()["hasErrors"]) == (200, False)
	assert len(control.orders(KEY)) == 100
	assert list(model_state(client.post("/orders/createorders", order()))) == ["apiOrders"]


def test_an_order_is_found_by_its_id(client):
	created = client.create().json()
	assert client.get(f"/orders/{created['orderId']}").json() == created
	missing = client.get("/orders/1")
	assert missing.status_code == 404
	assert missing.json() == {"Message": "Order 1 was not found."}


def test_orders_are_found_by_the_beginning_of_their_number_and_by_status(client):
	for number, status in [("SAL-1", "on_hold"), ("SAL-10", "awaiting_shipment"), ("PUR-1", "on_hold")]:
		client.create(orderNumber=number, orderKey=number, orderStatus=status)

	def numbers(**filters):
		return [found["orderNumber"] for found in client.get("/orders", **filters).json()["orders"]]

	assert numbers(orderNumber="SAL-1") == ["SAL-1", "SAL-10"]
	assert numbers(orderStatus="on_hold") == ["SAL-1", "PUR-1"]
	assert numbers(orderNumber="SAL", orderStatus="on_hold", createDateStart="2020-01-01") == ["SAL-1"]
	assert numbers(createDateEnd="2020-01-01") == []


# Shipments and Pacific time


def test_a_label_ships_the_order_and_is_listed_without_its_items(control, client):
	created = client.create(weight={"value": 12, "units": "ounces"}).json()
	bought = control.buy_label(KEY, order_key="SAL-1")
	page = client.get("/shipments", orderId=created["orderId"]).json()
	shipment = page["shipments"][0]
	assert (page["total"], page["page"], page["pages"]) == (1, 1, 1)
	assert shipment == {**bought, "shipmentItems": None}
	assert (shipment["orderKey"], shipment["orderNumber"]) == ("SAL-1", "SAL-1")
	assert (shipment["carrierCode"], shipment["serviceCode"]) == ("ups", "ups_ground")
	assert (shipment["voided"], shipment["voidDate"], shipment["isReturnLabel"]) == (False, None, False)
	assert shipment["weight"] == {"value": 12, "units": "ounces"}
	assert control.orders(KEY)[0]["orderStatus"] == "shipped"


def test_items_of_a_shipment_come_when_asked_for(control, client):
	client.create()
	control.buy_label(KEY, order_key="SAL-1")
	shipment = client.get("/shipments", includeShipmentItems="true").json()["shipments"][0]
	assert [(line["sku"], line["quantity"]) for line in shipment["shipmentItems"]] == [("VD3", 2)]


@pytest.mark.parametrize(
	("carrier", "shape"),
	[
		("ups", r"1Z999AA103\d{8}"),
		("stamps_com", r"9400\d{18}"),
		("fedex", r"\d{12}"),
		("dhl_express", r"\d{10}"),
	],
)
def test_tracking_numbers_look_like_their_carriers(control, client, carrier, shape):
	client.create()
	numbers = {control.buy_label(KEY, "SAL-1", carrier=carrier)["trackingNumber"] for _again in range(2)}
	assert len(numbers) == 2
	assert all(re.fullmatch(shape, number) for number in numbers)


@pytest.mark.parametrize(
	("made", "published"),
	[
		(tracking_numbers._ups("01", 2345678), "1Z999AA10123456784"),
		(tracking_numbers._usps(6170468118), "9400111899561704681189"),
	],
)
def test_check_digits_are_those_of_published_numbers(made, published):
	assert made == published


def test_a_voided_label_stays_listed_and_reopens_the_order_when_it_was_the_last(control, client):
	client.create()
	first, second = control.buy_label(KEY, "SAL-1"), control.buy_label(KEY, "SAL-1")
	control.void_label(first["shipmentId"])
	assert control.orders(KEY)[0]["orderStatus"] == "shipped"
	control.void_label(second["shipmentId"])
	assert control.orders(KEY)[0]["orderStatus"] == "awaiting_shipment"
	shipments = client.get("/shipments").json()["shipments"]
	assert [shipment["voided"] for shipment in shipments] == [True, True]
	assert re.fullmatch(TIMESTAMP, shipments[0]["voidDate"])


def test_a_changed_tracking_number_is_what_is_found_from_then_on(control, client):
	client.create()
	shipment = control.buy_label(KEY, "SAL-1", tracking_number="OLD", ship_date="2026-11-21")
	control.change_tracking(shipment["shipmentId"], "NEW")
	assert client.get("/shipments", trackingNumber="OLD").json()["total"] == 0
	found = client.get("/shipments", trackingNumber="NEW").json()["shipments"][0]
	assert (found["shipmentId"], found["shipDate"]) == (shipment["shipmentId"], "2026-11-21")


def test_shipments_are_filtered_by_their_pacific_creation_time(control, client):
	client.create()
	for moment in ("2026-11-20T23:59:59", "2026-11-21T00:00:00", "2026-11-21T18:03:04.123"):
		control.buy_label(KEY, "SAL-1", create_date=moment)

	def created(**filters):
		shipments = client.get("/shipments", **filters).json()["shipments"]
		return [shipment["createDate"][:19] for shipment in shipments]

	assert created(createDateStart="2026-11-21") == ["2026-11-21T00:00:00", "2026-11-21T18:03:04"]
	assert created(createDateEnd="2026-11-20T23:59:59.9990000") == ["2026-11-20T23:59:59"]
	# 08:00 UTC is midnight in Los Angeles in winter.
	assert created(createDateStart="2026-11-21T08:00:01Z") == ["2026-11-21T18:03:04"]
	assert created(orderNumber="SAL-1", sortDir="DESC")[0] == "2026-11-21T18:03:04"


def test_times_are_pacific_with_seven_fractional_digits(control, client):
	client.create()
	shipment = control.buy_label(KEY, "SAL-1", create_date="2026-11-21T18:03:04.123")
	assert (shipment["createDate"], shipment["shipDate"]) == ("2026-11-21T18:03:04.1230000", "2026-11-21")
	now = control.buy_label(KEY, "SAL-1")["createDate"]
	pacific = datetime.now(timezone.utc).astimezone(clock.PACIFIC).replace(tzinfo=None)
	assert abs(pacific - clock.parse(now)).total_seconds() < 5
	assert clock.as_text(clock.parse("2026-06-18T12:00:00.1234567Z")) == "2026-06-18T05:00:00.1230000"


def test_pages_hold_a_hundred_by_default_and_five_hundred_at_most(control, client):
	ids = [made["orderId"] for made in control.make_orders(KEY, 501)]
	control.make_shipments(KEY, ids)

	def page(**parameters):
		answer = client.get("/shipments", **parameters).json()
		return len(answer["shipments"]), answer["total"], answer["page"], answer["pages"]

	assert page() == (100, 501, 1, 6)
	assert page(pageSize=500) == (500, 501, 1, 2)
	assert page(pageSize=500, page=2) == (1, 501, 2, 2)
	assert page(pageSize=500, page=3) == (0, 501, 3, 2)
	seen = {
		one["orderId"]
		for n in (1, 2)
		for one in client.get("/shipments", pageSize=500, page=n).json()["shipments"]
	}
	assert seen == set(ids)


@pytest.mark.parametrize(
	("name", "value"),
	[
		("pageSize", 501),
		("page", 0),
		("orderId", "SAL-1"),
		("createDateStart", "yesterday"),
		("orderID", 1),
	],
)
def test_a_parameter_that_makes_no_sense_is_named(client, name, value):
	assert list(model_state(client.get("/shipments", **{name: value}))) == [name]


def test_no_shipments_are_an_empty_page(client):
	assert client.get("/shipments").json() == {"shipments": [], "total": 0, "page": 1, "pages": 0}


# Misbehaviour


def test_too_many_comes_although_the_limit_is_not_reached(control, client):
	control.fault("too_many", times=2, seconds=3)
	for _again in range(2):
		answer = client.create()
		assert (answer.status_code, answer.json()) == (429, {"message": "Too Many Requests"})
		assert (answer.headers["X-Rate-Limit-Reset"], answer.headers["X-Rate-Limit-Remaining"]) == ("3", "0")
	assert control.orders(KEY) == []
	assert client.create().status_code == 200


@pytest.mark.parametrize("status", [402, 500, 502, 503])
def test_a_status_comes_as_html_and_with_rate_limit_headers(control, client, status):
	control.fault("status", status=status)
	answer = client.create()
	assert answer.status_code == status
	assert (answer.headers["Content-Type"], answer.headers["X-Rate-Limit-Limit"]) == (
		"text/html; charset=utf-8",
		"1000",
	)
	assert str(status) in answer.text
	assert control.orders(KEY) == []


def test_a_status_can_hide_that_the_order_was_accepted(control, client):
	control.fault("status", status=500, body='{"Message":"An error has occurred."}', processed=True)
	answer = client.create()
	assert (answer.status_code, answer.json()) == (500, {"Message": "An error has occurred."})
	assert len(control.orders(KEY)) == 1


@pytest.mark.parametrize(("kind", "orders"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_timeout_leaves_the_client_without_an_answer(control, client, kind, orders):
	control.fault(kind, seconds=5)
	with pytest.raises(requests.ReadTimeout):
		client.create(timeout=0.2)
	assert len(control.orders(KEY)) == orders
	assert [(entry["status"], entry["fault"]) for entry in control.received()] == [(None, kind)]


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after"])
def test_a_patient_client_sees_the_connection_close_after_the_hanging(control, client, kind):
	control.fault(kind, seconds=0.2)
	started = time.monotonic()
	with pytest.raises(requests.ConnectionError):
		client.create()
	assert time.monotonic() - started >= 0.2


def test_a_dropped_answer_is_lost_but_the_order_is_there(control, client):
	control.fault("drop_after")
	with pytest.raises(requests.ConnectionError):
		client.create()
	assert len(control.orders(KEY)) == 1
	assert client.create().json()["orderId"] == control.orders(KEY)[0]["orderId"]


def test_half_an_answer_breaks_off_but_the_order_is_there(control, client):
	control.fault("half")
	with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
		client.create()
	assert len(control.orders(KEY)) == 1


@pytest.mark.parametrize("body", [None, "<html>Sign in</html>"])
def test_a_malformed_answer_is_a_200_that_no_parser_takes(control, client, body):
	control.fault("malformed", body=body)
	answer = client.create()
	assert answer.status_code == 200
	assert answer.text == (body or '{"orderId": 1, "ord')
	with pytest.raises(requests.JSONDecodeError):
		answer.json()
	assert len(control.orders(KEY)) == 1


def test_null_is_a_null_order_or_null_shipments(control, client):
	control.fault("null", times=2)
	assert client.create().json() is None
	assert client.get("/shipments").json() == {"shipments": None, "total": 0, "page": 1, "pages": 0}


def test_a_slow_answer_is_late_and_holds_up_nobody_else(control, client):
	control.fault("slow", path="/orders/createorder", seconds=3)
	slow = threading.Thread(target=client.create)
	slow.start()
	wait_for(lambda: control.orders(KEY))
	assert Client(control.url).get("/shipments").status_code == 200
	assert slow.is_alive()
	slow.join()


def test_a_fault_hits_only_what_it_was_meant_for(control, client):
	control.add_account("key-b", "secret-b")
	control.fault("status", status=500, path="/orders/*", method="POST", api_key=KEY)
	assert Client(control.url, "key-b", "secret-b").create().status_code == 200
	assert client.get("/orders/1").status_code == 404
	assert client.get("/accounts/listtags").status_code == 200
	assert client.create().status_code == 500
	assert client.create().status_code == 200
	assert control.faults() == []


def test_a_fault_without_times_lasts_until_it_is_cleared(control, client):
	control.fault("status", times=None, status=503)
	assert [client.get("/orders").status_code for _again in range(5)] == [503] * 5
	control.clear_faults()
	assert client.get("/orders").status_code == 200


# Steering and reading


@pytest.mark.parametrize(
	("call", "reason"),
	[
		(lambda control: control.fault("earthquake"), "Unknown fault 'earthquake'"),
		(lambda control: control.fault("status"), "needs a status"),
		(lambda control: control.orders("unknown"), "no account with the key 'unknown'"),
		(lambda control: control.buy_label(KEY, "SAL-1"), "No order has the key 'SAL-1'"),
		(lambda control: control.buy_label(KEY), "by its key or by its id"),
		(lambda control: control.void_label(1), "no shipment 1"),
		(lambda control: control.set_denial("loud"), "Unknown shape 'loud'"),
		(lambda control: control._call("buy_label", key="x"), "missing a required argument: 'api_key'"),
		(lambda control: control._call("explode"), "no command"),
	],
)
def test_a_control_call_that_makes_no_sense_says_why(control, call, reason):
	with pytest.raises(ControlRefused, match=reason):
		call(control)


def test_a_cancelled_order_gets_no_label(control, client):
	created = client.create().json()
	control.set_order_status(KEY, created["orderId"], "cancelled")
	with pytest.raises(ControlRefused, match="Order SAL-1 is cancelled"):
		control.buy_label(KEY, order_id=created["orderId"])
	assert control.shipments(KEY) == []


def test_the_journal_has_what_was_sent_and_answered_but_no_secret(control, client):
	client.create()
	client.get("/shipments", orderId=1)
	Client(control.url, "key-b", "hidden").get("/orders")
	sent, asked, denied = control.received()
	assert (sent["method"], sent["path"], sent["status"]) == ("POST", "/orders/createorder", 200)
	assert sent["body"] == order()
	assert (asked["query"], asked["body"]) == ({"orderId": "1"}, None)
	assert (denied["api_key"], denied["status"]) == ("key-b", 401)
	assert control.received("key-b") == [denied]
	assert SECRET not in str(control.received()) and "hidden" not in str(control.received())
	control.clear_received()
	assert control.received() == []


def test_thousands_of_orders_and_shipments_are_made_in_one_call(control, client):
	orders = control.make_orders(KEY, keys=[f"SAL-{number}" for number in range(5000)])
	shipments = control.make_shipments(KEY, [made["orderId"] for made in orders[:1000]])
	assert (orders[7]["orderKey"], shipments[7]["orderId"]) == ("SAL-7", orders[7]["orderId"])
	assert client.get("/orders", orderStatus="awaiting_shipment").json()["total"] == 4000
	assert len(control.make_shipments(KEY)) == 4000


def test_connections_are_kept(client):
	for _again in range(50):
		assert client.get("/accounts/listtags").status_code == 200
	(pool,) = client.session.get_adapter(client.url).poolmanager.pools._container.values()
	assert pool.num_connections == 1


def test_the_command_serves_on_loopback_and_prints_a_line_for_each_request():
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	arguments = [sys.executable, "-m", "sandbox.simulators", "shipstation", "--port", str(port)]
	with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
		try:
			wait_for(lambda: ports.is_open(port))
			assert Client(f"http://127.0.0.1:{port}").get("/orders").status_code == 401
			assert process.stdout and "key-a  GET /orders  401" in process.stdout.readline()
		finally:
			process.terminate()


def test_nothing_but_loopback_is_listened_on(server):
	assert server.server_address[0] == "127.0.0.1"


def test_a_stopped_simulator_answers_nobody_not_even_on_open_connections():
	server = SERVICE.start()
	control, client = ShipStationControl(server.url), Client(server.url)
	control.add_account(KEY, SECRET)
	assert client.get("/orders").status_code == 200
	server.stop()
	for one in (client, Client(server.url)):
		with pytest.raises(requests.ConnectionError):
			one.get("/orders")


def test_the_command_prints_what_a_running_simulator_received(control, client):
	client.create()
	control.fault("drop_after")
	with pytest.raises(requests.ConnectionError):
		client.get("/shipments", orderId=1)
	first, second = command("--print", control.url).stdout.splitlines()
	assert "key-a  POST /orders/createorder  200  SAL-1, 1 line, 91.0 paid, to San Diego CA" in first
	assert "key-a  GET /shipments?orderId=1  no answer (drop_after)" in second


def test_the_command_says_when_no_simulator_answers():
	done = command("--print", "http://127.0.0.1:1")
	assert done.returncode == 1
	assert "No simulator answers at http://127.0.0.1:1" in done.stderr


def command(*arguments):
	return subprocess.run(
		[sys.executable, "-m", "sandbox.simulators", "shipstation", *arguments],
		cwd=ROOT,
		capture_output=True,
		text=True,
		timeout=10,
	)

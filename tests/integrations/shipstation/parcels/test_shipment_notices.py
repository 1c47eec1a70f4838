"""ShipStation's webhook SHIP_NOTIFY brings tracking within a minute."""

import json
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
import requests

from medgrid.integrations.connections import records
from medgrid.integrations.shipstation.client import client_of
from medgrid.integrations.shipstation.parcels import notices
from tests.support import limits
from tests.support.changes import update_items
from tests.support.http import error
from tests.support.records import write_values
from tests.support.vendors import deliver, fresh, order
from tests.support.waiting import wait_for_jobs, wait_until_equal


@pytest.fixture(autouse=True)
def told_of_labels(shipstation):
	shipstation.set_notices(sent=True)


@pytest.fixture
def pushed(connected):
	"""A pushed order, and a subscription: the first sync makes it."""
	sales_order = order((connected.item, 2, 10))
	connected.stats()
	return sales_order


def address_of(vendor) -> str:
	[subscription] = vendor.shipstation.webhooks(vendor.api_key)
	return subscription["Url"]


def post(environment, address: str, content) -> requests.Response:
	parts = urlsplit(address)
	url = f"{environment.url}{parts.path}?{parts.query}"
	headers = {"Content-Type": "application/json"}
	with requests.Session() as session:
		session.trust_env = False
		return session.post(url, data=json.dumps(content), headers=headers, timeout=30)


def shipments_requests(vendor) -> list[dict]:
	received = vendor.shipstation.received(vendor.api_key)
	return [entry["query"] for entry in received if entry["path"] == "/shipments"]


def test_the_first_sync_subscribes_once(connected, pushed):
	connected.stats()
	[subscription] = connected.shipstation.webhooks(connected.api_key)
	assert subscription["HookType"] == "SHIP_NOTIFY"
	query = parse_qs(urlsplit(subscription["Url"]).query)
	assert query["connection"] == [connected.connection()]
	assert len(query["secret"][0]) == 64


def test_a_label_brings_its_number_without_a_sync(connected, pushed):
	note = deliver(pushed.name)
	connected.shipstation.clear_received()
	label = connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	wait_until_equal(lambda: fresh(note).lr_no, label["trackingNumber"])
	assert [set(query) for query in shipments_requests(connected)] == [
		{"batchId", "includeShipmentItems", "page", "pageSize"}
	]
	assert connected.record(pushed.name).status == "Delivered"


def test_a_label_that_is_told_before_a_change_is_sent_makes_the_change_an_issue(connected, pushed):
	"""The next sync cannot send the change any more, and somebody must learn that."""
	update_items(pushed, (1, 5))
	wait_for_jobs()
	connected.shipstation.buy_label(connected.api_key, order_key=pushed.name)
	wait_until_equal(lambda: connected.record(pushed.name).status, "Shipped")
	connected.stats()
	record = connected.record(pushed.name)
	assert (record.is_changed, record.who_acts) == (1, "Wholesaler")
	sentence = f"The quantity of row 1 ({connected.item}) is 5; 2 was sent. The vendor has shipped it"
	assert sentence in record.reason
	filters = {"reference_name": record.name, "open_key": ("is", "set")}
	assert sentence in frappe.get_value("Integration Issue", filters, "detail")


@pytest.mark.parametrize(
	"resource",
	[
		"http://169.254.169.254/shipments?batchId=7",
		"https://evil.example/shipments?batchId=7",
		"https://ssapi.shipstation.com.evil.example/shipments?batchId=7",
		"https://ssapi6.shipstation.com/orders?batchId=7",
		"https://[",
	],
)
def test_what_is_no_address_of_shipstations_labels_is_not_asked(connected, pushed, environment, resource):
	connected.shipstation.clear_received()
	content = {"resource_url": resource, "resource_type": "SHIP_NOTIFY"}
	answer = post(environment, address_of(connected), content)
	assert (answer.status_code, answer.json()["message"]) == (200, {"status": "ok"})
	wait_for_jobs()
	assert shipments_requests(connected) == []
	frappe.db.rollback()
	event = frappe.get_last_doc("Integration Event", {"source": "shipstation"})
	assert event.outcome == "Ignored"


@pytest.mark.parametrize("query", ["", "?batchId=7%26orderId%3D1", "?importBatch=1ab23c4d-12ab"])
def test_without_the_number_of_a_batch_the_last_hours_are_asked(connected, pushed, environment, query):
	connected.shipstation.clear_received()
	resource = f"https://ssapi6.shipstation.com/shipments{query}"
	content = {"resource_url": resource, "resource_type": "SHIP_NOTIFY"}
	assert post(environment, address_of(connected), content).status_code == 200
	wait_for_jobs()
	assert ["createDateStart" in asked for asked in shipments_requests(connected)] == [True]


@pytest.mark.parametrize("content", [[], {"resource_type": "SHIP_NOTIFY"}, {"resource_url": 5}])
def test_what_is_no_notice_is_acknowledged_and_does_nothing(connected, pushed, environment, content):
	connected.shipstation.clear_received()
	assert post(environment, address_of(connected), content).status_code == 200
	wait_for_jobs()
	assert shipments_requests(connected) == []


def test_without_the_secret_nothing_happens(connected, other_vendor, pushed, environment):
	address = address_of(connected)
	content = {
		"resource_url": "https://ssapi6.shipstation.com/shipments?batchId=1",
		"resource_type": "SHIP_NOTIFY",
	}
	for wrong in (
		address.replace("secret=", "secret=x"),
		address.split("&secret=")[0],
		address.replace(f"connection={connected.connection()}", "connection=other"),
	):
		answer = post(environment, wrong, content)
		assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
	connected.connect(api_key=other_vendor.api_key, api_secret=other_vendor.api_secret)
	assert post(environment, address, content).status_code == 401


def test_the_same_notice_counts_once(connected, pushed, environment):
	connected.shipstation.clear_received()
	content = {
		"resource_url": "https://ssapi6.shipstation.com/shipments?batchId=5",
		"resource_type": "SHIP_NOTIFY",
	}
	for _time in range(2):
		assert post(environment, address_of(connected), content).status_code == 200
	wait_for_jobs()
	assert len(shipments_requests(connected)) == 1


def notice(number: int) -> dict:
	resource = f"https://ssapi6.shipstation.com/shipments?batchId={number}"
	return {"resource_url": resource, "resource_type": "SHIP_NOTIFY"}


def test_a_flood_of_batches_is_one_job_for_all_of_the_last_hours(connected, pushed, environment):
	limits.exhaust(notices.OWN_JOBS, connected.connection())
	connected.shipstation.clear_received()
	statuses = [post(environment, address_of(connected), notice(number)).status_code for number in range(5)]
	wait_for_jobs()
	limits.lift()
	assert statuses == [200] * 5
	asked = shipments_requests(connected)
	assert 1 <= len(asked) <= 5
	assert all("createDateStart" in query and "batchId" not in query for query in asked)


def test_whoever_knows_the_secret_may_not_flood(connected, other_vendor, pushed, environment):
	events = frappe.db.count("Integration Event", {"source": "shipstation"})
	limits.exhaust(notices.NOTICES, connected.connection())
	connected.shipstation.clear_received()
	answer = post(environment, address_of(connected), notice(8))
	wait_for_jobs()
	error(answer, 429, "RateLimitExceededError")
	assert int(answer.headers["Retry-After"]) >= 1
	assert shipments_requests(connected) == []
	frappe.db.rollback()
	assert frappe.db.count("Integration Event", {"source": "shipstation"}) == events
	limits.lift()
	assert post(environment, address_of(connected), notice(8)).status_code == 200
	wait_for_jobs()


def test_a_site_without_tls_subscribes_only_where_shipstation_has_none_either(connected, monkeypatch):
	connection = records.get(connected.connection())
	monkeypatch.setattr(notices, "base_url", lambda service: "https://ssapi.shipstation.com")
	write_values("Vendor Connection", connection.name, "webhook_subscription", None)
	assert notices.target_url(connection).startswith("http://")
	with client_of(connection, float("inf")) as client:
		notices.subscribe(client, connection)
	assert frappe.db.get_value("Vendor Connection", connection.name, "webhook_subscription") is None

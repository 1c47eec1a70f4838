"""The Exoceuticals store: from an empty link to a Sales Order that is fulfilled, with its tracking number."""

from datetime import date, timedelta

import requests

from sandbox.demo.client import TIMEOUT_SECONDS, Client, caller
from sandbox.demo.shops import STORE
from sandbox.simulators.shopify.remote import ShopifyControl

WAREHOUSE = "Exoceuticals Warehouse - SM"
# Of the demo catalog, and in the store's stock.
ITEM, QUANTITY, RATE = "VD3-5000-120", 2, 28.50


def install(facts: dict) -> str:
	"""The administrator opens the install URL, approves in Shopify, and lands on MedGrid's page."""
	answer = _administrator(facts).get("medgrid.exoceuticals.oauth_install_url")
	assert answer["shop"] == STORE, answer
	callback = _simulator(facts).approve(answer["install_url"])
	body = requests.get(callback, timeout=TIMEOUT_SECONDS).json()
	assert body["status"] == "success", body
	return f"{body['message']} {body['scope']}"


def forged(facts: dict) -> str:
	"""Somebody who knows the address, and not the secret."""
	path = "medgrid.exoceuticals.oauth_callback"
	answer = Client(facts["site"]["url"]).request(
		"GET", path, params={"shop": STORE, "code": "x", "hmac": "0"}
	)
	assert answer.json() == {"status": "error", "message": "HMAC verification failed."}, answer.text
	return f"{answer.status_code} {answer.json()['message']}"


def location(facts: dict) -> str:
	"""The administrator enters the location whose stock counts."""
	chosen = _simulator(facts).locations(STORE)[0]
	_administrator(facts).post(
		"frappe.client.set_value",
		doctype="System Settings",
		name="System Settings",
		fieldname="exoceuticals_location_id",
		value=chosen["id"],
	)
	return f"{chosen['name']}, {chosen['id']}"


def sync_catalog(facts: dict) -> str:
	answer = _administrator(facts).post("medgrid.exoceuticals.sync_catalog")
	assert answer["status"] == "ok" and answer["matched"] > 0, answer
	return f"{answer['matched']} variants linked to Items, {answer['unmatched_count']} to review"


def sync_inventory(facts: dict) -> str:
	answer = _administrator(facts).post("medgrid.exoceuticals.sync_inventory")
	assert answer["status"] == "ok" and answer["updated"] > 0, answer
	rows = caller(facts, "customer").get("medgrid.catalog.items_in_warehouse", warehouse=WAREHOUSE)
	assert rows, answer
	return f"{answer['updated']} Items; customers see {len(rows)} of them in {answer['warehouse']}"


def register_webhooks(facts: dict) -> str:
	answer = _administrator(facts).post("medgrid.exoceuticals.register_webhooks")
	return ", ".join(webhook["topic"] for webhook in answer["webhooks"])


def send_order(facts: dict) -> str:
	day = (date.today() + timedelta(days=7)).isoformat()
	line = {"item_code": ITEM, "qty": QUANTITY, "rate": RATE, "delivery_date": day}
	order = _administrator(facts).insert(
		"Sales Order",
		company="Skydell Medical",
		customer="Mesa Integrative Health",
		delivery_date=day,
		selling_price_list="Standard Selling",
		items=[line],
		docstatus=1,
	)
	facts["exoceuticals"] = order["name"]
	answer = _administrator(facts).post(
		"medgrid.exoceuticals.sync_to_exoceuticals", sales_order=order["name"]
	)
	facts["shopify_order"] = answer["exoceuticals_order_id"]
	return f"{order['name']} is {answer['exoceuticals_order_name']} in Shopify"


def send_again(facts: dict) -> str:
	answer = _administrator(facts).request(
		"POST",
		"medgrid.exoceuticals.sync_to_exoceuticals",
		json={"sales_order": facts["exoceuticals"]},
	)
	assert answer.status_code == 409, answer.text
	return f"{answer.status_code} {answer.json()['exception'].partition(': ')[2]}"


def poll(facts: dict) -> str:
	return _administrator(facts).post(
		"medgrid.exoceuticals.poll_exoceuticals_status", sales_order=facts["exoceuticals"]
	)


def fulfill(facts: dict) -> str:
	"""The store ships; Shopify's signed webhook tells MedGrid."""
	control = _simulator(facts)
	control.fulfill(
		STORE,
		facts["shopify_order"],
		"1Z999AA10123456784",
		"UPS",
		"https://ups.com/track?number=1Z999AA10123456784",
	)
	control.wait_for_webhooks()
	order = _administrator(facts).read("Sales Order", facts["exoceuticals"])
	assert order["exoceuticals_status"] == "Fulfilled", order["exoceuticals_status"]
	assert order["exoceuticals_tracking_number"] == "1Z999AA10123456784", order
	return (
		f"{order['name']}: {order['exoceuticals_status']}, {order['exoceuticals_carrier']}"
		f" {order['exoceuticals_tracking_number']}"
	)


def health(facts: dict) -> str:
	report = _administrator(facts).get("medgrid.exoceuticals.health")
	assert report["token_works"] is True, report
	runs = {kind: run["status"] for kind, run in report["runs"].items() if run}
	return f"{report['status']}; {runs}; {report['events']['received']} webhooks received"


STEPS = (
	("oauth_install_url and oauth_callback", install),
	("a forged callback", forged),
	("exoceuticals_location_id", location),
	("sync_catalog", sync_catalog),
	("sync_inventory", sync_inventory),
	("register_webhooks", register_webhooks),
	("sync_to_exoceuticals", send_order),
	("sync_to_exoceuticals again", send_again),
	("poll_exoceuticals_status", poll),
	("a signed orders/fulfilled webhook", fulfill),
	("health", health),
)


def _administrator(facts: dict) -> Client:
	return caller(facts, "administrator")


def _simulator(facts: dict) -> ShopifyControl:
	return ShopifyControl(facts["simulators"]["shopify"].removesuffix("/{shop}"))

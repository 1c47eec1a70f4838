"""A merchant's life with the tax connector: installed, onboarded, taxed, uninstalled, installed again, and an
invoice that is booked once however often it is sent."""

import secrets
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.demo import limits, merchant_keys
from sandbox.demo import vertex as simulated
from sandbox.demo.cast import CONNECTOR_SHOP
from sandbox.demo.client import Client, caller
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.signing import signed_query
from sandbox.simulators.vertex.remote import VertexControl

API = "medgrid.vertex."
MESA = {
	"streetAddress1": "55 W Main St",
	"city": "Mesa",
	"mainDivision": "AZ",
	"postalCode": "85201",
	"country": "US",
}
CHICAGO = {
	"streetAddress1": "1420 N Lake Shore Dr",
	"city": "Chicago",
	"mainDivision": "IL",
	"postalCode": "60610",
	"country": "US",
}
# What 57.00 of goods and 12.00 of freight to Chicago are taxed with.
TAX = 5.84
MINUTE = 60
# A worker rolls the statistics up.
SECONDS = 30


def install(facts: dict) -> str:
	"""Shopify opens the app's page with a signed query string, which its front end hands over."""
	_begin_anew(facts)
	begun = _connector(facts).post(f"{API}app_install", **_opened(facts))
	assert begun["installed"] is False, begun
	facts["authorize_url"] = begun["authorizeUrl"]
	return f"{begun['shop']} is to approve at {urlsplit(begun['authorizeUrl']).path}"


def forged(facts: dict) -> str:
	"""Somebody who has seen a signed query string, and not the secret."""
	opened = _opened(facts)
	opened["requestData"] += "&locale=en"
	return _refused(_connector(facts), 403, "app_install", **opened)


def exchange_code(facts: dict) -> str:
	"""The merchant approves; the front end hands over where Shopify sends the browser."""
	query = urlsplit(_shopify(facts).approve(facts["authorize_url"])).query
	given = {name: value for name, value in parse_qsl(query) if name in ("code", "hmac", "shop")}
	installed = _connector(facts).post(f"{API}shopify_token", **given, requestData=query)
	assert installed["onboarding"] == "incomplete", installed
	return f"scope {installed['scope']}, onboarding is {installed['onboarding']}"


def credentials(facts: dict) -> str:
	"""The merchant's own keys, for its own programs. `python3 -m sandbox status` prints them from now on."""
	given = _connector(facts).post(f"{API}api_credentials", shop=CONNECTOR_SHOP)
	facts["vertex"]["merchant"] = merchant_keys.remember(given["username"], given["password"])
	return f"{given['username']} with a password of {len(given['password'])} characters"


def only_here(facts: dict) -> str:
	answer = _merchant(facts).request("GET", "medgrid.catalog.list_warehouses")
	assert answer.status_code == 403, answer.text
	return f"{answer.status_code} at medgrid.catalog.list_warehouses"


def too_early(facts: dict) -> str:
	return _refused(_merchant(facts), 400, "shopify_tax_calculate", **_sale())


def wrong_secret(facts: dict) -> str:
	return _refused(_merchant(facts), 401, "shopify_onboarding", **_account(facts, clientSecret="wrong"))


def onboard(facts: dict) -> str:
	"""MedGrid requests a token and a quotation of 1.00 before it stores anything."""
	answer = _merchant(facts).post(f"{API}shopify_onboarding", **_account(facts))
	assert answer["onboarding"] == "complete", answer
	return f"{answer['companyCode']} in the {answer['deployment']}, tested at {answer['testedAt']}"


def probe(facts: dict) -> str:
	"""The administrator presses Test on Skydell Medical's own Vertex Merchant."""
	administrator = caller(facts, "administrator")
	listed = administrator.get(f"{API}health")["merchants"]
	name = next(entry["name"] for entry in listed if entry["company"])
	answer = administrator.post(f"{API}test_merchant", merchant=name)
	assert answer["onboarding"] == "complete", answer
	return f"{answer['company']}: {answer['onboarding']}"


def quotation(facts: dict) -> str:
	answer = _merchant(facts).post(f"{API}shopify_tax_calculate", **_sale())
	assert answer["totalTax"] == TAX, answer
	levels = ", ".join(f"{line['title']} {line['price']:.2f}" for line in answer["taxLines"])
	return f"{answer['subTotal']:.2f} + {levels} = {answer['total']:.2f}"


def bearer(facts: dict) -> str:
	"""A token of the identity server names the shop."""
	token = _vertex(facts).identity_token(CONNECTOR_SHOP)
	answer = _bearer(facts, token).get(f"{API}shopify_onboarding")
	assert answer["shop"] == CONNECTOR_SHOP, answer
	expired = _vertex(facts).identity_token(CONNECTOR_SHOP, forgery="expired")
	refused = _refused(_bearer(facts, expired), 401, "shopify_onboarding", **_account(facts))
	return f"reads that {answer['shop']} is {answer['onboarding']}; an expired one: {refused}"


def issues(facts: dict) -> str:
	"""What has failed at Vertex is on record, and settled once it works."""
	listed = _merchant(facts).get(f"{API}issues")
	still_open = _merchant(facts).get(f"{API}issues", open=1)
	newest = listed[0]
	return f"{len(listed)}, {len(still_open)} open; {newest['type']}: {newest['status']} {newest['title']}"


def statistics(facts: dict) -> str:
	"""A minute's calls are added up once it is over; a site without any statistics waits for that."""
	connector = _connector(facts)
	until = time.monotonic() + MINUTE + SECONDS
	while not (rows := connector.get(f"{API}data_volume", keyword="quotation", limit_page_length=1)):
		assert time.monotonic() < until, "there are no statistics"
		_roll_up(facts)
		time.sleep(2)
	row = rows[0]
	return f"{row['id']}: {row['throughput']} quotations a minute, 95 % within {row['latency95']} s"


def health(facts: dict) -> str:
	report = caller(facts, "administrator").get(f"{API}health")
	assert report["status"] != "not_configured", report
	return f"{report['status']}; {len(report['merchants'])} merchants, {report['inDoubt']} bookings in doubt"


def uninstall(facts: dict) -> str:
	ended = _connector(facts).post(f"{API}app_uninstall", shop=CONNECTOR_SHOP)
	assert ended["onboarding"] == "uninstalled", ended
	sale = {"shop": CONNECTOR_SHOP, **_sale()}
	refused = _refused(_connector(facts), 404, "shopify_tax_calculate", **sale)
	answer = _merchant(facts).request("POST", f"{API}shopify_tax_calculate", json=_sale())
	assert answer.status_code == 401, answer.text
	return f"{ended['onboarding']}; the next calculation: {refused}; its own keys: {answer.status_code}"


def install_again(facts: dict) -> str:
	begun = _connector(facts).post(f"{API}app_install", **_opened(facts))
	facts["authorize_url"] = begun["authorizeUrl"]
	exchange_code(facts)
	keys = credentials(facts)
	onboard(facts)
	return f"{CONNECTOR_SHOP} is complete again; {keys}"


def invoice_twice(facts: dict) -> str:
	"""The second time MedGrid answers what it has stored; Vertex has one transaction."""
	number = f"#{secrets.token_hex(4)}"
	invoice = _sale(saleMessageType="INVOICE", documentNumber=number)
	first, second = [_merchant(facts).post(f"{API}shopify_tax_calculate", **invoice) for _time in range(2)]
	assert second == {**first, "alreadyCommitted": True}, (first, second)
	booked = _vertex(facts).journal(document_number=number)
	assert [entry["id"] for entry in booked] == [first["transactionId"]], booked
	return f"{number} twice: tax {first['totalTax']:.2f}; Vertex has it once, as {booked[0]['id']}"


STEPS = (
	("app_install", install),
	("app_install, changed on the way", forged),
	("shopify_token", exchange_code),
	("api_credentials", credentials),
	("they open nothing else", only_here),
	("shopify_tax_calculate, not onboarded", too_early),
	("shopify_onboarding, wrong secret", wrong_secret),
	("shopify_onboarding", onboard),
	("test_merchant", probe),
	("shopify_tax_calculate, QUOTATION", quotation),
	("a bearer token", bearer),
	("issues", issues),
	("data_volume", statistics),
	("medgrid.vertex.health", health),
	("app_uninstall", uninstall),
	("installed again", install_again),
	("shopify_tax_calculate, INVOICE, twice", invoice_twice),
)


def _begin_anew(facts: dict) -> None:
	"""Whatever was done to the shop since the demo data was loaded."""
	limits.lift(facts)
	simulated.seed(_vertex(facts))
	answer = _connector(facts).request("POST", f"{API}app_uninstall", json={"shop": CONNECTOR_SHOP})
	assert answer.status_code in (200, 404), answer.text


def _opened(facts: dict) -> dict[str, str]:
	"""What the app's front end hands over of the query string with which Shopify opens it."""
	query = {"host": "YWRtaW4uc2hvcGlmeS5jb20", "shop": CONNECTOR_SHOP, "timestamp": str(int(time.time()))}
	signed = signed_query(query, facts["vertex"]["shopify_app"]["client_secret"])
	return {"hmac": dict(parse_qsl(signed))["hmac"], "requestData": signed, "shop": CONNECTOR_SHOP}


def _account(facts: dict, **changes: str) -> dict[str, Any]:
	client = facts["vertex"]["client"]
	return {
		"companyCode": facts["vertex"]["company"],
		"clientId": client["client_id"],
		"clientSecret": client["client_secret"],
		"origin": MESA,
		**changes,
	}


def _sale(**members: str) -> dict[str, Any]:
	return {
		"currency": "USD",
		"destination": CHICAGO,
		"lineItems": [{"id": "1", "product": "VD3-5000-120", "quantity": 2, "unitPrice": 28.50}],
		"shipping": [{"id": "ship", "title": "Ground", "price": 12.00}],
		**members,
	}


def _refused(client: Client, status: int, operation: str, **values: Any) -> str:
	answer = client.request("POST", f"{API}{operation}", json=values)
	assert answer.status_code == status, answer.text
	body = answer.json()
	return f"{body['status']} {body['title']}: {body['detail']}"


def _roll_up(facts: dict) -> None:
	"""What the scheduler does every five minutes."""
	name = facts.setdefault("roll_up", _name_of_job(facts))
	method = "frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event"
	caller(facts, "administrator").post(method, doc=f'{{"name": "{name}"}}')


def _name_of_job(facts: dict) -> str:
	return caller(facts, "administrator").post(
		"frappe.client.get_value",
		doctype="Scheduled Job Type",
		filters={"method": "medgrid.vertex.jobs.roll_up_volume"},
		fieldname="name",
	)["name"]


def _connector(facts: dict) -> Client:
	return caller(facts, "connector")


def _merchant(facts: dict) -> Client:
	keys = facts["vertex"]["merchant"]
	client = Client(facts["site"]["url"])
	client.session.auth = (keys["username"], keys["password"])
	return client


def _bearer(facts: dict, token: str) -> Client:
	return Client(facts["site"]["url"], f"Bearer {token}")


def _shopify(facts: dict) -> ShopifyControl:
	return ShopifyControl(facts["simulators"]["shopify"].removesuffix("/{shop}"))


def _vertex(facts: dict) -> VertexControl:
	return VertexControl(facts["simulators"]["vertex"])

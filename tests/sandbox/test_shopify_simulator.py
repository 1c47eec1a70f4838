"""The simulated Shopify: as strict as the real one, and as unreliable as it is told to be."""

import base64
import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests

from sandbox import ports
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.service import SERVICE
from tests.support.http import direct_session
from tests.support.waiting import wait_for, wait_until_equal

pytestmark = pytest.mark.stand_in

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "medgrid" / "clients" / "shopify" / "queries"
DOMAIN, OTHER = "demo-store.myshopify.com", "other-store.myshopify.com"
CLIENT, SECRET = "client-id", "client-secret"
ALL_SCOPES = ["read_products", "read_inventory", "read_locations", "write_orders"]
CALLBACK = "http://127.0.0.1:1/callback"
ADDRESS = {
	"firstName": "Ada",
	"lastName": "Byrne",
	"address1": "400 Harbor Blvd",
	"city": "San Diego",
	"provinceCode": "CA",
	"countryCode": "US",
	"zip": "92101",
}


class Client:
	"""Calls the Admin API the way a program would, without the environment's proxies."""

	def __init__(self, control, token, domain=DOMAIN, version="2026-04"):
		self.url = f"{control.base_url(domain)}/admin/api/{version}/graphql.json"
		self.session = direct_session()
		self.session.headers["X-Shopify-Access-Token"] = token

	def post(self, query, variables=None, timeout=5):
		return self.session.post(self.url, json={"query": query, "variables": variables}, timeout=timeout)

	def run(self, name, **variables):
		"""One of our own documents."""
		answer = self.post((QUERIES / f"{name}.graphql").read_text(), variables)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def data(self, name, **variables):
		answer = self.run(name, **variables)
		assert "errors" not in answer, answer
		return answer["data"]

	def create(self, options=None, **changes):
		return self.data("order_create", order=order(**changes), options=options)["orderCreate"]


def order(**changes):
	"""An order that Shopify accepts; a change to None leaves the field out."""
	content = {
		"email": "ada@example.com",
		"phone": "+16195550100",
		"tags": ["Skydell"],
		"sourceIdentifier": "SAL-1",
		"shippingAddress": ADDRESS,
		"lineItems": [{"title": "D3", "quantity": 2, "requiresShipping": True, "priceSet": money("28.50")}],
		**changes,
	}
	return {name: value for name, value in content.items() if value is not None}


def money(amount, currency="USD"):
	return {"shopMoney": {"amount": amount, "currencyCode": currency}}


class Receiver:
	"""Somebody's webhook endpoint, which can be told what to answer."""

	def __init__(self):
		self.got: list[tuple[dict, bytes]] = []
		self.answers: list[int] = []
		self.delay = 0.0
		receiver = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self):
				body = self.rfile.read(int(self.headers["Content-Length"]))
				time.sleep(receiver.delay)
				receiver.got.append((dict(self.headers), body))
				self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
				self.send_header("Content-Length", "0")
				self.end_headers()

			def log_message(self, *_arguments):
				pass

		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.url = f"http://127.0.0.1:{self.server.server_address[1]}/webhook"
		threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

	def is_signed(self, number: int, secret: str) -> bool:
		"""Whether what came as the n-th is signed with a secret."""
		headers, body = self.got[number]
		return body_is_signed(headers, body, secret)

	@property
	def topics(self):
		return [headers["X-Shopify-Topic"] for headers, _body in self.got]


@pytest.fixture(scope="module")
def server():
	server = SERVICE.start()
	yield server
	server.stop()


@pytest.fixture
def control(server):
	control = ShopifyControl(server.url)
	control.reset()
	control.add_app(CLIENT, SECRET)
	control.add_shop(DOMAIN, bucket_size=100_000)
	control.add_shop(OTHER)
	control.set_retries([0.05, 0.05])
	return control


@pytest.fixture
def client(control):
	return Client(control, control.issue_token(DOMAIN, ALL_SCOPES, CLIENT))


@pytest.fixture
def receiver():
	receiver = Receiver()
	yield receiver
	receiver.server.shutdown()
	receiver.server.server_close()


@pytest.fixture
def product(control):
	return control.seed_products(DOMAIN, [{"title": "D3", "sku": "VD3", "price": "28.5", "quantity": 5}])[0]


def authorize_url(control, domain=DOMAIN, **changes):
	parameters = {
		"client_id": CLIENT,
		"scope": "read_products,write_orders",
		"redirect_uri": CALLBACK,
		"state": "nonce-1",
		**changes,
	}
	return f"{control.base_url(domain)}/admin/oauth/authorize?{urlencode(parameters)}"


def fetch(url, **options):
	return direct_session().get(url, timeout=5, **options)


def callback(location):
	return dict(parse_qsl(urlsplit(location).query))


def is_signed(location, secret=SECRET):
	"""As Shopify's documentation says: the other pairs, sorted and joined, HMAC-SHA256 in hexadecimal."""
	pairs = urlsplit(location).query.split("&")
	given = next(pair.partition("=")[2] for pair in pairs if pair.startswith("hmac="))
	message = "&".join(sorted(pair for pair in pairs if not pair.startswith("hmac=")))
	return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest() == given


def exchange(control, domain=DOMAIN, **changes):
	content = {"client_id": CLIENT, "client_secret": SECRET, **changes}
	url = f"{control.base_url(domain)}/admin/oauth/access_token"
	return direct_session().post(url, json=content, timeout=5)


def code(control, **changes):
	return callback(control.approve(authorize_url(control, **changes)))["code"]


def errors_of(answer):
	return [error["extensions"]["code"] for error in answer["errors"]]


def subscribe(client, topic, uri):
	return client.data("webhook_subscription_create", topic=topic, uri=uri)["webhookSubscriptionCreate"]


def body_is_signed(headers, body, secret=SECRET):
	digest = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
	return headers["X-Shopify-Hmac-Sha256"] == digest


# Installing an app


def test_the_authorization_page_has_buttons_to_approve_and_deny(control):
	page = fetch(authorize_url(control, state='"><script>'))
	assert page.status_code == 200
	assert page.headers["Content-Type"].startswith("text/html")
	for text in (
		'lang="en"',
		"Install app on Demo Store",
		"read_products",
		">Approve</button>",
		">Deny</button>",
	):
		assert text in page.text
	assert "<script>" not in page.text


def test_an_approved_app_gets_a_signed_callback(control):
	location = control.approve(authorize_url(control))
	parameters = callback(location)
	assert location.startswith(f"{CALLBACK}?")
	assert parameters.keys() == {"code", "hmac", "host", "shop", "state", "timestamp"}
	assert parameters["shop"] == DOMAIN
	assert parameters["state"] == "nonce-1"
	assert base64.b64decode(parameters["host"] + "===") == b"admin.shopify.com/store/demo-store"
	assert abs(int(parameters["timestamp"]) - time.time()) < 5
	assert is_signed(location)
	assert not is_signed(location, "another secret")


def test_parameters_that_shopify_adds_later_are_signed_too(control):
	control.extra_parameters(CLIENT, embedded="1", locale="de-DE & more")
	location = control.approve(authorize_url(control))
	assert callback(location)["locale"] == "de-DE & more"
	assert is_signed(location)


def test_a_denied_app_gets_an_error_and_no_code(control):
	location = control.deny(authorize_url(control))
	assert callback(location)["error"] == "access_denied"
	assert "code" not in callback(location)
	assert is_signed(location)


def test_a_redirect_uri_with_a_query_keeps_it(control):
	location = control.approve(authorize_url(control, redirect_uri=f"{CALLBACK}?a=1"))
	assert parse_qs(urlsplit(location).query)["a"] == ["1"]


@pytest.mark.parametrize("changes", [{"client_id": "unknown"}, {"redirect_uri": "https://evil.example"}])
def test_a_wrong_authorization_ends_on_an_error_page(control, changes):
	control.add_app(CLIENT, SECRET, [CALLBACK])
	page = fetch(authorize_url(control, **changes), allow_redirects=False)
	assert page.status_code == 400
	assert "Oauth error" in page.text


def test_an_unknown_shop_has_no_authorization_page(control):
	assert fetch(authorize_url(control, "nobody.myshopify.com")).status_code == 404


def test_a_code_becomes_a_token_once(control):
	once = code(control)
	answer = exchange(control, code=once)
	assert answer.status_code == 200
	assert answer.json().keys() == {"access_token", "scope"}
	assert answer.json()["scope"] == "read_products,write_orders"
	client = Client(control, answer.json()["access_token"])
	shown = client.post("{ shop { myshopifyDomain } }").json()["data"]
	assert shown == {"shop": {"myshopifyDomain": DOMAIN}}
	again = exchange(control, code=once)
	assert again.status_code == 400
	assert again.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
	("domain", "changes"),
	[(DOMAIN, {"client_secret": "wrong"}), (DOMAIN, {"code": "made-up"}), (OTHER, {})],
	ids=["wrong secret", "unknown code", "code of another shop"],
)
def test_a_wrong_exchange_gives_no_token(control, domain, changes):
	answer = exchange(control, domain, **{"code": code(control), **changes})
	assert answer.status_code == 400
	assert answer.json()["error"] == "invalid_request"


def test_an_old_code_is_refused(control):
	control.set_lifetimes(code_seconds=0)
	assert exchange(control, code=code(control)).status_code == 400


def test_an_expiring_token_is_refreshed_and_the_old_pair_works_until_the_new_one_is_used(control):
	first = exchange(control, code=code(control), expiring="1").json()
	assert (first["expires_in"], first["refresh_token_expires_in"]) == (3600, 90 * 24 * 3600)
	refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
	exchange(control, **refresh)
	second = exchange(control, **refresh).json()
	assert second["access_token"] != first["access_token"]
	Client(control, second["access_token"]).data("shop")
	assert exchange(control, **refresh).status_code == 400
	assert Client(control, first["access_token"]).post("{ shop { name } }").status_code == 401


def test_an_expired_token_is_refused_and_can_still_be_refreshed(control):
	pair = control.issue_pair(DOMAIN, ALL_SCOPES, CLIENT)
	control.expire_tokens(DOMAIN)
	assert Client(control, pair["access_token"]).post("{ shop { name } }").status_code == 401
	refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
	assert exchange(control, **refresh).status_code == 200


# Who may call


def test_a_wrong_or_revoked_token_is_denied(control, client):
	control.revoke_token(DOMAIN)
	for token in (client.session.headers["X-Shopify-Access-Token"], "shpat_unknown", ""):
		answer = Client(control, token).post("{ shop { name } }")
		assert answer.status_code == 401
		assert answer.json()["errors"].startswith("[API] Invalid API key or access token")


def test_a_token_of_one_shop_does_not_open_another(control, client):
	token = client.session.headers["X-Shopify-Access-Token"]
	assert Client(control, token, OTHER).post("{ shop { name } }").status_code == 401


def test_an_unknown_shop_or_version_is_not_found(control, client):
	token = client.session.headers["X-Shopify-Access-Token"]
	assert Client(control, token, "nobody.myshopify.com").post("{ shop { name } }").status_code == 404
	assert Client(control, token, version="2019-01").post("{ shop { name } }").status_code == 404


@pytest.mark.parametrize(("state", "status"), [("frozen", 402), ("locked", 423)])
def test_a_shop_that_is_closed_answers_with_its_status(control, client, state, status):
	control.set_shop(DOMAIN, state=state)
	assert client.post("{ shop { name } }").status_code == status


def test_a_missing_scope_is_an_access_denied_error_that_names_it(control):
	client = Client(control, control.issue_token(DOMAIN, ["read_products"]))
	answer = client.run("order_by_source", query="name:#1001")
	assert errors_of(answer) == ["ACCESS_DENIED"]
	assert "`read_orders` access scope" in answer["errors"][0]["message"]
	assert client.data("app_installation")["currentAppInstallation"]["accessScopes"] == [
		{"handle": "read_products"}
	]


# Queries


@pytest.mark.parametrize(
	"query",
	[
		"{ shop { nam } }",
		"{ shop ",
		"{ orders { nodes { id } } products(first: 1, unknown: 2) { nodes { id } } }",
	],
)
def test_what_the_schema_does_not_allow_is_refused(client, query):
	answer = client.post(query)
	assert answer.status_code == 200
	assert answer.json()["errors"]
	assert "data" not in answer.json()


@pytest.mark.parametrize(
	"changes",
	[
		{"lineItems": [{"title": "x", "quantity": "two"}]},
		{"lineItems": [{"title": "x", "quantity": 1, "priceSet": money("not a number")}]},
		{"currency": "XXZ"},
		{"unknown": 1},
		{"processedAt": "yesterday"},
	],
)
def test_variables_of_the_wrong_type_are_refused_and_create_nothing(control, client, changes):
	answer = client.run("order_create", order=order(**changes))
	assert answer["errors"]
	assert control.orders(DOMAIN) == []


def test_variants_are_paged_by_cursor_without_gaps_or_repeats(control, client):
	control.make_products(DOMAIN, 7, variants_each=2)
	seen, after = [], None
	while True:
		page = client.data("product_variants", first=4, after=after)["productVariants"]
		seen += [node["sku"] for node in page["nodes"]]
		after = page["pageInfo"]["endCursor"]
		if not page["pageInfo"]["hasNextPage"]:
			break
	assert seen == [f"BULK-{number:06d}" for number in range(1, 15)]


def test_a_variant_that_is_removed_between_two_pages_does_not_shift_them(control, client):
	rows = [{"title": name, "sku": name} for name in "ABCD"]
	products = control.seed_products(DOMAIN, rows)
	page = client.data("product_variants", first=2)["productVariants"]
	control.remove_product(DOMAIN, products[1]["id"])
	control.remove_product(DOMAIN, products[0]["id"])
	rest = client.data("product_variants", first=2, after=page["pageInfo"]["endCursor"])["productVariants"]
	assert [node["sku"] for node in rest["nodes"]] == ["C", "D"]


def test_pages_go_backwards_and_in_reverse(control, client):
	control.seed_products(DOMAIN, [{"title": name, "sku": name} for name in "ABCDE"])
	query = """query ($n: Int, $l: Int, $b: String, $a: String, $r: Boolean) {
		productVariants(first: $n, last: $l, before: $b, after: $a, reverse: $r) {
			edges { cursor node { sku } } pageInfo { hasNextPage hasPreviousPage }
		}
	}"""

	def page(**variables):
		return client.post(query, variables).json()["data"]["productVariants"]

	def skus(found):
		return "".join(edge["node"]["sku"] for edge in found["edges"])

	last = page(l=2)
	assert (skus(last), last["pageInfo"]) == ("DE", {"hasNextPage": False, "hasPreviousPage": True})
	assert skus(page(l=2, b=last["edges"][0]["cursor"])) == "BC"
	backwards = page(n=2, r=True)
	assert (skus(backwards), backwards["pageInfo"]["hasNextPage"]) == ("ED", True)
	assert skus(page(n=9, r=True, a=backwards["edges"][1]["cursor"])) == "CBA"


@pytest.mark.parametrize(
	"arguments", ["", "first: 251", "first: 0", "first: 1, last: 1", 'first: 1, after: "x"']
)
def test_a_page_that_cannot_be_is_refused(client, arguments):
	arguments = f"({arguments})" if arguments else ""
	assert client.post(f"{{ productVariants{arguments} {{ nodes {{ id }} }} }}").json()["errors"]


def test_variants_are_found_by_sku(control, client):
	control.seed_products(DOMAIN, [{"title": sku, "sku": sku} for sku in ("A-1", "B 2", "C")])
	query = "query ($q: String) { productVariants(first: 9, query: $q) { nodes { sku } } }"

	def found(text):
		nodes = client.post(query, {"q": text}).json()["data"]["productVariants"]["nodes"]
		return [node["sku"] for node in nodes]

	assert found("sku:a-1") == ["A-1"]
	assert found("sku:'B 2' OR sku:C") == ["B 2", "C"]
	assert found("sku:A*") == ["A-1"]
	assert client.post(query, {"q": "colour:red"}).json()["errors"]


def test_inventory_comes_for_many_items_and_is_null_where_there_is_none(control, client):
	first, second = control.seed_products(
		DOMAIN, [{"title": "A", "quantity": 3}, {"title": "B", "quantity": 4}]
	)
	here, other = control.locations(DOMAIN)[0], control.add_location(DOMAIN, "Second")
	control.set_inventory(DOMAIN, first["variants"][0]["id"], -2)
	control.set_inventory(DOMAIN, second["variants"][0]["id"], None)
	control.set_inventory(DOMAIN, second["variants"][0]["id"], 9, other["id"])
	ids = [product["variants"][0]["inventory_item_id"] for product in (first, second)]
	nodes = client.data("inventory_levels", ids=[*ids, "gid://shopify/InventoryItem/1"], location=here["id"])[
		"nodes"
	]
	assert nodes[0]["inventoryLevel"]["quantities"] == [{"name": "available", "quantity": -2}]
	assert nodes[1]["inventoryLevel"] is None
	assert nodes[2] is None


@pytest.mark.parametrize("ids", [["gid://shopify/InventoryItem/1"] * 251, ["4567"]], ids=["251 ids", "no id"])
def test_ids_that_are_too_many_or_none_are_refused(client, ids):
	answer = client.post("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}).json()
	assert answer["errors"]


# What queries cost


def test_the_cost_of_a_query_is_in_its_answer(control, client):
	control.make_products(DOMAIN, 3)
	cost = client.run("product_variants", first=250)["extensions"]["cost"]
	assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (752, 11)
	assert cost["throttleStatus"]["maximumAvailable"] == 100_000
	assert cost["throttleStatus"]["restoreRate"] == 100


@pytest.mark.parametrize(
	("query", "cost"),
	[
		("{ shop { name } }", 1),
		("{ a: shop { name } ...F } fragment F on QueryRoot { b: shop { id } }", 2),
		("{ orders(first: 10) { edges { node { id } } } }", 12),
		("{ orders(first: 10) { nodes { lineItems(first: 5) { nodes { id } } } } }", 2 + 10 * (1 + 2 + 5)),
		('{ node(id: "gid://shopify/Order/1") { id ... on Order { shippingAddress { city } } } }', 2),
		('mutation { webhookSubscriptionDelete(id: "gid://shopify/X/1") { userErrors { message } } }', 10),
	],
)
def test_costs_follow_shopifys_rules(client, query, cost):
	answer = client.post(query).json()
	assert answer["extensions"]["cost"]["requestedQueryCost"] == cost


def test_a_query_that_could_cost_more_than_a_thousand_is_refused(client):
	query = "{ orders(first: 100) { nodes { lineItems(first: 100) { nodes { id } } } } }"
	assert errors_of(client.post(query).json()) == ["MAX_COST_EXCEEDED"]


def test_an_empty_bucket_throttles_and_fills_again(control, client):
	control.set_shop(DOMAIN, bucket_size=1000, restore_rate=2000)
	control.fill_bucket(DOMAIN, 0)
	answer = client.run("product_variants", first=250)
	assert errors_of(answer) == ["THROTTLED"]
	assert "data" not in answer
	cost = answer["extensions"]["cost"]
	assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (752, None)
	missing = cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]
	assert 0 < missing <= 752
	wait_for(lambda: "data" in client.run("product_variants", first=250))


def test_each_app_has_a_bucket_of_its_own_in_each_shop(control, client):
	control.fill_bucket(DOMAIN, 0)
	other_app = Client(control, control.issue_token(DOMAIN, ALL_SCOPES, "another"))
	other_app.data("product_variants", first=250)


# Orders


def test_an_order_is_created_and_read_back(control, client, product):
	variant = product["variants"][0]
	line = {"variantId": variant["id"], "quantity": 2, "requiresShipping": True}
	result = client.create(lineItems=[line])
	assert result["userErrors"] == []
	assert result["order"]["name"] == "#1001"
	assert result["order"]["displayFulfillmentStatus"] == "UNFULFILLED"
	stored = control.orders(DOMAIN)[0]
	assert stored["source_identifier"] == "SAL-1"
	assert stored["tags"] == "Skydell"
	assert (stored["line_items"][0]["sku"], stored["total_price"]) == ("VD3", "57.00")
	assert stored["line_items"][0]["requires_shipping"] is True
	assert (
		client.data("order_by_source", query="source_identifier:'SAL-1'")["orders"]["nodes"][0]
		== result["order"]
	)


def test_a_line_does_not_ship_unless_it_is_told_to(control, client):
	client.create(lineItems=[{"title": "D3", "quantity": 1, "priceSet": money("1")}])
	assert control.orders(DOMAIN)[0]["line_items"][0]["requires_shipping"] is False


def test_the_same_order_twice_is_two_orders(control, client):
	client.create()
	client.create()
	assert [stored["name"] for stored in control.orders(DOMAIN)] == ["#1001", "#1002"]


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"lineItems": []}, ["order", "lineItems"]),
		(
			{"lineItems": [{"variantId": "gid://shopify/ProductVariant/1", "quantity": 1}]},
			["order", "lineItems", "0", "variantId"],
		),
		(
			{"lineItems": [{"title": "x", "quantity": 0, "priceSet": money("1")}]},
			["order", "lineItems", "0", "quantity"],
		),
		(
			{"lineItems": [{"title": "x", "quantity": 1, "priceSet": money("1", "EUR")}]},
			["order", "lineItems", "0", "priceSet", "shopMoney"],
		),
		({"shippingAddress": {**ADDRESS, "city": " "}}, ["order", "shippingAddress", "city"]),
		({"shippingAddress": {**ADDRESS, "zip": None}}, ["order", "shippingAddress", "zip"]),
		({"email": "nobody"}, ["order", "email"]),
		({"phone": "123"}, ["order", "phone"]),
	],
)
def test_an_order_that_is_wrong_gets_user_errors_and_is_not_created(control, client, changes, field):
	result = client.create(**changes)
	assert result["order"] is None
	assert [error["field"] for error in result["userErrors"]] == [field]
	assert result["userErrors"][0]["code"] == "INVALID"
	assert control.orders(DOMAIN) == []


def test_stock_is_claimed_only_on_request(control, client, product):
	variant = product["variants"][0]
	lines = [{"variantId": variant["id"], "quantity": 4}]

	def left():
		return control.products(DOMAIN)[0]["variants"][0]["quantity"]

	client.create(lineItems=lines)
	assert left() == 5
	client.create({"inventoryBehaviour": "DECREMENT_OBEYING_POLICY"}, lineItems=lines)
	assert left() == 1
	short = client.create({"inventoryBehaviour": "DECREMENT_OBEYING_POLICY"}, lineItems=lines)
	assert short["userErrors"][0]["code"] == "INVENTORY_CLAIM_FAILED"
	assert left() == 1
	client.create({"inventoryBehaviour": "DECREMENT_IGNORING_POLICY"}, lineItems=lines)
	assert left() == -3


def test_a_development_store_takes_five_orders_a_minute(control, client):
	control.set_shop(DOMAIN, orders_per_minute=5)
	results = [client.create() for _each in range(6)]
	assert [bool(result["order"]) for result in results] == [True] * 5 + [False]
	assert "Too many attempts" in results[5]["userErrors"][0]["message"]


def test_the_search_lags_behind_and_the_id_does_not(control, client):
	control.search_lag(DOMAIN, 0.3)
	created = client.create()["order"]

	def found():
		return client.data("order_by_source", query="source_identifier:'SAL-1'")["orders"]["nodes"]

	assert found() == []
	assert client.data("order_status", id=created["id"])["order"]["name"] == created["name"]
	wait_until_equal(found, [created])


def test_shipments_show_in_status_and_tracking(control, client):
	lines = [{"title": sku, "sku": sku, "quantity": 2, "priceSet": money("1")} for sku in "AB"]
	created = client.create(lineItems=lines)["order"]["id"]
	control.fulfill(DOMAIN, created, "1Z1", "UPS", "https://ups.example/1Z1", quantities={"A": 2})
	assert (
		client.data("order_status", id=created)["order"]["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
	)
	control.fulfill(DOMAIN, created, tracking=[{"number": "1Z2", "company": "UPS"}, {"number": "1Z3"}])
	found = client.data("orders_status", ids=[created, "gid://shopify/Order/1"], fulfillments=5)["nodes"]
	assert found[1] is None
	assert found[0]["displayFulfillmentStatus"] == "FULFILLED"
	assert [len(shipment["trackingInfo"]) for shipment in found[0]["fulfillments"]] == [1, 2]
	assert found[0]["fulfillments"][0]["trackingInfo"][0]["url"] == "https://ups.example/1Z1"


def test_orders_are_held_and_cancelled(control, client):
	created = client.create()["order"]["id"]
	control.hold(DOMAIN, created)
	assert client.data("order_status", id=created)["order"]["displayFulfillmentStatus"] == "ON_HOLD"
	control.release_hold(DOMAIN, created)
	control.cancel(DOMAIN, created)
	status = client.data("order_status", id=created)["order"]
	assert (status["displayFulfillmentStatus"], bool(status["cancelledAt"])) == ("UNFULFILLED", True)
	with pytest.raises(ControlRefused):
		control.fulfill(DOMAIN, created)


def test_orders_older_than_sixty_days_need_a_scope_of_their_own(control, client):
	created = client.create()["order"]["id"]
	control.age_order(DOMAIN, created, days=61)
	assert client.data("order_status", id=created)["order"] is None
	token = control.issue_token(DOMAIN, ["read_orders", "read_all_orders"])
	assert Client(control, token).data("order_status", id=created)["order"]["id"] == created


# Webhooks


def test_a_webhook_is_signed_and_carries_shopifys_headers(control, client, receiver):
	assert subscribe(client, "ORDERS_FULFILLED", receiver.url)["userErrors"] == []
	created = client.create()["order"]
	control.fulfill(DOMAIN, created["id"], "1Z1", "UPS", "https://ups.example/1Z1")
	control.wait_for_webhooks()
	[(headers, body)] = receiver.got
	assert body_is_signed(headers, body)
	assert headers["X-Shopify-Topic"] == "orders/fulfilled"
	assert headers["X-Shopify-Shop-Domain"] == DOMAIN
	assert headers["X-Shopify-API-Version"] == "2026-04"
	assert headers["X-Shopify-Webhook-Id"] != headers["X-Shopify-Event-Id"]
	assert headers["X-Shopify-Triggered-At"].endswith("Z")
	content = json.loads(body)
	assert content["admin_graphql_api_id"] == created["id"]
	assert (content["fulfillment_status"], content["cancelled_at"]) == ("fulfilled", None)
	shipment = content["fulfillments"][0]
	assert (shipment["tracking_number"], shipment["tracking_company"]) == ("1Z1", "UPS")
	assert shipment["tracking_urls"] == ["https://ups.example/1Z1"]
	assert datetime.fromisoformat(content["updated_at"]).utcoffset() is not None


def test_subscriptions_are_listed_kept_unique_and_deleted(client, receiver):
	made = subscribe(client, "ORDERS_UPDATED", receiver.url)["webhookSubscription"]
	again = subscribe(client, "ORDERS_UPDATED", receiver.url)
	assert again["webhookSubscription"] is None
	assert again["userErrors"][0]["message"] == "Address for this topic has already been taken"
	assert client.data("webhook_subscriptions", first=10)["webhookSubscriptions"]["nodes"] == [made]
	query = (
		"mutation ($id: ID!) { webhookSubscriptionDelete(id: $id)"
		" { deletedWebhookSubscriptionId userErrors { message } } }"
	)
	deleted = client.post(query, {"id": made["id"]}).json()["data"]["webhookSubscriptionDelete"]
	assert deleted == {"deletedWebhookSubscriptionId": made["id"], "userErrors": []}
	again = client.post(query, {"id": made["id"]}).json()["data"]["webhookSubscriptionDelete"]
	assert again["userErrors"]


def test_a_webhook_made_in_the_admin_has_the_shops_own_secret(control, client, receiver):
	control.set_shop(DOMAIN, admin_secret="from the Admin")
	control.add_admin_webhook(DOMAIN, "orders/cancelled", receiver.url)
	control.cancel(DOMAIN, client.create()["order"]["id"])
	control.wait_for_webhooks()
	assert receiver.is_signed(0, "from the Admin")
	assert client.data("webhook_subscriptions", first=10)["webhookSubscriptions"]["nodes"] == []


def test_a_failed_delivery_is_repeated_with_the_same_id(control, client, receiver):
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	receiver.answers = [500, 302]
	control.hold(DOMAIN, client.create()["order"]["id"])
	deliveries = control.wait_for_webhooks()
	assert [(entry["attempt"], entry["status"]) for entry in deliveries] == [(1, 500), (2, 302), (3, 200)]
	assert len({headers["X-Shopify-Webhook-Id"] for headers, _body in receiver.got}) == 1


def test_a_receiver_that_never_answers_well_loses_its_subscription(control, client, receiver):
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	receiver.answers = [500] * 3
	control.hold(DOMAIN, client.create()["order"]["id"])
	control.wait_for_webhooks()
	assert control.subscriptions(DOMAIN) == []


def test_webhooks_are_duplicated_forged_and_lost_on_request(control, client, receiver):
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	created = client.create()["order"]["id"]
	for mode in ("duplicate", "wrong_signature", "lost"):
		control.misdeliver(mode)
		control.hold(DOMAIN, created)
	control.wait_for_webhooks()
	ids = [headers["X-Shopify-Webhook-Id"] for headers, _body in receiver.got]
	assert len(ids) == 3
	assert ids[0] == ids[1] != ids[2]
	assert [body_is_signed(headers, body) for headers, body in receiver.got] == [True, True, False]


def test_a_later_webhook_overtakes_an_earlier_one_on_request(control, client, receiver):
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	created = client.create()["order"]["id"]
	control.misdeliver("out_of_order")
	control.hold(DOMAIN, created)
	control.fulfill(DOMAIN, created)
	control.wait_for_webhooks()
	assert [json.loads(body)["fulfillment_status"] for _headers, body in receiver.got] == ["fulfilled", None]


def test_during_a_rotation_the_old_secret_signs_for_a_while(control, client, receiver):
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	created = client.create()["order"]["id"]
	control.rotate_secret(CLIENT, "new secret", sign_with_old=True)
	control.hold(DOMAIN, created)
	control.wait_for_webhooks()
	control.rotate_secret(CLIENT, "newer secret")
	control.hold(DOMAIN, created)
	control.wait_for_webhooks()
	assert receiver.is_signed(0, SECRET)
	assert receiver.is_signed(1, "newer secret")


def test_an_uninstalled_app_is_told_and_can_do_nothing_more(control, client, receiver):
	subscribe(client, "APP_UNINSTALLED", receiver.url)
	subscribe(client, "ORDERS_UPDATED", receiver.url)
	created = client.create()["order"]["id"]
	control.uninstall(DOMAIN, CLIENT)
	control.hold(DOMAIN, created)
	control.wait_for_webhooks()
	assert receiver.topics == ["app/uninstalled"]
	assert json.loads(receiver.got[0][1])["myshopify_domain"] == DOMAIN
	assert client.post("{ shop { name } }").status_code == 401


# Misbehaviour


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423, 500, 502, 503])
def test_any_status_can_be_asked_for(control, client, status):
	control.fault("status", status=status)
	assert client.post("{ shop { name } }").status_code == status
	assert client.post("{ shop { name } }").status_code == 200


def test_too_many_requests_says_when_to_come_back(control, client):
	control.fault("too_many", seconds=1.5)
	answer = client.post("{ shop { name } }")
	assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1.5")


def test_faults_in_graphql_come_with_status_200(control, client):
	control.fault("throttled")
	assert errors_of(client.run("shop")) == ["THROTTLED"]
	control.fault("internal")
	assert errors_of(client.run("shop")) == ["INTERNAL_SERVER_ERROR"]
	control.fault("malformed")
	with pytest.raises(ValueError):
		client.run("shop")
	control.fault("null")
	assert client.run("shop") is None


@pytest.mark.parametrize(
	("kind", "created"), [("timeout_before", 0), ("timeout_after", 1), ("drop_after", 1), ("half", 1)]
)
def test_a_lost_answer_tells_nothing_about_whether_the_order_exists(control, client, kind, created):
	seconds = {"seconds": 1} if kind.startswith("timeout") else {}
	control.fault(kind, operation="order_create", **seconds)
	query = (QUERIES / "order_create.graphql").read_text()
	with pytest.raises(requests.RequestException):
		client.post(query, {"order": order()}, timeout=0.3)
	assert len(control.orders(DOMAIN)) == created


def test_a_fault_waits_for_its_shop_and_operation(control, client):
	control.fault("status", status=500, domain=OTHER)
	control.fault("status", status=503, operation="order_*")
	client.data("shop")
	assert len(control.faults()) == 2
	assert client.post((QUERIES / "order_create.graphql").read_text(), {}).status_code == 503


def test_a_refused_control_call_says_why(control):
	for call in (
		lambda: control.fault("unknown"),
		lambda: control.set_shop(DOMAIN, colour="red"),
		lambda: control.order(DOMAIN, "gid://shopify/Order/1"),
		lambda: control.issue_token("nobody.myshopify.com", []),
	):
		with pytest.raises(ControlRefused):
			call()


def test_the_journal_names_operations_and_costs_and_holds_no_secrets(control, client):
	token = exchange(control, code=code(control)).json()["access_token"]
	client.run("product_variants", first=250)
	Client(control, token).run("shop")
	entries = control.received(DOMAIN)
	assert [entry["operation"] for entry in entries][-2:] == ["product_variants", "shop"]
	assert control.received(operation="product_variants")[0]["cost"]["requestedQueryCost"] == 752
	text = json.dumps(entries)
	assert SECRET not in text
	assert token not in text


# Many at once


def test_a_hundred_thousand_variants_are_seeded_in_one_call(control, client):
	assert control.make_products(OTHER, 50_000, variants_each=2) == {"products": 50_000, "variants": 100_000}
	control.seed_products(DOMAIN, ({"title": f"P{n}", "sku": f"S{n}"} for n in range(20_000)))
	client.data("product_variants", first=250)
	control.reset()


def test_simultaneous_orders_get_numbers_of_their_own(control, client):
	token = client.session.headers["X-Shopify-Access-Token"]
	with ThreadPoolExecutor(16) as pool:
		results = list(pool.map(lambda _number: Client(control, token).create()["order"]["name"], range(32)))
	assert len(set(results)) == 32


def test_it_runs_as_a_program_and_prints_what_it_received():
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		port = free.getsockname()[1]
	command = [sys.executable, "-m", "sandbox.simulators", "shopify"]
	with subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE) as program:
		try:
			control = ShopifyControl(f"http://127.0.0.1:{port}")
			wait_for(lambda: ports.is_open(port))
			control.add_shop(DOMAIN)
			Client(control, control.issue_token(DOMAIN, ALL_SCOPES)).run("shop")
			printed = subprocess.run(
				[*command, "--print", control.url], cwd=ROOT, capture_output=True, text=True
			)
		finally:
			program.terminate()
	assert f"{DOMAIN}  shop  200  1 of 2000, " in printed.stdout

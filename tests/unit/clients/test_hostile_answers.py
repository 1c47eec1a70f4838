"""All clients against all hostile answers of the simulators' table, and against what no HTTP server sends.

Each call ends in time, with an answer or an IntegrationError whose text can be stored and shown.
"""

import json
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr

from medgrid.clients.sendblue.client import SendblueClient
from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.request_window import RequestWindow
from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.documents import (
	INVENTORY_LEVELS,
	ORDER_STATUS,
	ORDERS_STATUS,
	PRODUCT_VARIANTS,
	SHOP,
)
from medgrid.clients.shopify.oauth import token_endpoint
from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.clients.shopify.oauth.tokens import FixedToken
from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.clients.vertex.access_tokens import AccessToken, AccessTokens, Credentials, UnsharedToken
from medgrid.clients.vertex.client import VertexClient
from medgrid.clients.vertex.deployments import Deployment, endpoints_of
from medgrid.clients.vertex.token_limit import Unlimited
from medgrid.core.clock import utc_now
from medgrid.http_client import retrying
from medgrid.http_client.errors import IntegrationError
from sandbox.simulators.common import hostile
from sandbox.simulators.common.messages import Answer, Sent, json_answer
from tests.support.raw_server import Script, answers, drips, raw_server, says
from tests.unit.clients.vertex.factories import sale

SECRET = SecretStr("canary-secret")
SECONDS = 4
# Whoever drips does not stop by himself: the call ends at its deadline, whatever that is.
DRIP_SECONDS = 0.2
# A busy machine needs some seconds to count 600,000 elements, four times.
BUSY_SECONDS = 20


class Window(RequestWindow):
	"""A rate limit without waits, which accepts only numbers that make sense."""

	def __init__(self) -> None:
		"""Without Redis."""

	def acquire(self) -> float:
		return 0

	def update(self, limit: int, left: int, reset_seconds: float) -> None:
		assert 0 < limit <= 10_000
		assert 0 <= left <= 10_000
		assert 0 <= reset_seconds <= 60


class Bucket(CostBucket):
	"""A bucket that is always full, and accepts only numbers that make sense."""

	def __init__(self) -> None:
		"""Without Redis."""

	def acquire(self, cost: float, reservation: str) -> float:
		assert 0 <= cost <= 1_000_000
		return 0

	def release(self, cost: float, reservation: str, status=None) -> None:
		if status:
			size, level, rate = status
			assert 0 < size <= 1_000_000
			assert abs(level) <= size
			assert size / rate <= 100

	def close(self, seconds: float) -> None:
		assert 0 <= seconds <= 60


def shipstation(url: str) -> ShipStationClient:
	return ShipStationClient(url, SECRET, SECRET, Window(), deadline=time.monotonic() + SECONDS)


class QuickClient(ShopifyClient):
	least_seconds = 0


def shopify(url: str) -> ShopifyClient:
	return QuickClient(url, FixedToken(SECRET), Bucket(), deadline=time.monotonic() + SECONDS)


def sendblue(url: str) -> SendblueClient:
	return SendblueClient(url, SECRET, SECRET, deadline=time.monotonic() + SECONDS)


def vertex_tokens(url: str, store: UnsharedToken) -> AccessTokens:
	endpoints = endpoints_of(Deployment.CLOUD, None, url)
	credentials = Credentials("client", SECRET)
	return AccessTokens(endpoints, credentials, store, Unlimited(), deadline=time.monotonic() + SECONDS)


def vertex(url: str) -> VertexClient:
	store = UnsharedToken()
	store.token = AccessToken(SECRET, utc_now() + timedelta(hours=1))
	return VertexClient(vertex_tokens(url, store), deadline=time.monotonic() + SECONDS)


def app() -> ShopifyApp:
	return ShopifyApp("vendor", "client", SECRET, ("read_products",), "https://x.example/back", expiring=True)


ORDER = {
	"orderId": 1,
	"orderKey": "SO-1",
	"orderStatus": "awaiting_shipment",
	"items": [{"lineItemKey": "a"}],
}
LABEL = {
	"shipmentId": 1,
	"orderId": 2,
	"trackingNumber": "1Z",
	"carrierCode": "ups",
	"serviceCode": "ups_ground",
	"createDate": "2026-11-21T18:03:04.1230000",
	"shipDate": "2026-11-21",
	"voided": False,
}
STATUS = {"maximumAvailable": 2000.0, "currentlyAvailable": 1990, "restoreRate": 100.0}
EXTENSIONS = {"cost": {"requestedQueryCost": 10, "actualQueryCost": 10, "throttleStatus": STATUS}}
TIMES = {"createdAt": "2026-11-21T18:03:04Z", "updatedAt": "2026-11-21T18:03:04Z"}
VARIANT = {
	"id": "gid://shopify/ProductVariant/1",
	"title": "M",
	"sku": "A",
	"price": "1.00",
	"inventoryQuantity": 3,
	"inventoryItem": {"id": "gid://shopify/InventoryItem/1"},
	"product": {"id": "gid://shopify/Product/1", "title": "Gauze", "status": "ACTIVE"},
}
STORE_ORDER = {
	"id": "gid://shopify/Order/1",
	"name": "#1",
	**TIMES,
	"cancelledAt": None,
	"displayFulfillmentStatus": "FULFILLED",
	"fulfillments": [
		{
			"id": "gid://shopify/Fulfillment/1",
			"status": "SUCCESS",
			**TIMES,
			"trackingInfo": [{"number": "1Z", "company": "UPS", "url": "https://ups.com/1Z"}],
		}
	],
}
LEVELS = {
	"id": "gid://shopify/InventoryItem/1",
	"inventoryLevel": {"quantities": [{"name": "available", "quantity": 3}]},
}
VERTEX_TAX = {
	"calculatedTax": 3.56,
	"effectiveRate": 0.0625,
	"taxable": 57.0,
	"taxResult": "TAXABLE",
	"taxCollectedFromParty": "BUYER",
	"taxStructure": "SINGLE_RATE",
	"jurisdiction": {"value": "ILLINOIS", "jurisdictionType": "STATE", "jurisdictionId": "2041"},
	"imposition": {"value": "Sales and Use Tax"},
}
VERTEX_ANSWER = {
	"data": {"totalTax": 3.56, "lineItems": [{"lineItemNumber": 1, "totalTax": 3.56, "taxes": [VERTEX_TAX]}]}
}
SUBSCRIPTION = {"id": "gid://shopify/WebhookSubscription/1", "topic": "APP_UNINSTALLED", "uri": "https://x"}


def graphql(**data) -> dict:
	return {"data": data, "extensions": EXTENSIONS}


def page(*nodes, more: bool = False) -> dict:
	return {"nodes": list(nodes), "pageInfo": {"hasNextPage": more, "endCursor": "next" if more else None}}


def a_page_of_variants(url: str):
	with shopify(url) as client:
		return next(client.pages(PRODUCT_VARIANTS, {"first": 250}))


def all_subscriptions(url: str):
	with shopify(url) as client:
		return subscriptions.existing(client)


def use(make: Callable, call: Callable) -> Callable:
	def run(url: str):
		with make(url) as client:
			return call(client)

	return run


# What is called, and the honest answer to it.
CALLS: dict[str, tuple[Callable, object]] = {
	"shipstation.list_tags": (
		use(shipstation, lambda client: client.list_tags()),
		[{"tagId": 1, "name": "a"}],
	),
	"shipstation.find_order": (
		use(shipstation, lambda client: client.find_order("SO-1")),
		{"orders": [ORDER]},
	),
	"shipstation.get_order": (use(shipstation, lambda client: client.get_order("1")), ORDER),
	"shipstation.shipments_of_order": (
		use(shipstation, lambda client: client.shipments_of_order("2")),
		{"shipments": [LABEL], "total": 1, "page": 1, "pages": 1},
	),
	"shopify.shop": (
		use(shopify, lambda client: client.query(SHOP)),
		graphql(shop={"name": "A", "currencyCode": "USD"}),
	),
	"shopify.product_variants": (a_page_of_variants, graphql(productVariants=page(VARIANT, more=True))),
	"shopify.inventory_levels": (
		use(
			shopify,
			lambda client: client.query(
				INVENTORY_LEVELS, {"ids": [LEVELS["id"]], "location": "gid://shopify/Location/1"}
			),
		),
		graphql(nodes=[LEVELS]),
	),
	"shopify.order_status": (
		use(shopify, lambda client: client.find(ORDER_STATUS, {"id": STORE_ORDER["id"]})),
		graphql(order=STORE_ORDER),
	),
	"shopify.orders_status": (
		use(
			shopify,
			lambda client: client.query(ORDERS_STATUS, {"ids": [STORE_ORDER["id"]], "fulfillments": 5}),
		),
		graphql(nodes=[STORE_ORDER]),
	),
	"shopify.subscriptions": (all_subscriptions, graphql(webhookSubscriptions=page(SUBSCRIPTION))),
	"token_endpoint": (
		lambda url: token_endpoint.exchange_code(app(), url, SecretStr("code")),
		{"access_token": "shpat_x", "scope": "read_products", "expires_in": 3600, "refresh_token": "shprt_x"},
	),
	"vertex.token": (
		lambda url: vertex_tokens(url, UnsharedToken()).get(),
		{"access_token": "ey.x", "token_type": "Bearer", "expires_in": 3600},
	),
	"vertex.calculate": (use(vertex, lambda client: client.calculate(sale())), VERTEX_ANSWER),
	"vertex.book": (
		use(vertex, lambda client: client.calculate(sale(message_type="INVOICE", transactionId="MG-1"))),
		VERTEX_ANSWER,
	),
	"vertex.transaction_exists": (
		use(vertex, lambda client: client.transaction_exists("MG-1")),
		{"transactionId": "MG-1", "transactionExistsIndicator": "true"},
	),
	"vertex.reverse": (
		use(
			vertex,
			lambda client: client.reverse("MG-1", reversal_id="MG-1-R", posting_date="2026-11-26"),
		),
		{"data": {"transactionId": "MG-1-R"}},
	),
	"sendblue.send": (
		use(sendblue, lambda client: client.send("+13125550142", "text")),
		{"status": "QUEUED", "message_handle": "h"},
	),
}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
	"""Between attempts; the length of the pauses is not what is tested here."""
	monkeypatch.setattr(retrying, "_BACKOFF", lambda state: 0)
	monkeypatch.setattr(retrying, "LEAST_WAIT_SECONDS", 0)
	monkeypatch.setattr(retrying, "_stated_pause", lambda state: 0)


def script_of(answer: Answer) -> Script:
	headers = {"Content-Type": answer.content_type, **answer.headers}
	if answer.sent is Sent.NOTHING:
		return says(b"")
	if answer.sent is Sent.HALF:
		headers["Content-Length"] = str(len(answer.body))
		return answers(answer.body[: len(answer.body) // 2], f"{answer.status} X", headers)
	return answers(answer.body, f"{answer.status} X", headers)


def strings_of(value: object) -> list[str]:
	"""All texts in a result."""
	if isinstance(value, SecretStr):
		return [value.get_secret_value()]
	if isinstance(value, str):
		return [value]
	if isinstance(value, dict):
		return [text for each in value.values() for text in strings_of(each)]
	if isinstance(value, list | tuple):
		return [text for each in value for text in strings_of(each)]
	return strings_of(vars(value)) if hasattr(value, "__dict__") else []


def assert_survives(call: Callable, script: Script) -> None:
	began = time.monotonic()
	result: object = None
	with raw_server(script, requests_per_connection=1) as server:
		try:
			result = call(server.url)
		except IntegrationError as failure:
			result = [failure.detail, str(failure)]
			assert len(failure.detail) <= 500
	assert time.monotonic() - began < SECONDS + BUSY_SECONDS
	for text in strings_of(result):
		text.encode()
		assert len(text) <= 4000
		assert not {unicodedata.category(char) for char in text} & {"Cc", "Cs", "Cf"}, ascii(text)[:100]


ONE_OF_EACH = (
	"shipstation.list_tags",
	"shopify.shop",
	"token_endpoint",
	"vertex.token",
	"vertex.calculate",
	"sendblue.send",
)
ROWS = [
	(mode, call)
	for mode, row in hostile.MODES.items()
	for call in (CALLS if row.changes_content else ONE_OF_EACH)
]


@pytest.mark.parametrize(("mode", "call"), ROWS)
def test_a_hostile_answer_is_an_answer_or_a_failure_that_can_be_shown(mode, call):
	run, honest = CALLS[call]
	assert_survives(run, script_of(hostile.spoilt(mode, json_answer(honest))))


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
NO_HTTP: dict[str, Script] = {
	"no_status": says(b"HTTP/1.1\r\n\r\n"),
	"status_of_letters": says(b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}"),
	"negative_status": says(b"HTTP/1.1 -200 OK\r\nContent-Length: 2\r\n\r\n{}"),
	"unknown_version": says(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
	"not_http": says(b"220 mail.example ESMTP\r\n"),
	"endless_line": says(b"HTTP/1.1 200 " + b"O" * 200_000),
	"endless_headers": says(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n{}"),
	"control_characters_in_headers": says(
		b"HTTP/1.1 200 OK\r\nX-Request-Id: a\x00\x1b[31m\r\nContent-Length: 2\r\n\r\n{}"
	),
	"negative_length": says(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"),
	"two_lengths": says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 20\r\n\r\n{}"),
	"broken_chunks": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
	"huge_chunk": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}"),
	"announced_and_not_sent": says(HEAD),
	"drip_of_the_head": drips(b"HTTP/1.1 200 OK\r\n" * 100, every=0.05),
	"drip_of_the_body": drips(b" " * 1000, first=HEAD, every=0.05),
	"continue_without_end": says(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
}


@pytest.mark.parametrize("call", ONE_OF_EACH)
@pytest.mark.parametrize("bytes_of", NO_HTTP)
def test_what_is_not_http_is_a_failure_in_time(bytes_of, call, monkeypatch):
	seconds = DRIP_SECONDS if bytes_of.startswith("drip") else SECONDS
	monkeypatch.setattr(sys.modules[__name__], "SECONDS", seconds)
	monkeypatch.setattr(token_endpoint, "EXCHANGE_SECONDS", seconds)
	assert_survives(CALLS[call][0], NO_HTTP[bytes_of])


@pytest.mark.parametrize("call", CALLS)
def test_the_honest_answers_of_this_table_are_understood(call):
	"""Otherwise the table proves nothing."""
	run, honest = CALLS[call]
	with raw_server(answers(json.dumps(honest).encode())) as server:
		run(server.url)

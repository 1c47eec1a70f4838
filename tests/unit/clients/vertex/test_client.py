"""The client against a server that answers as scripted: tokens, repetitions, what leaves and what stays."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from medgrid.clients.vertex.access_tokens import AccessToken, AccessTokens, Credentials, UnsharedToken
from medgrid.clients.vertex.client import BOOKING_SECONDS, VertexClient
from medgrid.clients.vertex.deployments import Deployment, endpoints_of
from medgrid.clients.vertex.responses import AddressRejected, TokenLimitReached
from medgrid.clients.vertex.token_limit import Unlimited
from medgrid.core.clock import utc_now
from medgrid.core.waiting.patience import Patience
from medgrid.http_client import retrying
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	IntegrationError,
	NotSent,
	OutcomeUnknown,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.exchanges import Exchange
from medgrid.http_client.json_writer import write_json
from tests.support.raw_server import answers, raw_server
from tests.unit.clients.vertex.factories import chicago_line, data, sale

SECRET = "canary-secret-5f1c"
ISSUED = {"access_token": "new-token", "token_type": "Bearer", "expires_in": 3600}
CALCULATED = {"data": data(chicago_line())}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
	"""Between attempts; the length of the pauses is not what is tested here."""
	monkeypatch.setattr(retrying, "_BACKOFF", lambda state: 0)
	monkeypatch.setattr(retrying, "_stated_pause", lambda state: 0)


class Vertex:
	"""A server that gives one answer after another, apart for tokens and for everything else.

	:ivar seen: the first line of each request.
	"""

	def __init__(self, tokens: list[tuple], calls: list[tuple]):
		self.tokens, self.calls = list(tokens), list(calls)
		self.bodies: list[bytes] = []
		self.seen: list[str] = []
		self.authorizations: list[str] = []
		self.server: Any = None

	def __call__(self, connection) -> None:
		head, _blank, body = self.server.received[-1].partition(b"\r\n\r\n")
		text = head.decode()
		self.seen.append(" ".join(text.split(" ")[:2]))
		self.bodies.append(body)
		if found := re.search(r"Authorization: (.*)", text):
			self.authorizations.append(found.group(1).strip())
		script = self.tokens if "token HTTP" in text.split("\r\n")[0] else self.calls
		status, content = script.pop(0)
		if status is None:
			# The connection ends without an answer.
			return
		answers(write_json(content).encode(), f"{status} X", {"Connection": "close"})(connection)


@contextmanager
def vertex(*calls: tuple, tokens: list[tuple] | None = None) -> Iterator[Vertex]:
	script = Vertex([(200, ISSUED)] if tokens is None else tokens, list(calls))
	with raw_server(script) as server:
		script.server = server
		yield script


class Limit(Unlimited):
	def __init__(self, seconds: float = 0):
		self.seconds = seconds
		self.events: list[str] = []

	def reserve(self) -> float:
		self.events.append("reserve")
		return self.seconds

	def take_back(self) -> None:
		self.events.append("take back")

	def close(self, window_seconds: float) -> float:
		self.events.append(f"close {window_seconds:.0f}")
		return 100


def stored(value: str = "old-token", seconds: float = 3600) -> UnsharedToken:
	store = UnsharedToken()
	store.token = AccessToken(SecretStr(value), utc_now() + timedelta(seconds=seconds))
	return store


def client_of(
	server: Vertex, store=None, limit=None, deployment: Deployment = Deployment.CLOUD, **options
) -> VertexClient:
	url = server.server.url
	endpoints = endpoints_of(deployment, "a.ondemand.vertexinc.com", url)
	deadline = time.monotonic() + options.pop("seconds", 10)
	tokens = AccessTokens(
		endpoints,
		Credentials("client-1", SecretStr(SECRET)),
		store or UnsharedToken(),
		limit or Unlimited(),
		deadline=deadline,
	)
	return VertexClient(tokens, deadline=deadline, **options)


def failure_of(work: Callable, kind: type[IntegrationError]) -> IntegrationError:
	with pytest.raises(kind) as caught:
		work()
	assert type(caught.value) is kind
	return caught.value


# What leaves


@pytest.mark.parametrize(
	("deployment", "path", "form"),
	[
		(
			Deployment.CLOUD,
			"/oauth/token",
			"grant_type=client_credentials&client_id=client-1&client_secret=canary-secret-5f1c"
			"&audience=verx%3A%2F%2Fmigration-api&scope=calc-rest-api",
		),
		(
			Deployment.CLOUD_LEGACY,
			"/identity/connect/token",
			"grant_type=client_credentials&client_id=client-1&client_secret=canary-secret-5f1c&scope=calc-rest-api",
		),
		(
			Deployment.ON_DEMAND,
			"/oseries-auth/oauth/token",
			"grant_type=client_credentials&client_id=client-1&client_secret=canary-secret-5f1c",
		),
	],
)
def test_a_token_is_requested_with_a_form(deployment, path, form):
	with vertex((200, CALCULATED)) as server, client_of(server, deployment=deployment) as client:
		client.calculate(sale())
	assert server.seen == [f"POST {path}", "POST /vertex-ws/v2/supplies"]
	assert server.bodies[0].decode() == form
	assert server.authorizations == ["Bearer new-token"]


def test_amounts_leave_as_the_numbers_that_they_are():
	prices = ["57.00", "0.01", "-12.5", "1000000000000.00", "123456789012345.67"]
	with vertex((400, {})) as server, client_of(server, stored()) as client:
		failure_of(lambda: client.calculate(sale(*prices)), RequestRejected)
	sent = re.findall(rb'"extendedPrice":([^,}]+)', server.bodies[0])
	assert sent == [b"57", b"0.01", b"-12.5", b"1000000000000", b"123456789012345.67"]
	assert b"null" not in server.bodies[0]
	assert b'""' not in server.bodies[0]


def test_amounts_arrive_as_the_numbers_that_they_are():
	content = {
		"data": {
			"totalTax": Decimal("1000000000000.07"),
			"lineItems": [{"lineItemNumber": 1, "totalTax": Decimal("1000000000000.07")}],
		}
	}
	with vertex((200, content)) as server, client_of(server, stored()) as client:
		assert client.calculate(sale()).total_tax == Decimal("1000000000000.07")


def test_the_same_request_has_one_text_and_is_read_back_from_it():
	request = sale("57.00", "12.50")
	assert request.text() == sale("57", "12.5").text()
	assert type(request).from_text(request.text()).body() == request.body()
	assert json.loads(request.text())["lineItems"][0]["extendedPrice"] == 57


# Tokens


def test_a_stored_token_is_used_and_none_is_requested():
	with vertex((200, CALCULATED), tokens=[]) as server, client_of(server, stored()) as client:
		assert client.calculate(sale()).total_tax == Decimal("5.84")
	assert server.authorizations == ["Bearer old-token"]


@pytest.mark.parametrize(("seconds", "requests"), [(119, 1), (122, 0)])
def test_a_token_is_not_used_within_two_minutes_of_its_end(seconds, requests):
	with vertex((200, CALCULATED)) as server, client_of(server, stored(seconds=seconds)) as client:
		client.calculate(sale())
	assert server.seen.count("POST /oauth/token") == requests


@pytest.mark.parametrize(
	("stated", "seconds"),
	[
		({"expires_in": 3600}, 3600),
		({}, 1200),
		({"expires_in": 10**9}, 86_400),
		({"expires_in": "soon"}, 1200),
		({"expires_in": -1}, 1200),
	],
)
def test_the_lifetime_is_what_the_answer_states_within_bounds(stated, seconds):
	store = UnsharedToken()
	with (
		vertex((200, CALCULATED), tokens=[(200, {"access_token": "t", **stated})]) as server,
		client_of(server, store) as client,
	):
		client.calculate(sale())
	assert abs((store.token.expires_at - utc_now()).total_seconds() - seconds) < 20


def test_a_forgotten_token_is_replaced_once_and_the_request_repeated_once():
	store = stored()
	with vertex((401, {}), (200, CALCULATED)) as server, client_of(server, store) as client:
		client.calculate(sale())
	assert server.authorizations == ["Bearer old-token", "Bearer new-token"]
	assert store.token.value.get_secret_value() == "new-token"


def test_two_rejected_tokens_are_rejected_credentials():
	with vertex((401, {}), (401, {})) as server, client_of(server, stored()) as client:
		failure_of(lambda: client.calculate(sale()), CredentialsRejected)
	assert server.seen.count("POST /oauth/token") == 1


def test_a_new_token_that_is_rejected_is_not_replaced():
	with vertex((401, {})) as server, client_of(server) as client:
		failure_of(lambda: client.calculate(sale()), CredentialsRejected)
	assert server.seen == ["POST /oauth/token", "POST /vertex-ws/v2/supplies"]


class Shared(UnsharedToken):
	"""A store that threads share."""

	def __init__(self):
		super().__init__()
		self._mutex = threading.Lock()

	@contextmanager
	def lock(self, wait_seconds: float, patience: Patience):
		acquired = self._mutex.acquire(timeout=wait_seconds)
		try:
			yield acquired
		finally:
			if acquired:
				self._mutex.release()


def test_six_workers_that_meet_one_forgotten_token_request_one():
	store = Shared()
	store.token = stored().token
	tokens = [(200, {"access_token": f"token-{number}"}) for number in range(6)]
	with vertex(tokens=tokens) as server:
		found = []

		def work() -> None:
			with client_of(server, store) as client:
				found.append(client.tokens.replace(SecretStr("old-token")))

		threads = [threading.Thread(target=work) for _number in range(6)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
	assert [each.get_secret_value() for each in found] == ["token-0"] * 6
	assert server.seen == ["POST /oauth/token"]


def test_a_worker_does_not_wait_for_the_token_beyond_its_deadline():
	store = Shared()
	with vertex() as server, store.lock(1, Patience()), client_of(server, store, seconds=0.3) as client:
		began = time.monotonic()
		failure = failure_of(lambda: client.calculate(sale()), ServiceUnavailable)
	assert time.monotonic() - began < 5
	assert failure.was_sent is False


# The limit of tokens


def test_a_token_is_counted_before_it_is_requested():
	limit = Limit()
	with vertex((200, CALCULATED)) as server, client_of(server, limit=limit) as client:
		client.calculate(sale())
	assert limit.events == ["reserve"]


def test_beyond_the_limit_no_token_is_requested():
	with vertex() as server, client_of(server, limit=Limit(77)) as client:
		failure = failure_of(lambda: client.calculate(sale()), TokenLimitReached)
	assert (failure.retry_after, failure.was_sent, server.seen) == (77, False, [])


def test_after_the_providers_refusal_all_requests_stop():
	text = "Client client-1 audience a has exceeded the rate limit of 10 tokens/28800 seconds"
	limit = Limit()
	refused = [(400, {"error": "invalid_request", "error_description": text})]
	with vertex(tokens=refused) as server, client_of(server, limit=limit) as client:
		failure = failure_of(lambda: client.calculate(sale()), TokenLimitReached)
	assert limit.events == ["reserve", "take back", "close 28800"]
	assert failure.retry_after == 100
	assert "client-1" not in str(failure)


@pytest.mark.parametrize("answer", [(401, {}), (400, {"error": "invalid_client"}), (503, {}), (302, {})])
def test_a_refused_request_is_not_counted(answer):
	limit = Limit()
	with (
		vertex(tokens=[answer]) as server,
		client_of(server, limit=limit) as client,
		pytest.raises(IntegrationError) as caught,
	):
		client.calculate(sale())
	assert limit.events == ["reserve", "take back"]
	assert caught.value.was_sent is False
	assert len(server.seen) == 1


@pytest.mark.parametrize("answer", [(None, {}), (200, {"access_token": "\n"}), (200, [])])
def test_a_request_without_a_usable_answer_stays_counted(answer):
	limit = Limit()
	with (
		vertex(tokens=[answer]) as server,
		client_of(server, limit=limit) as client,
		pytest.raises(IntegrationError),
	):
		client.calculate(sale())
	assert limit.events == ["reserve"]


# Repetitions


@pytest.mark.parametrize("status", [429, 408, 502, 503, 504])
def test_a_quotation_is_repeated_once_after_a_passing_failure(status):
	with vertex((status, {}), (200, CALCULATED)) as server, client_of(server, stored()) as client:
		client.calculate(sale())
	with (
		vertex((status, {}), (status, {}), (200, CALCULATED)) as server,
		client_of(server, stored()) as client,
		pytest.raises(IntegrationError),
	):
		client.calculate(sale())
	assert len(server.seen) == 2


@pytest.mark.parametrize(
	("answer", "kind"),
	[
		((500, {}), ServiceUnavailable),
		((None, {}), ServiceUnavailable),
		((400, {}), RequestRejected),
		((403, {}), AccessDenied),
		((404, {}), UnexpectedResponse),
		((302, {}), UnexpectedResponse),
		((200, {"data": []}), UnexpectedResponse),
		((200, []), UnexpectedResponse),
	],
)
@pytest.mark.parametrize("message_type", ["QUOTATION", "INVOICE"])
def test_other_failures_are_not_repeated(answer, kind, message_type):
	with (
		vertex(answer, (200, CALCULATED)) as server,
		client_of(server, stored()) as client,
		pytest.raises(IntegrationError) as caught,
	):
		client.calculate(sale(message_type=message_type, transactionId="MG-1"))
	is_lost = message_type == "INVOICE" and kind is ServiceUnavailable
	assert type(caught.value) is (OutcomeUnknown if is_lost else kind)
	assert len(server.seen) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_invoice_is_sent_once_and_its_outcome_may_be_unknown(status):
	with vertex((status, {}), (200, CALCULATED)) as server, client_of(server, stored()) as client:
		failure_of(
			lambda: client.calculate(sale(message_type="INVOICE", transactionId="MG-1")), OutcomeUnknown
		)
	assert len(server.seen) == 1


def test_an_invoice_is_repeated_after_a_rate_limit_which_did_nothing():
	with vertex((429, {}), (200, CALCULATED)) as server, client_of(server, stored()) as client:
		client.calculate(sale(message_type="INVOICE", transactionId="MG-1"))
	with vertex((429, {}), (429, {})) as server, client_of(server, stored()) as client:
		failure_of(lambda: client.calculate(sale(message_type="INVOICE", transactionId="MG-1")), RateLimited)


def test_an_invoice_that_was_never_sent_says_so():
	with vertex() as server:
		client = client_of(server, stored(), exchange_seconds=BOOKING_SECONDS)
		client.transport.base_url = "http://127.0.0.1:1"
		with client:
			failure = failure_of(
				lambda: client.calculate(sale(message_type="INVOICE", transactionId="MG-1")), NotSent
			)
	assert failure.was_sent is False


# What is said


def test_a_rejected_address_is_named_by_its_role_only():
	content = {"errors": [{"detail": "No tax areas were found: 1420 N Lake Shore Dr, Chicago"}]}
	with vertex((400, content)) as server, client_of(server, stored()) as client:
		failure = failure_of(lambda: client.calculate(sale()), AddressRejected)
	assert failure.detail == "origin and destination"


def test_a_reason_does_not_quote_the_addresses():
	content = {"errors": [{"detail": "Line 1 to 1420 n lake shore dr, CHICAGO 60610 is wrong: quantity"}]}
	with vertex((400, content)) as server, client_of(server, stored()) as client:
		failure = failure_of(lambda: client.calculate(sale()), RequestRejected)
	assert failure.detail == "Line 1 to ********, ******** ******** is wrong: quantity"


@pytest.mark.parametrize(
	("indicator", "exists"), [("true", True), ("false", False), ("TRUE", True), (True, True), (False, False)]
)
def test_whether_a_transaction_exists(indicator, exists):
	content = {"transactionId": "MG-1", "transactionExistsIndicator": indicator}
	with vertex((200, content)) as server, client_of(server, stored()) as client:
		assert client.transaction_exists("MG-1") is exists
	assert server.seen == ["GET /vertex-ws/v2/transaction-exists/MG-1"]


@pytest.mark.parametrize(
	"content",
	[
		{},
		{"transactionExistsIndicator": "maybe"},
		{"transactionExistsIndicator": 1},
		[],
		{"transactionId": "MG-2", "transactionExistsIndicator": "true"},
	],
)
def test_another_answer_to_that_makes_no_sense(content):
	with vertex((200, content)) as server, client_of(server, stored()) as client:
		failure_of(lambda: client.transaction_exists("MG-1"), UnexpectedResponse)


def test_a_reversal_names_its_own_transaction():
	with (
		vertex((200, {"data": {"transactionId": "MG-1-R"}})) as server,
		client_of(server, stored()) as client,
	):
		client.reverse("MG-1", reversal_id="MG-1-R", posting_date="2026-11-26", document_number="CN-1")
	assert server.seen == ["POST /vertex-ws/v2/transactions/MG-1/reversal"]
	assert json.loads(server.bodies[0]) == {
		"data": {"transactionId": "MG-1-R", "postingDate": "2026-11-26", "documentNumber": "CN-1"}
	}


def test_no_secret_token_or_address_is_in_a_record_or_a_failure():
	records: list[Exchange] = []
	store, refused = UnsharedToken(), (403, {"errors": [{"detail": "Not for this company."}]})
	with (
		vertex(refused) as server,
		client_of(server, store, observer=records.append, merchant="m1") as client,
	):
		failure = failure_of(lambda: client.calculate(sale()), AccessDenied)
	text = " ".join(map(str, records)) + repr(client.tokens.credentials) + str(store.token)
	assert "QUOTATION:m1" in text
	for secret in (SECRET, "new-token", "Lake Shore"):
		assert secret not in text
	assert SECRET not in str(failure)

"""The state, and the rules of a request: endpoint, token, shape, tax, journal."""

import json
import re
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from sandbox.simulators.common import simulator
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.vertex import clock, journal
from sandbox.simulators.vertex.access import token_endpoints
from sandbox.simulators.vertex.access.clients import Clients, Company
from sandbox.simulators.vertex.access.identity import IdentityServer
from sandbox.simulators.vertex.access.issuer import KEYS_PATH
from sandbox.simulators.vertex.clock import Clock
from sandbox.simulators.vertex.errors import SERVICE, ApiRefused, NotFound, OAuthRefused
from sandbox.simulators.vertex.faults import SUPPLIES, Fault
from sandbox.simulators.vertex.supplies.endpoint import calculate
from sandbox.simulators.vertex.tax_journal import endpoints
from sandbox.simulators.vertex.tax_journal.bookings import TaxJournal

APP = "Vertex REST API v2.0.0"
REVERSAL = re.compile(r"/vertex-ws/v2/transactions/(?P<id>[^/]*)/reversal")
DELETION = re.compile(r"/vertex-ws/v2/transactions/[^/]*")
EXISTS = re.compile(r"/vertex-ws/v2/transaction-exists/(?P<id>[^/]*)")
ENDPOINTS = (
	("POST", re.compile(re.escape(SUPPLIES))),
	("POST", REVERSAL),
	("DELETE", DELETION),
	("GET", EXISTS),
)


class Simulator(simulator.Simulator):
	fault_type = Fault

	def __init__(self) -> None:
		self.identity = IdentityServer()
		super().__init__()

	def _clear(self) -> None:
		self.clock = Clock()
		self.clients = Clients()
		self.companies: dict[str, Company] = {}
		self.token_limit = token_endpoints.TokenLimit()
		self.tax_journal = TaxJournal()
		self.error_shape = SERVICE

	def _answer(self, request: Request) -> tuple[Answer, str | None]:
		"""A fault that forgets tokens does so before the request looks for its own."""
		fault = next((fault for fault in self.faults.pending() if fault.matches(request)), None)
		if fault and fault.kind == "token_forgotten":
			self.clients.forget_tokens()
		return super()._answer(request)

	def _process(self, request: Request) -> Answer:
		started = time.monotonic()
		try:
			return self._handle(request)
		except OAuthRefused as refused:
			return refused.answer()
		except ApiRefused as refused:
			return json_answer(refused.content(self.error_shape, self._meta(started)), refused.status)

	def _handle(self, request: Request) -> Answer:
		if request.method == "GET" and request.path == KEYS_PATH:
			return json_answer(self.identity.published())
		if request.method == "POST" and request.path in token_endpoints.KINDS:
			return token_endpoints.answer(self.clients, self.token_limit, request, self.clock.now())
		started = time.monotonic()
		content = self._api(request)
		return _answer({**content, "meta": self._meta(started)})

	def _api(self, request: Request) -> dict[str, Any]:
		"""What the REST API answers, without its `meta`."""
		now = self.clock.now()
		if not self._is_known(request):
			raise NotFound(f"There is nothing at {request.method} {request.path}.")
		client = self.clients.identify(request, now)
		if request.path == SUPPLIES:
			return {"data": self._supplies(request, client.client_id)}
		if match := EXISTS.fullmatch(request.path):
			return endpoints.exists(self.tax_journal, unquote(match["id"]), now - self._lag())
		if match := REVERSAL.fullmatch(request.path):
			return {"data": endpoints.reverse(self.tax_journal, unquote(match["id"]), request, now)}
		return endpoints.delete(self.tax_journal, unquote(request.path.rpartition("/")[2]))

	def _is_known(self, request: Request) -> bool:
		return any(
			request.method == method and pattern.fullmatch(request.path) for method, pattern in ENDPOINTS
		)

	def _supplies(self, request: Request, client_id: str) -> dict[str, Any]:
		calculation = calculate(request, self.companies, self.clock.today())
		if calculation.sale.sale_message_type != "INVOICE":
			return calculation.data
		transaction_id = endpoints.book(self.tax_journal, calculation, client_id, self.clock.now())
		return {**calculation.data, "transactionId": transaction_id}

	def _lag(self) -> timedelta:
		"""How far behind the bookings transaction-exists is."""
		lags = [fault.seconds or 0 for fault in self.faults.pending() if fault.kind == "exists_lag"]
		return timedelta(seconds=max(lags, default=0))

	def _meta(self, started: float) -> dict[str, Any]:
		return {
			"app": APP,
			"timeReceived": clock.as_text(self.clock.now()),
			"timeElapsed(ms)": round((time.monotonic() - started) * 1000),
		}

	def _details(self, request: Request, answer: Answer) -> Entry:
		"""The time is UTC, by the simulator's clock; of the credentials, only whose they are."""
		return {
			"time": clock.as_text(self.clock.now()),
			"client_id": journal.client_of_form(request) or self.clients.holder(request),
			"body": journal.body_of(request),
		}


def _answer(content: dict[str, Any]) -> Answer:
	"""Decimals become numbers."""
	return Answer(200, json.dumps(content, default=float, separators=(",", ":")).encode())


def as_json(value: Any) -> Any:
	"""The same for what a command returns."""
	if isinstance(value, dict):
		return {name: as_json(each) for name, each in value.items()}
	if isinstance(value, list):
		return [as_json(each) for each in value]
	return float(value) if isinstance(value, Decimal) else value

"""The client of Shopify's GraphQL Admin API: query costs, tokens, calls.

It does not depend on Frappe. gql parses the documents and builds the request bodies; `medgrid.http_client`
sends them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from gql import GraphQLRequest
from pydantic import SecretStr, ValidationError

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.cost_bucket import Cost, CostBucket, new_reservation
from medgrid.clients.shopify.documents import Answer, Document, is_mutation
from medgrid.clients.shopify.documents import document as document_named
from medgrid.clients.shopify.oauth.tokens import Tokens
from medgrid.clients.shopify.pages import ConnectionPage, Node
from medgrid.clients.shopify.responses import SERVICE, classify, failure_of_user_errors
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	UnexpectedResponse,
	outcome_unknown,
)
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request, Response
from medgrid.http_client.retrying import seconds_left
from medgrid.http_client.service_client import ServiceClient
from medgrid.http_client.transport import Transport

API_VERSION = "2026-04"
EXCHANGE_SECONDS = 30
TOKEN_HEADER = "X-Shopify-Access-Token"


class ShopifyClient(ServiceClient):
	"""A client with one app's token for one shop. A context manager that closes the connection.

	:param base_url: e.g. `https://your-store.myshopify.com`.
	:param tokens: provides the token, and a new one when it expires.
	:param bucket: the app's cost bucket in this shop.
	:param deadline: a value of `time.monotonic()`; the client waits for nothing beyond it.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	:param observer: receives one record for each exchange.
	:param service: the name in errors and records. It differs between vendors' shops and the store, because
		different people act on their failures.
	:param patience: see `ServiceClient`.
	"""

	# The client sends no request if less time is left.
	least_seconds = 3

	def __init__(
		self,
		base_url: str,
		tokens: Tokens,
		bucket: CostBucket,
		*,
		deadline: float,
		api_version: str = API_VERSION,
		heartbeat: Callable[[], None] = lambda: None,
		observer: Observer = log_exchange,
		service: str = SERVICE,
		patience: Patience | None = None,
	):
		transport = Transport(base_url, service=service, observer=observer, exchange_seconds=EXCHANGE_SECONDS)
		super().__init__(transport, deadline=deadline, heartbeat=heartbeat, patience=patience)
		self.tokens, self.bucket = tokens, bucket
		self._path = f"/admin/api/{quote(api_version, safe='')}/graphql.json"
		# The costs that Shopify stated for documents, if they are higher than the document's `cost`.
		self._costs: dict[str, float] = {}

	def execute(
		self,
		operation: str,
		variables: Mapping[str, Any] | None = None,
		*,
		cost: int,
		repeatable: bool | None = None,
	) -> dict[str, Any]:
		"""Runs one of the documents in `queries/`.

		:param operation: the name of the operation and of its file.
		:param variables: the operation's variables.
		:param cost: the points that it can cost at most.
		:param repeatable: whether the operation is idempotent; None: queries are, mutations are not. The
			client repeats a mutation that is not idempotent only if Shopify certainly did not carry it out.
		:returns: the response's `data`.
		:raises OutcomeUnknown: a mutation that is not idempotent was sent, and its response is missing or was
			not understood.
		:raises IntegrationError: see `responses`; DeadlineExceeded if too little time is left for a response,
			or if the bucket requires a wait beyond the deadline.
		"""
		body = GraphQLRequest(
			document_named(operation), variable_values=dict(variables or {}), operation_name=operation
		).payload
		request = Request(
			"POST",
			self._path,
			deadline=self.deadline,
			repeatable=not is_mutation(operation) if repeatable is None else repeatable,
			body=body,
			operation=operation,
		)
		return self._retried(
			lambda number: self._send_with_token(replace(request, attempt=number), cost),
			repeatable=request.repeatable,
		)

	def query(
		self, document: Document[Answer], variables: Mapping[str, Any] | None = None, *, times: int = 1
	) -> Answer:
		"""Runs a query whose result must exist.

		:param document: from `documents`.
		:param times: the number of entries that are queried, if the document's cost is the cost of one entry.
		:returns: the result, as the document's model.
		:raises UnexpectedResponse: the result does not exist.
		:raises IntegrationError: see `execute`.
		"""
		data = self.execute(document.name, variables, cost=document.cost * times)
		return self._parsed(document.model, _at(document.path, data))

	def find(self, document: Document[Answer], variables: Mapping[str, Any] | None = None) -> Answer | None:
		"""Runs a query whose result may be missing.

		:param document: from `documents`.
		:returns: the result, as the document's model; None if it does not exist.
		:raises IntegrationError: see `execute`.
		"""
		found = _at(document.path, self.execute(document.name, variables, cost=document.cost))
		return None if found is None else self._parsed(document.model, found)

	def mutate(
		self, document: Document[Answer], variables: Mapping[str, Any], *, repeatable: bool = False
	) -> Answer:
		"""Runs a mutation.

		:param document: from `documents`.
		:param repeatable: see `execute`.
		:returns: what the mutation created, as the document's model.
		:raises UserErrors: Shopify rejects the mutation.
		:raises OutcomeUnknown: it is unknown whether Shopify carried out the mutation.
		:raises IntegrationError: see `execute`.
		"""
		data = self.execute(document.name, variables, cost=document.cost, repeatable=repeatable)
		failure: IntegrationError | None = None
		try:
			return self._made(document, data)
		except IntegrationError as error:
			failure = error
		is_open = failure.was_sent is None and not repeatable
		raise self._named(outcome_unknown(failure) if is_open else failure)

	def _made(self, document: Document[Answer], data: dict[str, Any]) -> Answer:
		result = _at(document.path[:1], data)
		if not isinstance(result, dict):
			raise UnexpectedResponse("no result")
		if failure := failure_of_user_errors(result):
			raise failure
		return self._parsed(document.model, _at(document.path, data))

	def pages(
		self,
		document: Document[ConnectionPage[Node]],
		variables: Mapping[str, Any],
		*,
		after: str | None = None,
	) -> Iterator[ConnectionPage[Node]]:
		"""Reads a connection page by page, with one page in memory at a time.

		:param document: from `documents`.
		:param after: the cursor after which to begin; None: at the first page.
		:raises IntegrationError: see `execute`.
		"""
		while True:
			page = self.query(document, {**variables, "after": after})
			yield page
			if not page.pageInfo.hasNextPage:
				return
			if page.pageInfo.endCursor in (None, after):
				raise UnexpectedResponse(
					"the cursor of the next page is the cursor of this page", service=self.service
				)
			after = page.pageInfo.endCursor

	# Requests

	def _send_with_token(self, request: Request, cost: int) -> dict[str, Any]:
		"""If Shopify rejects the token, replaces it and sends the request again, once. Shopify did nothing
		for the rejected token."""
		if seconds_left(self.deadline) < self.least_seconds:
			raise DeadlineExceeded(service=self.service, was_sent=False)
		self.heartbeat()
		token = self.tokens.current()
		rejected: CredentialsRejected | None = None
		try:
			return self._send(request, cost, token)
		except CredentialsRejected as error:
			rejected = error
		fresh = None
		with suppress(CredentialsRejected):
			fresh = self.tokens.replace(token)
		if not fresh:
			raise rejected
		return self._send(request, cost, fresh)

	def _send(self, request: Request, cost: float, token: SecretStr) -> dict[str, Any]:
		reservation, status = new_reservation(), None
		cost = max(cost, self._costs.get(request.operation, 0))
		while seconds := self.bucket.acquire(cost, reservation):
			self._wait(seconds)
		try:
			response = self.transport.send(replace(request, headers={TOKEN_HEADER: token}))
			status = self._read_cost(request.operation, cost, response.content)
		finally:
			self.bucket.release(cost, reservation, status)
		return self._data_of(request, response)

	def _data_of(self, request: Request, response: Response) -> dict[str, Any]:
		failure = classify(response.status, response.headers, response.content)
		if not failure:
			return response.content["data"]
		if response.status == 429:
			self.bucket.close(failure.retry_after or 0)
		is_open = response.status == 200 and is_mutation(request.operation)
		if is_open and responses.may_be_carried_out(response.content, failure):
			failure = UnexpectedResponse(failure.detail)
		failure.request_id = response.request_id
		raise self._named(failure)

	def _named(self, failure: IntegrationError) -> IntegrationError:
		failure.service = self.service
		return failure

	def _read_cost(self, operation: str, cost: float, content: Any) -> tuple[float, float, float] | None:
		"""The state of the bucket from a response, for `CostBucket.release`; None if the response has
		none."""
		stated = None
		with suppress(ValidationError, AttributeError):
			stated = Cost.model_validate(content.get("extensions").get("cost"))
		if stated is None:
			return None
		requested = stated.requestedQueryCost or 0
		if requested > cost:
			self._costs[operation] = requested
		status = stated.throttleStatus
		return status.maximumAvailable, status.currentlyAvailable, status.restoreRate


def _at(path: Sequence[str], data: Any) -> Any:
	"""The value at a path in a response; None if the path does not exist."""
	for name in path:
		data = data.get(name) if isinstance(data, dict) else None
	return data

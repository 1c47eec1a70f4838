"""The client of Shopify's GraphQL Admin API: points, token, calls.

It knows nothing of Frappe's documents; how it is asked is `http_client`'s business. gql parses the documents
and makes the requests' bodies of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from gql import GraphQLRequest
from pydantic import SecretStr, ValidationError

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.cost_bucket import CostBucket, new_reservation
from medgrid.clients.shopify.documents import Answer, Document, is_mutation
from medgrid.clients.shopify.documents import document as document_named
from medgrid.clients.shopify.models import Cost, Node, Page
from medgrid.clients.shopify.oauth.tokens import Tokens
from medgrid.clients.shopify.responses import SERVICE, classify, failure_of_user_errors
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
	"""One shop, seen through one app's token. A context manager, which ends the connection.

	:param base_url: e.g. `https://your-store.myshopify.com`.
	:param tokens: where the token comes from, and a new one when it expires.
	:param bucket: the app's cost bucket in this shop.
	:param deadline: `time.monotonic()` after which nothing is waited for.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	:param observer: gets one record for each exchange.
	:param service: the name in errors and records; whose shop it is makes a difference to who reads them.
	"""

	# With less time than this left, nothing is begun.
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
	):
		transport = Transport(base_url, service=service, observer=observer, exchange_seconds=EXCHANGE_SECONDS)
		super().__init__(transport, deadline=deadline, heartbeat=heartbeat)
		self.tokens, self.bucket = tokens, bucket
		self._path = f"/admin/api/{quote(api_version, safe='')}/graphql.json"
		# What Shopify said that queries cost, where that is more than we thought.
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

		:param cost: the points that it can cost at most.
		:param repeatable: whether doing it twice is as good as once; None: queries are, mutations are not.
			A mutation that is not is repeated only when Shopify certainly has not done it.
		:returns: the answer's `data`.
		:raises OutcomeUnknown: a mutation that is not repeatable was sent, and no answer understood.
		:raises IntegrationError: see `responses`; DeadlineExceeded when there is no time left for an answer,
			or the bucket wants a wait beyond the deadline.
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
		"""Asks for something that must be there.

		:param times: how many entries are asked for, where the document's cost is that of one.
		:raises UnexpectedResponse: it is not there.
		:raises IntegrationError: see `execute`.
		"""
		data = self.execute(document.name, variables, cost=document.cost * times)
		return self._parsed(document.model, _at(document.path, data))

	def find(self, document: Document[Answer], variables: Mapping[str, Any] | None = None) -> Answer | None:
		"""Asks for something that may not be there.

		:raises IntegrationError: see `execute`.
		"""
		found = _at(document.path, self.execute(document.name, variables, cost=document.cost))
		return None if found is None else self._parsed(document.model, found)

	def mutate(
		self, document: Document[Answer], variables: Mapping[str, Any], *, repeatable: bool = False
	) -> Answer:
		"""Runs a mutation.

		:returns: what it made.
		:raises UserErrors: Shopify rejects it.
		:raises OutcomeUnknown: it may have been done, or not.
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
		document: Document[Page[Node]],
		variables: Mapping[str, Any],
		*,
		after: str | None = None,
	) -> Iterator[Page[Node]]:
		"""A connection page by page, one page in memory at a time.

		:param after: the cursor to go on from.
		:raises IntegrationError: see `execute`.
		"""
		while True:
			page = self.query(document, {**variables, "after": after})
			yield page
			if not page.pageInfo.hasNextPage:
				return
			if page.pageInfo.endCursor in (None, after):
				raise UnexpectedResponse("a page that is followed by itself", service=self.service)
			after = page.pageInfo.endCursor

	# How it is asked

	def _send_with_token(self, request: Request, cost: int) -> dict[str, Any]:
		"""A refused token is replaced once, if there is another: Shopify did nothing with the first."""
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
			status = self._learn(request.operation, cost, response.content)
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

	def _learn(self, operation: str, cost: float, content: Any) -> tuple[float, float, float] | None:
		"""What an answer says of the bucket, for `CostBucket.release`; None if it says nothing."""
		said = None
		with suppress(ValidationError, AttributeError):
			said = Cost.model_validate(content.get("extensions").get("cost"))
		if said is None:
			return None
		requested = said.requestedQueryCost or 0
		if requested > cost:
			self._costs[operation] = requested
		status = said.throttleStatus
		return status.maximumAvailable, status.currentlyAvailable, status.restoreRate


def _at(path: Sequence[str], data: Any) -> Any:
	"""What is at a place in an answer; None where the place is not there."""
	for name in path:
		data = data.get(name) if isinstance(data, dict) else None
	return data

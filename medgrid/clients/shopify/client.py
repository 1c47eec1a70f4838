"""The client of Shopify's GraphQL Admin API: points, token, calls.

It knows nothing of Frappe's documents; how it is asked is `http_client`'s business. gql parses the documents
and makes the requests' bodies of them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote

from gql import GraphQLRequest
from pydantic import BaseModel, SecretStr, ValidationError

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.cost_bucket import CostBucket, new_reservation
from medgrid.clients.shopify.documents import document, is_mutation
from medgrid.clients.shopify.models import Cost
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
from medgrid.http_client.service_client import parsed as parsed_of_service
from medgrid.http_client.transport import Transport

API_VERSION = "2026-04"
EXCHANGE_SECONDS = 30
TOKEN_HEADER = "X-Shopify-Access-Token"
# Of a connection (`first:`), and of ids in one call.
MAX_PAGE = 250

Model = TypeVar("Model", bound=BaseModel)


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
			document(operation), variable_values=dict(variables or {}), operation_name=operation
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

	def mutate(
		self, operation: str, variables: Mapping[str, Any], *, cost: int = 10, repeatable: bool = False
	) -> dict[str, Any]:
		"""Runs a mutation.

		:returns: what its only field returned.
		:raises UserErrors: Shopify rejects it.
		:raises OutcomeUnknown: it may have been done, or not.
		"""
		data = self.execute(operation, variables, cost=cost, repeatable=repeatable)
		result: Any = next(iter(data.values()), None)
		if not isinstance(result, dict):
			failure: IntegrationError | None = UnexpectedResponse("no result")
		else:
			failure = failure_of_user_errors(result)
		if failure:
			is_open = failure.was_sent is None and not repeatable
			raise self._named(outcome_unknown(failure) if is_open else failure)
		return result

	def pages(
		self,
		operation: str,
		variables: Mapping[str, Any],
		model: type[Model],
		*,
		cost: int,
		field: str,
		after: str | None = None,
	) -> Iterator[Model]:
		"""A connection page by page, one page in memory at a time.

		:param model: of a page, with `pageInfo`.
		:param cost: of one page, in points.
		:param field: of the data that holds the page.
		:param after: the cursor to go on from.
		"""
		while True:
			data = self.execute(operation, {**variables, "after": after}, cost=cost)
			page = parsed(model, data.get(field))
			yield page
			if not page.pageInfo.hasNextPage:
				return
			if page.pageInfo.endCursor in (None, after):
				raise UnexpectedResponse("a page that is followed by itself", service=self.service)
			after = page.pageInfo.endCursor

	def close(self) -> None:
		"""Ends the connection to Shopify."""
		self.transport.close()

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
		if (said.requestedQueryCost or 0) > cost:
			self._costs[operation] = said.requestedQueryCost
		status = said.throttleStatus
		return status.maximumAvailable, status.currentlyAvailable, status.restoreRate


def parsed(model: type[Model], content: Any) -> Model:
	"""An answer's part as a model.

	:raises UnexpectedResponse: it is none.
	"""
	return parsed_of_service(model, content, service=SERVICE)

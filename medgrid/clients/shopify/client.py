"""The client of Shopify's GraphQL Admin API. One way for all requests: points, token, send, classify, retry.

It knows nothing of Frappe's documents, and of HTTP only what `graphql_endpoint` makes of it.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from frappe import _
from gql import GraphQLRequest
from graphql import ExecutionResult
from pydantic import BaseModel, SecretStr, ValidationError
from tenacity import retry_if_exception

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.cost_bucket import CostBucket, new_reservation
from medgrid.clients.shopify.documents import document, is_mutation
from medgrid.clients.shopify.errors import CutShort, Throttled, Unreachable
from medgrid.clients.shopify.graphql_transport import GraphQLEndpoint
from medgrid.clients.shopify.models import Cost
from medgrid.clients.shopify.oauth.tokens import Tokens
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.retrying import retrying, seconds_left

API_VERSION = "2026-04"
# With less time than this left, nothing is begun.
LEAST_SECONDS = 3
# Of a connection (`first:`), and of ids in one call.
MAX_PAGE = 250

Model = TypeVar("Model", bound=BaseModel)


class ShopifyClient:
	"""One shop, seen through one app's token.

	:param base_url: e.g. `https://your-store.myshopify.com`.
	:param tokens: where the token comes from, and a new one when it expires.
	:param bucket: the app's cost bucket in this shop.
	:param deadline: `time.monotonic()` after which nothing is waited for.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	"""

	def __init__(
		self,
		base_url: str,
		tokens: Tokens,
		bucket: CostBucket,
		*,
		deadline: float,
		api_version: str = API_VERSION,
		heartbeat: Callable[[], None] = lambda: None,
	):
		self.tokens, self.bucket = tokens, bucket
		self.deadline, self.heartbeat = deadline, heartbeat
		self.endpoint = GraphQLEndpoint(base_url, api_version)
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
		if repeatable is None:
			repeatable = not is_mutation(operation)
		request = GraphQLRequest(
			document(operation), variable_values=dict(variables or {}), operation_name=operation
		)
		passing = retry_if_exception(lambda failure: _may_repeat(failure, repeatable))
		failure = None
		try:
			return retrying(passing, self.deadline)(self._send_with_token, request, cost)
		except (ServiceUnavailable, UnexpectedResponse) as error:
			failure = error
		if not repeatable and not isinstance(failure, Unreachable):
			failure = responses.outcome_unknown()
		raise deadline_exceeded() if isinstance(failure, CutShort) else failure

	def mutate(
		self, operation: str, variables: Mapping[str, Any], *, cost: int = 10, repeatable: bool = False
	) -> dict[str, Any]:
		"""Runs a mutation.

		:returns: what its only field returned.
		:raises UserErrors: Shopify rejects it.
		:raises OutcomeUnknown: it may have been done, or not.
		"""
		data = self.execute(operation, variables, cost=cost, repeatable=repeatable)
		result = next(iter(data.values()), None)
		if not isinstance(result, dict):
			raise responses.unexpected_response() if repeatable else responses.outcome_unknown()
		if rejection := responses.user_errors_of(result):
			raise rejection
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
				# It would go round in circles.
				raise responses.unexpected_response()
			after = page.pageInfo.endCursor

	def close(self) -> None:
		"""Ends the connection to Shopify."""
		self.endpoint.close()

	# How it is asked

	def _send_with_token(self, request: GraphQLRequest, cost: int) -> dict[str, Any]:
		"""A refused token is replaced once, if there is another: Shopify did nothing with the first."""
		if seconds_left(self.deadline) < LEAST_SECONDS:
			raise deadline_exceeded()
		self.heartbeat()
		token = self.tokens.current()
		rejected = None
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

	def _send(self, request: GraphQLRequest, cost: int, token: SecretStr) -> dict[str, Any]:
		reservation, status = new_reservation(), None
		cost = max(cost, self._costs.get(request.operation_name, 0))
		while seconds := self.bucket.acquire(cost, reservation):
			self._wait_for_points(seconds)
		try:
			seconds = max(LEAST_SECONDS, seconds_left(self.deadline))
			result = self.endpoint.ask(request, token, seconds=seconds)
			status = self._learn(request.operation_name, cost, result.extensions)
		except Throttled as error:
			self.bucket.close(error.retry_after)
			raise
		finally:
			self.bucket.release(cost, reservation, status)
		if failure := responses.failure_of_errors(result.errors):
			raise responses.unexpected_response() if _may_be_done(request, result, failure) else failure
		if not isinstance(result.data, dict):
			raise responses.unexpected_response()
		return result.data

	def _learn(self, operation: str, cost: float, extensions: Any) -> tuple[float, float, float] | None:
		"""What an answer says of the bucket, for `CostBucket.settle`; None if it says nothing."""
		said = None
		with suppress(ValidationError, AttributeError):
			said = Cost.model_validate((extensions or {}).get("cost"))
		if said is None:
			return None
		if (said.requestedQueryCost or 0) > cost:
			self._costs[operation] = said.requestedQueryCost
		status = said.throttleStatus
		return status.maximumAvailable, status.currentlyAvailable, status.restoreRate

	def _wait_for_points(self, seconds: float) -> None:
		if seconds > seconds_left(self.deadline):
			raise deadline_exceeded()
		self.heartbeat()
		time.sleep(seconds)


def parsed(model: type[Model], content: Any) -> Model:
	"""An answer's part as a model.

	:raises UnexpectedResponse: it is none.
	"""
	result = None
	with suppress(ValidationError):
		result = model.model_validate(content)
	if result is None:
		raise responses.unexpected_response()
	return result


def _may_repeat(failure: BaseException, repeatable: bool) -> bool:
	if isinstance(failure, Throttled | Unreachable):
		return True
	return repeatable and isinstance(failure, ServiceUnavailable | UnexpectedResponse)


def deadline_exceeded() -> DeadlineExceeded:
	return DeadlineExceeded(_("There was not enough time for Shopify's answer. Try again in a minute."))


def _may_be_done(request: GraphQLRequest, result: ExecutionResult, failure: IntegrationError) -> bool:
	"""Whether a mutation was done, and only what was asked about its result failed; or failed while it was
	carried out, in a way that says nothing: the errors of what is not even begun have no path."""
	has_result = any(value is not None for value in (result.data or {}).values())
	failed_within = isinstance(failure, RequestRejected) and any(
		isinstance(error, dict) and error.get("path") for error in result.errors or []
	)
	return is_mutation(request.operation_name) and (has_result or failed_within)

"""Shopify's GraphQL endpoint: one HTTP exchange, and what its failures mean.

The token leaves it only in its header, and no exception of the HTTP library leaves it at all: their frames
hold that header.
"""

import requests
from frappe import _
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportConnectionFailed, TransportError, TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from graphql import ExecutionResult
from pydantic import SecretStr
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError, NewConnectionError

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.errors import CutShort, Throttled, Unreachable
from medgrid.http_client.errors import IntegrationError

CONNECT_SECONDS, READ_SECONDS = 5, 30


class TokenHeader(AuthBase):
	"""`X-Shopify-Access-Token`, put on when a request is sent."""

	def __init__(self, token: SecretStr):
		self.token = token

	def __call__(self, request):
		request.headers["X-Shopify-Access-Token"] = self.token.get_secret_value()
		return request


class GraphQLEndpoint:
	"""One shop's endpoint; the connection to it stays open between requests.

	:param base_url: e.g. `https://your-store.myshopify.com`.
	:param api_version: e.g. `2026-04`.
	"""

	def __init__(self, base_url: str, api_version: str):
		# Without retries of its own: it would repeat mutations.
		self.transport = RequestsHTTPTransport(
			f"{base_url}/admin/api/{api_version}/graphql.json",
			retries=0,
			allow_redirects=False,
			hooks={"response": self._remember},
		)
		self.session = Client(transport=self.transport).connect_sync()
		self._response: requests.Response | None = None

	def ask(self, request: GraphQLRequest, token: SecretStr, *, seconds: float) -> ExecutionResult:
		"""Sends one request, once.

		:param seconds: how long to wait for the answer, at most; never more than READ_SECONDS.
		:returns: what Shopify answered with HTTP 200, its `errors` included.
		:raises Unreachable: it was certainly not sent.
		:raises CutShort: no answer came within `seconds`, which were less than READ_SECONDS.
		:raises Throttled: HTTP 429.
		:raises IntegrationError: any other failure, see `answers.failure_of_status`.
		"""
		self._response, failure = None, None
		self.transport.auth = TokenHeader(token)
		seconds = min(READ_SECONDS, seconds)
		timeout = (CONNECT_SECONDS, seconds)
		try:
			return self.session.execute(request, get_execution_result=True, extra_args={"timeout": timeout})
		except TransportQueryError as error:
			if self._response.status_code == 200:
				return ExecutionResult(error.data, error.errors, error.extensions)
		except TransportError as error:
			if isinstance(error, TransportConnectionFailed):
				failure = _network_failure(error.__cause__, was_cut_short=seconds < READ_SECONDS)
		except (AttributeError, TypeError):
			# JSON, and not an object: gql looks into it all the same.
			if self._response is None:
				raise
		finally:
			self.transport.auth = None
		# Outside the except block: no trace of the HTTP library's frames stays with it.
		raise failure or self._failed_answer()

	def close(self) -> None:
		"""Ends the connection."""
		self.transport.close()

	def _remember(self, response: requests.Response, **_options) -> None:
		self._response = response

	def _failed_answer(self) -> IntegrationError:
		failure = responses.failure_of_status(self._response.status_code)
		if isinstance(failure, Throttled):
			failure.retry_after = responses.seconds_to_wait(self._response.headers)
		return failure or responses.unexpected_response()


def _network_failure(cause: BaseException | None, *, was_cut_short: bool) -> Exception:
	"""What an exception of the HTTP library means: certainly not sent, or nobody knows.

	gql catches everything: what is not the HTTP library's, such as a job's time-out, is somebody else's, and
	comes back without its frames.
	"""
	if not isinstance(cause, requests.RequestException):
		return type(cause)(*cause.args) if cause else responses.timed_out()
	if isinstance(cause, requests.ConnectTimeout) or _is_refused_connection(cause):
		return Unreachable(_("Shopify cannot be reached. Try again later."))
	return CutShort() if was_cut_short and isinstance(cause, requests.ReadTimeout) else responses.timed_out()


def _is_refused_connection(cause: BaseException | None) -> bool:
	reason = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
	return isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)

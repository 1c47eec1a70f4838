"""Sends all of MedGrid's requests to other systems: one request gives one response or one IntegrationError.

Whatever the other system does, an exchange ends at its deadline, holds no more than its limits allow,
follows no redirect and writes one record. Only this module imports the HTTP library. None of the library's
exceptions and objects leave the module, because their frames and attributes contain the credentials in plain
text. Therefore `_exchange` returns failures instead of raising them, and `send` raises them.
"""

import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from medgrid.http_client.bodies import BodyIncomplete, BodyReader, BodyRefused
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	NotSent,
	OutcomeUnknown,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.exchanges import Exchange, Observer, log_exchange
from medgrid.http_client.json_reader import DEFAULT_LIMITS, JsonLimits, JsonRefused, checked_text, read_json
from medgrid.http_client.json_writer import write_json
from medgrid.http_client.messages import NOT_JSON, Request, Response
from medgrid.http_client.timed_connections import ExchangeTiming, pool_classes

CONNECT_SECONDS = 5
EXCHANGE_SECONDS = 20
REQUEST_ID = "x-request-id"

_SENDABLE = re.compile(r"[\x20-\x7e]*")
# An ID, and nothing that a request's own words could be: it goes into a log file.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_EXPECTED = (requests.RequestException, HTTPError, HTTPException, OSError, BodyRefused)


class Transport:
	"""The connection to one service, kept open between requests. One thread at a time may use it. A context
	manager that closes the connection.

	:param base_url: e.g. "https://ssapi.shipstation.com".
	:param service: the service's name in errors and records, e.g. "shipstation".
	:param headers: sent with each request. A SecretStr is revealed only when it is sent.
	:param observer: receives one record for each exchange.
	:param exchange_seconds: the longest time of one exchange, even if its deadline is later.
	:param connect_seconds: the longest time to wait for a connection.
	:param limits: of a response's body. The bytes count both as received and decompressed.
	:ivar is_closed: whether the connection is closed.
	"""

	def __init__(
		self,
		base_url: str,
		*,
		service: str,
		headers: Mapping[str, str | SecretStr] | None = None,
		observer: Observer = log_exchange,
		exchange_seconds: float = EXCHANGE_SECONDS,
		connect_seconds: float = CONNECT_SECONDS,
		limits: JsonLimits = DEFAULT_LIMITS,
	):
		self.base_url, self.service, self.observer = base_url.rstrip("/"), service, observer
		self.exchange_seconds, self.connect_seconds = exchange_seconds, connect_seconds
		self.limits = limits
		self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip", **(headers or {})}
		self.is_closed = False
		self._timing = ExchangeTiming()
		self._session = _Session()
		for scheme in ("http://", "https://"):
			self._session.mount(scheme, _TimedAdapter(self._timing))

	def __enter__(self) -> "Transport":
		return self

	def __exit__(self, *_exception: object) -> None:
		self.close()

	def close(self) -> None:
		"""Closes the connection."""
		self.is_closed = True
		self._session.close()

	def send(self, request: Request) -> Response:
		"""Sends a request, once.

		:returns: the response, with any HTTP status.
		:raises NotSent: the request certainly did not arrive.
		:raises OutcomeUnknown: the request is not repeatable, and may have arrived.
		:raises ServiceUnavailable: the request is repeatable, and no complete response arrived within
			`exchange_seconds`.
		:raises DeadlineExceeded: the deadline was over before the request was sent; or the request is
			repeatable, and its deadline, earlier than `exchange_seconds`, was over before the response
			arrived.
		:raises UnexpectedResponse: the response is not HTTP, is too large, or cannot be decompressed.
		:raises CredentialsRejected: the credentials contain characters that a header cannot contain.
		"""
		began = time.monotonic()
		response: Response | None = None
		failure: BaseException | None = None
		try:
			response, failure = self._exchange(request)
		finally:
			self.observer(self._record(request, response, failure, time.monotonic() - began))
		if response is None:
			raise failure or UnexpectedResponse(service=self.service)
		return response

	def _exchange(self, request: Request) -> tuple[Response | None, BaseException | None]:
		"""Returns the failure instead of raising it; the module's docstring gives the reason."""
		now = time.monotonic()
		if now >= request.deadline:
			return None, DeadlineExceeded(service=self.service, was_sent=False)
		self._timing.begin(min(request.deadline, now + self.exchange_seconds))
		try:
			with closing(self._answer(request)) as answer:
				return self._read(answer, request), None
		except _Unsendable:
			return None, CredentialsRejected("characters that a header cannot contain", service=self.service)
		except _EXPECTED as error:
			return None, self._failure(error, request)
		except BaseException as error:
			# Not one of the HTTP library's, e.g. a job's timeout. `send` raises it again, without the frames.
			return None, _bare(error)

	def _answer(self, request: Request) -> requests.Response:
		headers = {name: _revealed(value) for name, value in {**self._headers, **request.headers}.items()}
		if not all(map(_SENDABLE.fullmatch, headers.values())):
			raise _Unsendable
		body = None
		if request.body is not None:
			body = write_json(request.body).encode()
			headers["Content-Type"] = "application/json"
		elif request.form is not None:
			body = urlencode({name: _revealed(value) for name, value in request.form.items()}).encode()
			headers["Content-Type"] = "application/x-www-form-urlencoded"
		left = self._timing.left()
		return self._session.request(
			request.method,
			self.base_url + request.full_path(),
			params=request.parameters,
			data=body,
			headers=headers,
			# Any `auth` prevents the library from adding credentials from the machine's netrc file.
			auth=_unchanged,
			timeout=(min(self.connect_seconds, left), left),
			allow_redirects=False,
			stream=True,
		)

	def _read(self, answer: requests.Response, request: Request) -> Response:
		headers = {name.lower(): value for name, value in answer.headers.items()}
		body = BodyReader(
			lambda size: answer.raw.read(size, decode_content=False), headers, self.limits.max_bytes
		)
		is_unparsed = request.unparsed and 200 <= answer.status_code < 300
		read = checked_text if is_unparsed else read_json
		try:
			content = read(body.read(), self.limits)
		except JsonRefused:
			content = NOT_JSON
		request_id = _request_id(headers)
		return Response(answer.status_code, headers, content, request_id, body.bytes_received)

	def _failure(self, error: BaseException, request: Request) -> IntegrationError:
		timing, reason = self._timing, _reason(error)
		is_cut_short = timing.is_over() and timing.until == request.deadline
		if not timing.was_begun:
			kind: type[IntegrationError] = DeadlineExceeded if is_cut_short else NotSent
			return kind(reason, service=self.service, was_sent=False)
		if not request.repeatable:
			return OutcomeUnknown(reason, service=self.service)
		if is_cut_short:
			return DeadlineExceeded(reason, service=self.service)
		kind = UnexpectedResponse if _is_invalid_response(error) else ServiceUnavailable
		return kind(reason, service=self.service)

	def _record(
		self, request: Request, response: Response | None, failure: BaseException | None, seconds: float
	) -> Exchange:
		return Exchange(
			service=self.service,
			host=urlsplit(self.base_url).netloc.rpartition("@")[2],
			method=request.method,
			path=request.logged_path(),
			operation=request.operation,
			outcome="answered" if response else type(failure).__name__ if failure else "interrupted",
			status=response.status if response else None,
			milliseconds=round(seconds * 1000),
			bytes_received=response.bytes_received if response else 0,
			request_id=response.request_id if response else None,
			attempt=request.attempt,
		)


class _Unsendable(Exception):
	"""A header's value contains characters that a header cannot contain."""


class _Session(requests.Session):
	"""Without cookies, and without the library's handling of redirects, which would read a redirect's whole
	body."""

	def __init__(self) -> None:
		super().__init__()
		self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

	def get_redirect_target(self, resp: requests.Response) -> None:
		return None


class _TimedAdapter(HTTPAdapter):
	def __init__(self, timing: ExchangeTiming):
		self._timing = timing
		super().__init__(pool_connections=1, pool_maxsize=1)

	def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
		super().init_poolmanager(*arguments, **options)
		self.poolmanager.pool_classes_by_scheme = pool_classes(self._timing)

	def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
		manager = super().proxy_manager_for(proxy, **options)
		manager.pool_classes_by_scheme = pool_classes(self._timing)
		return manager


def _unchanged(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
	return prepared


def _revealed(value: str | SecretStr) -> str:
	return value.get_secret_value() if isinstance(value, SecretStr) else value


def _request_id(headers: Mapping[str, str]) -> str | None:
	written = headers.get(REQUEST_ID, "")
	return written if _REQUEST_ID.fullmatch(written) else None


def _bare(error: BaseException) -> BaseException:
	"""Removes the frames and the preceding exceptions from an exception."""
	error.__cause__ = error.__context__ = None
	return error.with_traceback(None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
	"""An exception and the exceptions that the HTTP library wrapped in it."""
	seen: list[BaseException] = []
	waiting = [error]
	while waiting:
		each = waiting.pop()
		if isinstance(each, BaseException) and not any(each is known for known in seen):
			seen.append(each)
			yield each
			reason = getattr(each, "reason", None)
			waiting += [reason, each.__cause__, each.__context__, *each.args]


def _is_invalid_response(error: BaseException) -> bool:
	"""Whether a response arrived that is not HTTP or exceeds the limits. Otherwise it is missing or
	incomplete."""
	return any(
		isinstance(each, HTTPException | BodyRefused)
		and not isinstance(each, RemoteDisconnected | IncompleteRead | BodyIncomplete)
		for each in _chain(error)
	)


def _reason(error: BaseException) -> str:
	"""The failure in MedGrid's own words; the library's messages quote URLs and headers."""
	for each in _chain(error):
		if isinstance(each, BodyRefused):
			return str(each)
		if isinstance(each, ssl.SSLError):
			return "TLS failed"
		if isinstance(each, TimeoutError):
			return "no response in time"
	return "not understood" if _is_invalid_response(error) else "the connection failed"

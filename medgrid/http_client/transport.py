"""The one way in which MedGrid calls another system: one request, one answer or one IntegrationError.

Whatever the other side does, an exchange ends at its deadline, holds no more than `max_bytes` in memory,
follows no redirect and leaves one record. This module alone imports the HTTP library, and lets none of its
exceptions and objects out: their frames and attributes hold the headers with the credentials in plain text.
So nothing is raised where they are at hand: `_exchange` returns failures, `send` raises them.
"""

import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

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
from medgrid.http_client.json_reader import JsonLimits, JsonRefused, read_json
from medgrid.http_client.messages import NOT_JSON, Request, Response
from medgrid.http_client.timed_connections import Timing, pool_classes

CONNECT_SECONDS = 5
EXCHANGE_SECONDS = 20
MAX_BYTES = 8 * 1024 * 1024
REQUEST_ID = "x-request-id"

_SENDABLE = re.compile(r"[\x20-\x7e]*")
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,100}")
_EXPECTED = (requests.RequestException, HTTPError, HTTPException, OSError, BodyRefused)


class Transport:
	"""The connection to one service, kept open between requests. For one thread at a time; a context manager.

	:param base_url: e.g. "https://ssapi.shipstation.com".
	:param service: its name in errors and records, e.g. "shipstation".
	:param headers: of all requests; a SecretStr is revealed only when it is sent.
	:param observer: gets one record for each exchange.
	:param exchange_seconds: what one exchange takes at most, however late its deadline is.
	:param max_bytes: of an answer's body, both as it comes and unpacked.
	:ivar is_closed: whether the connection was ended.
	"""

	def __init__(
		self,
		base_url: str,
		*,
		service: str,
		headers: Mapping[str, str | SecretStr] | None = None,
		observer: Observer = log_exchange,
		exchange_seconds: float = EXCHANGE_SECONDS,
		max_bytes: int = MAX_BYTES,
	):
		self.base_url, self.service, self.observer = base_url.rstrip("/"), service, observer
		self.exchange_seconds, self.limits = exchange_seconds, JsonLimits(max_bytes=max_bytes)
		self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip", **(headers or {})}
		self.is_closed = False
		self._timing = Timing()
		self._session = _Session()
		for scheme in ("http://", "https://"):
			self._session.mount(scheme, _TimedAdapter(self._timing))

	def __enter__(self) -> "Transport":
		return self

	def __exit__(self, *_exception: object) -> None:
		self.close()

	def close(self) -> None:
		"""Ends the connection."""
		self.is_closed = True
		self._session.close()

	def send(self, request: Request) -> Response:
		"""Sends a request, once.

		:returns: the answer, whatever its status.
		:raises NotSent: it certainly did not arrive.
		:raises OutcomeUnknown: it is not repeatable, and may have arrived.
		:raises ServiceUnavailable: it is repeatable, and no whole answer came within `exchange_seconds`.
		:raises DeadlineExceeded: no time was left to begin; or it is repeatable, and its deadline, earlier
			than `exchange_seconds`, came before the answer.
		:raises UnexpectedResponse: what came is no HTTP, is too large, or cannot be unpacked.
		:raises CredentialsRejected: they have characters that cannot be sent.
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
		"""Returns its failure, too: see the module."""
		now = time.monotonic()
		if now >= request.deadline:
			return None, DeadlineExceeded(service=self.service, was_sent=False)
		self._timing.begin(min(request.deadline, now + self.exchange_seconds))
		try:
			with closing(self._answer(request)) as answer:
				return self._read(answer), None
		except _Unsendable:
			return None, CredentialsRejected("characters that no header can have", service=self.service)
		except _EXPECTED as error:
			return None, self._failure(error, request)
		except BaseException as error:
			# Not the HTTP library's: a job's time-out, for one. It goes on, without the frames.
			return None, _bare(error)

	def _answer(self, request: Request) -> requests.Response:
		headers = {name: _revealed(value) for name, value in {**self._headers, **request.headers}.items()}
		if not all(map(_SENDABLE.fullmatch, headers.values())):
			raise _Unsendable
		body = None
		if request.body is not None:
			body = json.dumps(request.body, allow_nan=False, default=_revealed).encode()
			headers["Content-Type"] = "application/json"
		left = self._timing.left()
		return self._session.request(
			request.method,
			self.base_url + request.full_path(),
			params=request.parameters,
			data=body,
			headers=headers,
			# Any `auth` keeps the library from adding one of the machine's netrc.
			auth=_as_it_is,
			timeout=(min(CONNECT_SECONDS, left), left),
			allow_redirects=False,
			stream=True,
		)

	def _read(self, answer: requests.Response) -> Response:
		headers = {name.lower(): value for name, value in answer.headers.items()}
		body = BodyReader(
			lambda size: answer.raw.read(size, decode_content=False), headers, self.limits.max_bytes
		)
		try:
			content = read_json(body.read(), self.limits)
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
		kind = UnexpectedResponse if _is_nonsense(error) else ServiceUnavailable
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
	"""A header's value has characters that no header can have."""


class _Session(requests.Session):
	"""Without cookies, and without the library's look at redirects: it would read the whole body of one."""

	def __init__(self) -> None:
		super().__init__()
		self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

	def get_redirect_target(self, resp: requests.Response) -> None:
		return None


class _TimedAdapter(HTTPAdapter):
	def __init__(self, timing: Timing):
		self._timing = timing
		super().__init__(pool_connections=1, pool_maxsize=1)

	def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
		super().init_poolmanager(*arguments, **options)
		self.poolmanager.pool_classes_by_scheme = pool_classes(self._timing)

	def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
		manager = super().proxy_manager_for(proxy, **options)
		manager.pool_classes_by_scheme = pool_classes(self._timing)
		return manager


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
	return prepared


def _revealed(value: Any) -> Any:
	if isinstance(value, SecretStr):
		return value.get_secret_value()
	if isinstance(value, str):
		return value
	raise TypeError(f"{type(value).__name__} cannot be sent")


def _request_id(headers: Mapping[str, str]) -> str | None:
	written = headers.get(REQUEST_ID, "")
	return written if _REQUEST_ID.fullmatch(written) else None


def _bare(error: BaseException) -> BaseException:
	"""An exception without the frames that it came through, and without the exceptions before it."""
	error.__cause__ = error.__context__ = None
	return error.with_traceback(None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
	"""An exception and what it was made from, as the HTTP library wraps them."""
	seen: list[BaseException] = []
	waiting = [error]
	while waiting:
		each = waiting.pop()
		if isinstance(each, BaseException) and not any(each is known for known in seen):
			seen.append(each)
			yield each
			reason = getattr(each, "reason", None)
			waiting += [reason, each.__cause__, each.__context__, *each.args]


def _is_nonsense(error: BaseException) -> bool:
	"""Whether an answer came that is no HTTP, or is beyond the limits; else none came, or not the whole."""
	return any(
		isinstance(each, HTTPException | BodyRefused)
		and not isinstance(each, RemoteDisconnected | IncompleteRead | BodyIncomplete)
		for each in _chain(error)
	)


def _reason(error: BaseException) -> str:
	"""What happened, in words of ours: the library's quote URLs and headers."""
	for each in _chain(error):
		if isinstance(each, BodyRefused):
			return str(each)
		if isinstance(each, ssl.SSLError):
			return "TLS failed"
		if isinstance(each, TimeoutError):
			return "no answer in time"
	return "not understood" if _is_nonsense(error) else "the connection failed"

"""What the clients of all services share: a transport that is closed, a deadline, a heartbeat, retries."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, UnexpectedResponse
from medgrid.http_client.messages import Request, Response
from medgrid.http_client.retrying import seconds_left, with_retries
from medgrid.http_client.transport import Transport

Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")
Client = TypeVar("Client", bound="ServiceClient")
# What an answer's status, headers (by their names in lower case) and content mean; None: success.
Classify = Callable[[int, Mapping[str, str], Any], IntegrationError | None]


class ServiceClient:
	"""Base of a service's client; a context manager, which ends the connection.

	:param deadline: `time.monotonic()` after which nothing is waited for.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	"""

	# What an exchange needs at least: with less, nothing is waited for.
	least_seconds: ClassVar[float] = 0

	def __init__(
		self, transport: Transport, *, deadline: float, heartbeat: Callable[[], None] = lambda: None
	):
		self.transport, self.deadline, self.heartbeat = transport, deadline, heartbeat

	@property
	def service(self) -> str:
		return self.transport.service

	def __enter__(self: Client) -> Client:
		return self

	def __exit__(self, *_exception: object) -> None:
		self.transport.close()

	def keep_alive(self) -> None:
		"""For work between requests.

		:raises DeadlineExceeded: the deadline is over.
		"""
		if not seconds_left(self.deadline):
			raise DeadlineExceeded(service=self.service, was_sent=False)
		self.heartbeat()

	def _call(self, request: Request) -> Any:
		"""A request with its retries.

		:returns: what `_attempt` returns.
		:raises IntegrationError: see `with_retries`.
		"""
		return self._retried(
			lambda number: self._attempt(replace(request, attempt=number)), repeatable=request.repeatable
		)

	def _retried(self, attempt: Callable[[int], Result], *, repeatable: bool) -> Result:
		return with_retries(
			attempt, repeatable=repeatable, deadline=self.deadline, before_wait=self.heartbeat
		)

	def _attempt(self, request: Request) -> Any:
		"""Sends a request once, within the service's limits, and says what came of it."""
		raise NotImplementedError

	def _wait(self, seconds: float) -> None:
		"""Waits for a rate limit.

		:raises DeadlineExceeded: it would take longer than there is time.
		"""
		if seconds > seconds_left(self.deadline) - self.least_seconds:
			raise DeadlineExceeded(service=self.service, was_sent=False, retry_after=seconds)
		self.heartbeat()
		time.sleep(seconds)

	def _parsed(self, model: type[Model], content: Any) -> Model:
		return parsed(model, content, service=self.service)


def content_of(response: Response, classify: Classify) -> Any:
	"""
	:raises IntegrationError: what `classify` says, with the answer's request id.
	"""
	if failure := classify(response.status, response.headers, response.content):
		failure.request_id = response.request_id
		raise failure
	return response.content


def parsed(model: type[Model], content: Any, *, service: str) -> Model:
	"""An answer, or a part of it, as a model.

	:raises UnexpectedResponse: it is none. Neither its values nor pydantic's error, which has them, are with
		it.
	"""
	with suppress(ValidationError):
		return model.model_validate(content)
	raise UnexpectedResponse(f"no {model.__name__}", service=service)

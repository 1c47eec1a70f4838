"""What the clients of all services share: a transport that they close, a deadline, a heartbeat, retries."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, InvalidRecord
from medgrid.http_client.messages import Request, Response
from medgrid.http_client.retrying import MAX_RETRIES, seconds_left, with_retries
from medgrid.http_client.transport import Transport

Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")
Client = TypeVar("Client", bound="ServiceClient")
# Converts a response's status, headers (with names in lower case) and content to a failure; None: success.
Classify = Callable[[int, Mapping[str, str], Any], IntegrationError | None]


class ServiceClient:
	"""Base of a service's client. A context manager that closes the connection.

	:param transport: the connection to the service. The client closes it.
	:param deadline: a value of `time.monotonic()`; the client waits for nothing beyond it.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	:param patience: how long the client may wait in all, besides for responses; None: until the deadline. It
		depends on who waits for the client: a web request has less of it than a job.
	"""

	# The time that an exchange needs at least: the client does not wait for a rate limit if less would
	# remain.
	least_seconds: ClassVar[float] = 0
	# How often the client repeats a request at most.
	max_retries: ClassVar[int] = MAX_RETRIES

	def __init__(
		self,
		transport: Transport,
		*,
		deadline: float,
		heartbeat: Callable[[], None] = lambda: None,
		patience: Patience | None = None,
	):
		self.transport, self.deadline, self.heartbeat = transport, deadline, heartbeat
		self.patience = patience or Patience()

	@property
	def service(self) -> str:
		return self.transport.service

	def __enter__(self: Client) -> Client:
		return self

	def __exit__(self, *_exception: object) -> None:
		self.transport.close()

	def keep_alive(self) -> None:
		"""Calls the heartbeat during long work between requests.

		:raises DeadlineExceeded: the deadline is over.
		"""
		if not seconds_left(self.deadline):
			raise DeadlineExceeded(service=self.service, was_sent=False)
		self.heartbeat()

	def _exchange(self, request: Request, once: Callable[[Request], Result]) -> Result:
		"""Sends a request, with retries.

		:param once: sends it once, within the service's rate limits, or raises an IntegrationError.
		:returns: what `once` returns.
		:raises IntegrationError: see `with_retries`.
		"""
		return self._retried(
			lambda number: once(replace(request, attempt=number)), repeatable=request.repeatable
		)

	def _retried(self, attempt: Callable[[int], Result], *, repeatable: bool) -> Result:
		return with_retries(
			attempt,
			repeatable=repeatable,
			deadline=self.deadline,
			before_wait=self.heartbeat,
			patience=self.patience,
			max_retries=self.max_retries,
			is_worth_it=self._is_worth_repeating,
		)

	def _is_worth_repeating(self, failure: IntegrationError) -> bool:
		"""Whether the same request may succeed if it is repeated soon. Whether it is safe to repeat it is
		decided apart from that."""
		return failure.is_passing

	def _wait(self, seconds: float) -> None:
		"""Waits for a rate limit.

		:raises DeadlineExceeded: the wait would leave too little time before the deadline, or is longer than
			`patience` permits.
		"""
		is_in_time = seconds <= seconds_left(self.deadline) - self.least_seconds
		if not is_in_time or not self.patience.permits(seconds):
			raise DeadlineExceeded(service=self.service, was_sent=False, retry_after=seconds)
		self.heartbeat()
		self.patience.sleep(seconds)

	def _parsed(self, model: type[Model], content: Any) -> Model:
		return parsed(model, content, service=self.service)


def content_of(response: Response, classify: Classify) -> Any:
	"""The content of a successful response.

	:raises IntegrationError: the failure from `classify`, with the response's request ID.
	"""
	if failure := classify(response.status, response.headers, response.content):
		failure.request_id = response.request_id
		raise failure
	return response.content


def parsed(model: type[Model], content: Any, *, service: str) -> Model:
	"""Validates a response, or a part of it, as a model.

	:raises InvalidRecord: the content does not fit the model. The exception contains neither values nor
		pydantic's error, which contains them.
	"""
	with suppress(ValidationError):
		return model.model_validate(content)
	raise InvalidRecord(f"no {model.__name__}", service=service)

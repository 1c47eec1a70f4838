"""Classifies ShipStation's responses. Pure.

Error bodies are `{message}`, `{Message}` or HTML. Contract: "Integration-Specific Error Codes".
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from medgrid.core.foreign_types import BOUNDED, Sentence, Word, none_if_invalid
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ResourceNotFound,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON
from medgrid.http_client.retrying import stated_wait

SERVICE = "shipstation"
# ShipStation's window is one minute; the client never waits longer, whatever a header states.
MAX_WAIT_SECONDS = 60
# The problems of a rejected request that its reason names.
MAX_PROBLEMS = 20

FAILURES: dict[int, type[IntegrationError]] = {
	401: CredentialsRejected,
	402: PaymentRequired,
	404: ResourceNotFound,
	429: RateLimited,
}


def _as_list(texts: Any) -> Any:
	return texts[:MAX_PROBLEMS] if isinstance(texts, list) else [texts]


def _first_problems(problems: Any) -> Any:
	return dict(list(problems.items())[:MAX_PROBLEMS]) if isinstance(problems, dict) else problems


Problems = Annotated[
	dict[Word, Annotated[list[Sentence], BOUNDED, BeforeValidator(_as_list)]],
	BOUNDED,
	BeforeValidator(_first_problems),
]


def classify(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response.

	:param status: the HTTP status.
	:param headers: the response headers.
	:param content: the response's JSON, or NOT_JSON.
	:returns: the failure; None if the request succeeded.
	"""
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if 200 <= status < 300:
		return UnexpectedResponse("not JSON", **facts) if content is NOT_JSON else None
	if status == 429:
		facts["retry_after"] = seconds_to_wait(headers)
	if kind := FAILURES.get(status):
		return kind(_reason(content), **facts)
	if status >= 500:
		return ServiceUnavailable(_reason(content), **facts)
	return (RequestRejected if status >= 400 else UnexpectedResponse)(_reason(content), **facts)


def seconds_to_wait(headers: Mapping[str, str]) -> float:
	"""The seconds that a response with HTTP 429 requests the client to wait."""
	return stated_wait(headers, "Retry-After", "X-Rate-Limit-Reset", most=MAX_WAIT_SECONDS)


class ErrorBody(BaseModel):
	"""The body of a failure; the two spellings of the message, and the problems by field."""

	message: Annotated[Sentence, none_if_invalid] | None = None
	Message: Annotated[Sentence, none_if_invalid] | None = None
	ModelState: Annotated[Problems, none_if_invalid] | None = None

	def reason(self) -> str:
		"""ShipStation's reason; empty if the body contains none."""
		problems = [f"{field}: {' '.join(texts)}" for field, texts in (self.ModelState or {}).items()]
		return " ".join(filter(None, [self.message or self.Message, *problems]))


def _reason(content: Any) -> str:
	try:
		return ErrorBody.model_validate(content).reason()
	except ValidationError:
		return ""

"""Classifies Vertex' responses. Pure.

The specification's errors are `{code, message, target}`, those of the real service `{status, code, title,
detail}`; the token endpoints have OAuth's. See docs/api.md, "Errors".
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from medgrid.core.foreign_types import BOUNDED, Sentence, Word, none_if_invalid
from medgrid.core.text import one_line
from medgrid.http_client.errors import (
	AccessDenied,
	CredentialsRejected,
	IntegrationError,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.messages import NOT_JSON
from medgrid.http_client.retrying import stated_wait

SERVICE = "vertex"
# No request within a call waits longer, whatever a header states.
MAX_WAIT_SECONDS = 60
# The characters of Vertex' reason that MedGrid shows, and how many of its errors it looks at.
MAX_REASON, MAX_ERRORS = 300, 20
# The window of the Cloud's token limit, in seconds, unless the response states another one.
TOKEN_WINDOW_SECONDS = 28_800
MAX_TOKEN_WINDOW_SECONDS = 86_400

_ADDRESS = re.compile(r"(?i)address|country|location ?role|tax ?areas?")
_TOKEN_LIMIT = re.compile(r"(?i)exceeded the rate limit")
_TOKEN_WINDOW = re.compile(r"tokens?\s*/\s*([0-9]{1,6})\s*seconds", re.ASCII)


class AddressRejected(RequestRejected):
	"""Vertex finds no tax area for an address of the request. `detail` says which addresses the request had,
	and does not repeat them: they are personal data."""

	summary = "an address was rejected"


class TokenLimitReached(RateLimited):
	"""No further token is issued to this client ID before `retry_after` seconds have passed."""

	summary = "no further token is issued for the time being"


FAILURES: dict[int, type[IntegrationError]] = {
	400: RequestRejected,
	401: CredentialsRejected,
	403: AccessDenied,
}


def _first(entries: Any) -> Any:
	return entries[:MAX_ERRORS] if isinstance(entries, list) else entries


class RemoteError(BaseModel):
	"""One error, in either of the two forms."""

	code: Annotated[Word | None, none_if_invalid] = None
	detail: Annotated[Sentence | None, none_if_invalid] = None
	message: Annotated[Sentence | None, none_if_invalid] = None
	title: Annotated[Sentence | None, none_if_invalid] = None


class ErrorBody(BaseModel):
	errors: Annotated[
		list[Annotated[RemoteError | None, none_if_invalid]], BOUNDED, BeforeValidator(_first)
	] = []

	def reason(self) -> str:
		"""Vertex' reason; empty if the body contains none."""
		known = [error for error in self.errors if error]
		texts = (text for error in known for text in (error.detail, error.message, error.title) if text)
		return one_line(next(texts, ""), MAX_REASON)

	def is_about_an_address(self) -> bool:
		return any(
			_ADDRESS.search(text)
			for error in self.errors
			if error
			for text in (error.code, error.detail, error.message, error.title)
			if text
		)


class TokenErrorBody(BaseModel):
	"""The body of a failure of a token endpoint (RFC 6749, section 5.2)."""

	error: Annotated[Word | None, none_if_invalid] = None
	error_description: Annotated[Sentence | None, none_if_invalid] = None


def classify(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response of the calculation.

	:param status: the HTTP status.
	:param headers: the response headers.
	:param content: the response's JSON, or NOT_JSON.
	:returns: the failure; None if the request succeeded.
	"""
	body = _read(ErrorBody, content)
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if status == 400 and body.is_about_an_address():
		return AddressRejected(**facts)
	return _failure_of_status(status, headers, content, body.reason())


def classify_token_answer(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response of a token endpoint; see `classify`."""
	body = _read(TokenErrorBody, content)
	description = body.error_description or ""
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if status == 400 and _TOKEN_LIMIT.search(description):
		return TokenLimitReached(retry_after=_window_in(description), **facts)
	if status == 400 and body.error == "invalid_client":
		return CredentialsRejected(body.error, **facts)
	# The description may name the client ID and the audience; the code says enough.
	return _failure_of_status(status, headers, content, body.error or "")


def _failure_of_status(
	status: int, headers: Mapping[str, str], content: Any, reason: str
) -> IntegrationError | None:
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if 200 <= status < 300:
		return UnexpectedResponse("not JSON", was_sent=True, **facts) if content is NOT_JSON else None
	if status in (408, 429):
		# Vertex publishes no header for it; a proxy before it may send one.
		facts["retry_after"] = stated_wait(headers, "Retry-After", most=MAX_WAIT_SECONDS)
		return RateLimited(reason, **facts)
	if kind := FAILURES.get(status):
		return kind(reason, **facts)
	if status >= 500:
		return ServiceUnavailable(reason, **facts)
	return UnexpectedResponse(reason, was_sent=True, **facts)


def _window_in(description: str) -> float:
	match = _TOKEN_WINDOW.search(description)
	seconds = int(match.group(1)) if match else TOKEN_WINDOW_SECONDS
	return min(max(seconds, 1), MAX_TOKEN_WINDOW_SECONDS)


def _read(model: Any, content: Any) -> Any:
	try:
		return model.model_validate(content)
	except ValidationError:
		return model()

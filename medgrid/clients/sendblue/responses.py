"""Classifies Sendblue's responses: sent, certainly not sent, or unknown. Pure.

A message that may have been sent must not be sent again. If a response does not state that Sendblue refused
the message, the failure's `was_sent` is therefore None.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ValidationError

from medgrid.core.foreign_types import Key, Word, none_if_invalid
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.retrying import stated_wait

SERVICE = "sendblue"
MAX_WAIT_SECONDS = 5
# The statuses of a message that Sendblue answers with HTTP 200 but does not send.
REFUSED = ("ERROR", "DECLINED")

FAILURES: dict[int, type[IntegrationError]] = {
	401: CredentialsRejected,
	402: PaymentRequired,
	403: CredentialsRejected,
}


class SentMessage(BaseModel):
	"""The response to a message that Sendblue accepted.

	:param status: e.g. QUEUED, SENT, DELIVERED, ERROR.
	:param message_handle: Sendblue's ID of the message.
	"""

	status: Word
	message_handle: Annotated[Key | None, none_if_invalid] = None


def classify(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""Classifies a response of the endpoint `send-message`.

	:param status: the HTTP status.
	:param headers: the response headers.
	:param content: the response's JSON, or NOT_JSON.
	:returns: the failure; None if the message was sent. The failure does not contain Sendblue's reason, which
		may quote the message.
	"""
	facts: dict[str, Any] = {"service": SERVICE, "status": status}
	if 200 <= status < 300:
		return _failure_of_content(content, facts)
	if status == 429:
		seconds = stated_wait(headers, "Retry-After", most=MAX_WAIT_SECONDS)
		return RateLimited(retry_after=seconds, **facts)
	if kind := FAILURES.get(status):
		return kind(**facts)
	if 400 <= status < 500:
		return RequestRejected(**facts)
	return (ServiceUnavailable if status >= 500 else UnexpectedResponse)(**facts)


def _failure_of_content(content: Any, facts: dict[str, Any]) -> IntegrationError | None:
	try:
		sent = SentMessage.model_validate(content)
	except ValidationError:
		return UnexpectedResponse("not a message", **facts)
	return RequestRejected(**facts) if sent.status.upper() in REFUSED else None

"""What Sendblue's answers mean: sent, certainly not sent, or nobody knows. Pure.

The difference matters: what may have been sent must not be sent again. Where an answer does not say that a
message was refused, its failure leaves `was_sent` open.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

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
# Of a message that Sendblue took with HTTP 200 and will not send.
REFUSED = ("ERROR", "DECLINED")

FAILURES: dict[int, type[IntegrationError]] = {
	401: CredentialsRejected,
	402: PaymentRequired,
	403: CredentialsRejected,
}


class SentMessage(BaseModel):
	status: str
	message_handle: str | None = None


def classify(status: int, headers: Mapping[str, str], content: Any) -> IntegrationError | None:
	"""
	:param content: the answer's JSON, or NOT_JSON.
	:returns: the failure that an answer stands for; None: the message was sent. What Sendblue says of a
		refusal is left out: it may quote the message.
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
		return UnexpectedResponse("no message", **facts)
	return RequestRejected(**facts) if sent.status.upper() in REFUSED else None

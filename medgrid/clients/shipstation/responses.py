"""Classifies ShipStation's responses. Pure.

Error bodies are `{message}`, `{Message}` or HTML. Contract: "Integration-Specific Error Codes".
"""

from collections.abc import Mapping
from typing import Any

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

FAILURES: dict[int, type[IntegrationError]] = {
	401: CredentialsRejected,
	402: PaymentRequired,
	404: ResourceNotFound,
	429: RateLimited,
}


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


def _reason(content: Any) -> str:
	"""ShipStation's reason for a failure; empty if the body contains none."""
	if not isinstance(content, dict):
		return ""
	reasons = [str(content.get("message") or content.get("Message") or "")]
	details = content.get("ModelState")
	for field, texts in (details if isinstance(details, dict) else {}).items():
		reasons.append(f"{field}: {' '.join(map(str, texts)) if isinstance(texts, list) else texts}")
	return " ".join(filter(None, reasons))

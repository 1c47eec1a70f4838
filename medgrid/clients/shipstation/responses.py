"""What ShipStation's answers mean: content, or a failure with a sentence for the vendor.

Contract: "Integration-Specific Error Codes". Error bodies come as `{message}`, `{Message}` or HTML.
"""

from typing import Any

import requests
from frappe import _

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

# ShipStation's window is a minute: no header makes us wait longer.
MAX_WAIT_SECONDS = 60


class ResourceNotFound(RequestRejected):
	"""404: ShipStation has no such thing."""


def content_of(response: requests.Response) -> Any:
	"""What a successful answer holds, as parsed JSON.

	:raises IntegrationError: the answer is a failure, or none that can be understood.
	"""
	if failure := failure_of(response):
		raise failure
	content, understood = None, True
	try:
		content = response.json()
	except ValueError:
		understood = False
	if not understood:
		raise UnexpectedResponse(unexpected_response())
	return content


def failure_of(response: requests.Response) -> IntegrationError | None:
	"""The failure that an answer's status stands for; None if it is a success."""
	status = response.status_code
	if 200 <= status < 300:
		return None
	if status == 401:
		return CredentialsRejected(_("Invalid API Key or Secret — ShipStation rejected the credentials."))
	if status == 402:
		return PaymentRequired(
			_("ShipStation wants to be paid: this account's plan does not allow API access at the moment.")
		)
	if status == 404:
		return ResourceNotFound(_("ShipStation does not know this order."))
	if status == 429:
		return RateLimited(
			_("ShipStation's limit of 40 requests a minute is used up. Try again in a few minutes.")
		)
	if status >= 500:
		sentence = _("ShipStation has a problem of its own (HTTP {0}). Try again later.")
		return ServiceUnavailable(sentence.format(status))
	if status >= 400:
		return RequestRejected(_("ShipStation refused: {0}").format(_reason(response)))
	return UnexpectedResponse(unexpected_response())


def seconds_to_wait(response: requests.Response) -> float:
	"""How long a 429 asks to wait."""
	return stated_wait(response.headers, "Retry-After", "X-Rate-Limit-Reset", most=MAX_WAIT_SECONDS)


def _reason(response: requests.Response) -> str:
	plain = f"HTTP {response.status_code}"
	try:
		body = response.json()
	except ValueError:
		return plain
	if not isinstance(body, dict):
		return plain
	reasons = [str(body.get("message") or body.get("Message") or plain)]
	details = body.get("ModelState")
	for field, texts in (details if isinstance(details, dict) else {}).items():
		reasons.append(f"{field}: {' '.join(map(str, texts)) if isinstance(texts, list) else texts}")
	return " ".join(reasons)[:500]


def unexpected_response() -> str:
	return _("ShipStation sent an answer that makes no sense. Try again later.")

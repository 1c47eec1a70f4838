"""What Sendblue's answers mean: sent, certainly not sent, or nobody knows.

The difference matters: what may have been sent must not be sent again.
"""

import requests
from frappe import _
from pydantic import BaseModel, ValidationError

from medgrid.http_client.errors import (
	CredentialsRejected,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
)
from medgrid.http_client.retrying import stated_wait

MAX_WAIT_SECONDS = 5


class NotReached(ServiceUnavailable):
	"""No connection came about: nothing was sent."""


class MaybeSent(ServiceUnavailable):
	"""The message may have been sent, or may still be."""


class TooManyRequests(RateLimited):
	"""429: nothing was sent.

	:param seconds: how long Sendblue asks to wait.
	"""

	def __init__(self, sentence: str, seconds: float):
		super().__init__(sentence)
		self.seconds = seconds


class SentMessage(BaseModel):
	status: str
	message_handle: str | None = None
	error_message: str | None = None


def content_of(response: requests.Response) -> SentMessage:
	"""
	:raises IntegrationError: the message was not sent, or (MaybeSent) nobody knows.
	"""
	status = response.status_code
	if 200 <= status < 300:
		return _accepted(response)
	if status in (401, 403):
		raise CredentialsRejected(
			_("Sendblue rejects MedGrid's API keys. An administrator must check them in Medgrid Settings.")
		)
	if status == 402:
		raise PaymentRequired(_("MedGrid's Sendblue account is not paid for. Tell MedGrid."))
	if status == 429:
		seconds = stated_wait(response.headers, "Retry-After", most=MAX_WAIT_SECONDS)
		raise TooManyRequests(_("Sendblue is busy. Try again in a few minutes."), seconds)
	if 400 <= status < 500:
		raise RequestRejected(_refusal())
	raise MaybeSent(maybe_sent())


def _accepted(response: requests.Response) -> SentMessage:
	sent = None
	try:
		sent = SentMessage.model_validate(response.json())
	except (ValueError, ValidationError):
		sent = None
	if sent is None:
		raise MaybeSent(maybe_sent())
	if sent.status.upper() in ("ERROR", "DECLINED"):
		raise RequestRejected(_refusal())
	return sent


def maybe_sent() -> str:
	return _("Sendblue did not say whether the message was sent. Wait a minute for it, then try again.")


def _refusal() -> str:
	return _("Sendblue does not send to this number. Check it, or use another one.")

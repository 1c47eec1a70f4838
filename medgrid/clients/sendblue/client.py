"""The HTTP client of Sendblue's API. It knows nothing of Frappe's documents.

A message is repeated only where it certainly was not sent. The keys leave it only in the headers of a
request, and no exception of the HTTP library leaves it at all: their frames hold those.
"""

import requests
from frappe import _
from pydantic import SecretStr
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from urllib3.exceptions import MaxRetryError, NewConnectionError

from medgrid.clients.sendblue.responses import (
	MaybeSent,
	NotReached,
	SentMessage,
	TooManyRequests,
	content_of,
	maybe_sent,
)

CONNECT_SECONDS, READ_SECONDS = 5, 20
ATTEMPTS = 3


class KeyHeaders(AuthBase):
	"""Sendblue's two headers, made when a request is sent and kept nowhere."""

	def __init__(self, key_id: SecretStr, secret_key: SecretStr):
		self.key_id, self.secret_key = key_id, secret_key

	def __call__(self, request):
		request.headers["sb-api-key-id"] = self.key_id.get_secret_value()
		request.headers["sb-api-secret-key"] = self.secret_key.get_secret_value()
		return request


class SendblueClient:
	"""
	:param base_url: e.g. `https://api.sendblue.co`.
	:param from_number: which of the account's numbers sends, in E.164; None: Sendblue chooses.
	"""

	def __init__(
		self, base_url: str, key_id: SecretStr, secret_key: SecretStr, from_number: str | None = None
	):
		self.base_url, self.from_number = base_url, from_number
		self.session = requests.Session()
		self.session.auth = KeyHeaders(key_id, secret_key)
		self.session.headers["Accept"] = "application/json"

	def send(self, number: str, content: str) -> SentMessage:
		"""Sends a text message.

		:param number: in E.164.
		:raises IntegrationError: it was not sent.
		:raises MaybeSent: it may have been: do not repeat it.
		"""
		body = {"number": number, "content": content}
		if self.from_number:
			body["from_number"] = self.from_number
		retrying = Retrying(
			retry=retry_if_exception_type((NotReached, TooManyRequests)),
			stop=stop_after_attempt(ATTEMPTS),
			wait=_pause,
			reraise=True,
		)
		return retrying(self._post, body)

	def _post(self, body: dict[str, str]) -> SentMessage:
		response = failure = None
		try:
			response = self.session.post(
				f"{self.base_url}/api/send-message",
				json=body,
				timeout=(CONNECT_SECONDS, READ_SECONDS),
				allow_redirects=False,
			)
		except requests.RequestException as error:
			failure = _failure(error)
		if failure:
			# Outside the except block: no trace of the HTTP library's frames stays with it.
			raise failure
		return content_of(response)


def _failure(error: requests.RequestException) -> NotReached | MaybeSent:
	reason = error.args[0] if error.args else None
	if isinstance(reason, MaxRetryError):
		reason = reason.reason
	if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
		return NotReached(_("Sendblue cannot be reached. Try again later."))
	return MaybeSent(maybe_sent())


def _pause(state: RetryCallState) -> float:
	"""Seconds until the next attempt: what a 429 asked for, else 0.5, then 1."""
	return getattr(state.outcome.exception(), "seconds", 0.5 * state.attempt_number)

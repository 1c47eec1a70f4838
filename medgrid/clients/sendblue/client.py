"""The client of Sendblue's API. It does not depend on Frappe."""

from collections.abc import Callable

from pydantic import SecretStr

from medgrid.clients.sendblue.responses import SERVICE, SentMessage, classify
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request
from medgrid.http_client.service_client import ServiceClient, content_of
from medgrid.http_client.transport import Transport


class SendblueClient(ServiceClient):
	"""A client with one account's API key. A context manager that closes the connection.

	:param base_url: e.g. `https://api.sendblue.co`.
	:param from_number: the account's number that sends, in E.164; None: Sendblue chooses one.
	:param deadline: a value of `time.monotonic()`; the client waits for nothing beyond it.
	:param heartbeat: called before each wait; may raise.
	:param observer: receives one record for each exchange.
	:param patience: see `ServiceClient`.
	"""

	def __init__(
		self,
		base_url: str,
		key_id: SecretStr,
		secret_key: SecretStr,
		from_number: str | None = None,
		*,
		deadline: float,
		heartbeat: Callable[[], None] = lambda: None,
		observer: Observer = log_exchange,
		patience: Patience | None = None,
	):
		headers = {"sb-api-key-id": key_id, "sb-api-secret-key": secret_key}
		transport = Transport(base_url, service=SERVICE, headers=headers, observer=observer)
		super().__init__(transport, deadline=deadline, heartbeat=heartbeat, patience=patience)
		self.from_number = from_number

	def send(self, number: str, content: str) -> SentMessage:
		"""Sends a text message. The client repeats the request only if the message certainly was not sent.

		:param number: the recipient's number, in E.164.
		:param content: the text of the message.
		:returns: the message as Sendblue accepted it.
		:raises OutcomeUnknown: the message may have been sent; the caller must not repeat it.
		:raises IntegrationError: the message was not sent.
		"""
		body = {"number": number, "content": content}
		if self.from_number:
			body["from_number"] = self.from_number
		return self._exchange(
			Request("POST", "/api/send-message", deadline=self.deadline, repeatable=False, body=body),
			self._attempt,
		)

	def _attempt(self, request: Request) -> SentMessage:
		content = content_of(self.transport.send(request), classify)
		return self._parsed(SentMessage, content)

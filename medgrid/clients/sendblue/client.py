"""The client of Sendblue's API. It knows nothing of Frappe's documents."""

from pydantic import SecretStr

from medgrid.clients.sendblue.responses import SERVICE, SentMessage, classify
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request
from medgrid.http_client.service_client import ServiceClient, content_of
from medgrid.http_client.transport import Transport


class SendblueClient(ServiceClient):
	"""A context manager, which ends the connection.

	:param base_url: e.g. `https://api.sendblue.co`.
	:param from_number: which of the account's numbers sends, in E.164; None: Sendblue chooses.
	:param deadline: `time.monotonic()` after which nothing is waited for.
	:param observer: gets one record for each exchange.
	"""

	def __init__(
		self,
		base_url: str,
		key_id: SecretStr,
		secret_key: SecretStr,
		from_number: str | None = None,
		*,
		deadline: float,
		observer: Observer = log_exchange,
	):
		headers = {"sb-api-key-id": key_id, "sb-api-secret-key": secret_key}
		transport = Transport(base_url, service=SERVICE, headers=headers, observer=observer)
		super().__init__(transport, deadline=deadline)
		self.from_number = from_number

	def send(self, number: str, content: str) -> SentMessage:
		"""Sends a text message. It is repeated only where it certainly was not sent.

		:param number: in E.164.
		:raises OutcomeUnknown: it may have been sent: do not repeat it.
		:raises IntegrationError: it was not sent.
		"""
		body = {"number": number, "content": content}
		if self.from_number:
			body["from_number"] = self.from_number
		return self._call(
			Request("POST", "/api/send-message", deadline=self.deadline, repeatable=False, body=body)
		)

	def _attempt(self, request: Request) -> SentMessage:
		content = content_of(self.transport.send(request), classify)
		return self._parsed(SentMessage, content)

"""The caller's side: what tests and the demo steer a running simulator with."""

import requests

from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.sendblue.control import Control

WEBHOOK_SECONDS = 10


class SendblueControl(RemoteControl):
	"""
	>>> control = SendblueControl("http://127.0.0.1:9120")
	>>> control.add_account("key", "secret")
	>>> control.reply("+15551234567", "STOP", url="http://…", secret="…")
	"""

	commands = Control

	def reply(
		self,
		number: str,
		content: str,
		*,
		url: str | None = None,
		secret: str | None = None,
		handle: str | None = None,
		headers: dict[str, str] | None = None,
	) -> requests.Response:
		"""The owner of a phone writes back; Sendblue delivers it to a webhook once.

		:param url: None: url and secret are those of `set_webhook`.
		:param secret: as entered in the dashboard: the header `sb-signing-secret`.
		:param handle: of a reply that is delivered again; None: a new one.
		:param headers: more of them, e.g. for a bench with several sites.
		:returns: what the webhook answered. `Response.request.body` has the message.
		"""
		if url is None:
			webhook = self._call("webhook")
			url, secret = webhook["url"], webhook["secret"]
		payload = self._call("reply", number=number, content=content, handle=handle)
		signed = {"sb-signing-secret": secret} if secret else {}
		return self._session.post(
			url, json=payload, headers={**signed, **(headers or {})}, timeout=WEBHOOK_SECONDS
		)

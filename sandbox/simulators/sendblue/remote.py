"""The control API from Python: what tests and the demo steer a running simulator with."""

import requests

from sandbox.simulators.common.remote import RemoteControl

WEBHOOK_SECONDS = 10


class SendblueControl(RemoteControl):
	"""Each method is one control call; it raises ControlRefused when the call makes no sense.

	>>> control = SendblueControl("http://127.0.0.1:9120")
	>>> control.add_account("key", "secret")
	>>> control.reply("+15551234567", "STOP", url="http://…", secret="…")
	"""

	def add_account(
		self,
		key_id: str,
		secret_key: str,
		numbers: list[str] | None = None,
		limit: int = 100,
		window_seconds: float = 1,
	) -> None:
		"""An account that exists is replaced.

		:param numbers: which may send; the first one does if a message does not say.
		:param limit: how many requests are accepted in `window_seconds`.
		"""
		self._call(
			"add_account",
			key_id=key_id,
			secret_key=secret_key,
			numbers=numbers,
			limit=limit,
			window_seconds=window_seconds,
		)

	def opt_out(self, key_id: str, number: str) -> None:
		"""From now on Sendblue itself refuses to send to this number."""
		self._call("opt_out", key_id=key_id, number=number)

	def sent(self, number: str | None = None) -> list[dict]:
		"""The messages that were accepted, as they were answered, oldest first."""
		return self._call("sent", number=number)

	def received(self, key_id: str | None = None) -> list[dict]:
		"""time, key_id, method, path, status (None: no answer), fault, body."""
		return self._call("received", key_id=key_id)

	def reply(
		self,
		number: str,
		content: str,
		*,
		url: str,
		secret: str | None = None,
		handle: str | None = None,
		headers: dict[str, str] | None = None,
	) -> requests.Response:
		"""The owner of a phone writes back; Sendblue delivers it to a webhook once.

		:param secret: as entered in the dashboard: the header `sb-signing-secret`.
		:param handle: of a reply that is delivered again; None: a new one.
		:param headers: more of them, e.g. for a bench with several sites.
		:returns: what the webhook answered. `Response.request.body` has the message.
		"""
		payload = self._call("reply", number=number, content=content, handle=handle)
		signed = {"sb-signing-secret": secret} if secret else {}
		return self._session.post(
			url, json=payload, headers={**signed, **(headers or {})}, timeout=WEBHOOK_SECONDS
		)

	def fault(
		self,
		kind: str,
		times: int | None = 1,
		seconds: float | None = None,
		status: int | None = None,
		*,
		body: str | None = None,
		processed: bool | None = None,
	) -> None:
		"""Spoils the next `times` requests; `faults.Fault` explains each parameter.

		:param kind: too_many, status, timeout_before, timeout_after, drop_after, half, malformed, null, slow.
		"""
		self._call(
			"fault", kind=kind, times=times, seconds=seconds, status=status, body=body, processed=processed
		)

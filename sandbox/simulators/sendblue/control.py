"""The calls below `/_control/`: what owners of accounts and of phones do."""

from sandbox.simulators.common import control
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.sendblue import replies
from sandbox.simulators.sendblue.accounts import DEFAULT_NUMBER, Account
from sandbox.simulators.sendblue.simulator import Simulator


class Control(control.Control[Simulator]):
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
		account = Account(key_id, secret_key, numbers or [DEFAULT_NUMBER], limit, window_seconds)
		self._simulator.accounts.add(account)

	def set_webhook(self, url: str, secret: str | None = None) -> None:
		"""Where replies go, as entered in the dashboard.

		:param secret: the header `sb-signing-secret`.
		"""
		self._simulator.webhook = {"url": url, "secret": secret}

	def webhook(self) -> dict[str, str | None]:
		"""url and secret, from `set_webhook`.

		:raises ControlRefused: nobody has entered them.
		"""
		if self._simulator.webhook is None:
			raise ControlRefused("Sendblue has no webhook yet. Run: python3 -m sandbox demo")
		return self._simulator.webhook

	def opt_out(self, key_id: str, number: str) -> None:
		"""From now on Sendblue itself refuses to send to this number."""
		self._simulator.accounts.get(key_id).opted_out.add(number)

	def sent(self, number: str | None = None) -> list[dict]:
		"""The messages that were accepted, as they were answered, oldest first."""
		messages = [message for account in self._simulator.accounts.all() for message in account.sent]
		return [message for message in messages if number in (None, message["number"])]

	def reply(
		self, number: str, content: str, sendblue_number: str = DEFAULT_NUMBER, handle: str | None = None
	) -> dict:
		"""What the webhook of a reply says; SendblueControl delivers it."""
		return replies.payload(number, content, sendblue_number, handle)

	def received(self, key_id: str | None = None) -> list[Entry]:
		"""The requests, oldest first: `journal.entry`, with time (local) and key_id."""
		return self._simulator.journal.entries(key_id=key_id)

"""The state, and the rules of a request: keys, rate limit, message."""

from datetime import datetime

from sandbox.simulators.common import simulator
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.sendblue import sending
from sandbox.simulators.sendblue.accounts import Accounts, key_id
from sandbox.simulators.sendblue.faults import Fault


class Simulator(simulator.Simulator):
	fault_type = Fault

	def _clear(self) -> None:
		self.accounts = Accounts()
		self.webhook: dict[str, str | None] | None = None

	def _handle(self, request: Request) -> Answer:
		account = self.accounts.identify(request)
		account.admit()
		return json_answer(sending.send(account, request))

	def _details(self, request: Request, answer: Answer) -> Entry:
		"""The time is local, with milliseconds; of the keys, only the id."""
		return {"time": datetime.now().isoformat(timespec="milliseconds"), "key_id": key_id(request)}

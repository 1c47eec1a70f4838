"""The calls below `/_control/`: what owners of accounts and of phones do, and what tests do to them.

`remote.py` has a method for each; `common/control.py` says how they travel.
"""

from sandbox.simulators.common import control
from sandbox.simulators.common.messages import Answer
from sandbox.simulators.sendblue import replies
from sandbox.simulators.sendblue.accounts import DEFAULT_NUMBER, Account
from sandbox.simulators.sendblue.faults import Fault
from sandbox.simulators.sendblue.messages import Request
from sandbox.simulators.sendblue.simulator import Simulator


class Control(control.Control):
	_fault_type = Fault
	_simulator: Simulator

	def add_account(
		self,
		key_id: str,
		secret_key: str,
		numbers: list[str] | None = None,
		limit: int = 100,
		window_seconds: float = 1,
	) -> None:
		account = Account(key_id, secret_key, numbers or [DEFAULT_NUMBER], limit, window_seconds)
		self._simulator.accounts.add(account)

	def opt_out(self, key_id: str, number: str) -> None:
		self._simulator.accounts.get(key_id).opted_out.add(number)

	def sent(self, number: str | None = None) -> list[dict]:
		messages = [message for account in self._simulator.accounts.all() for message in account.sent]
		return [message for message in messages if number in (None, message["number"])]

	def reply(
		self, number: str, content: str, sendblue_number: str = DEFAULT_NUMBER, handle: str | None = None
	) -> dict:
		return replies.payload(number, content, sendblue_number, handle)

	def received(self, key_id: str | None = None) -> list[dict]:
		return self._simulator.journal.entries(key_id=key_id)


def answer(simulator: Simulator, request: Request) -> Answer:
	"""Runs one command."""
	return control.answer(Control(simulator), simulator.lock, request)

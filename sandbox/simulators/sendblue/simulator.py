"""The whole state behind one lock, and the way of a public request through it.

Fault, keys, rate limit, message, journal: in this order, and atomically. Waiting and closing the connection
happen outside the lock, in the server.
"""

import threading

from sandbox.simulators.common.faults import Faults
from sandbox.simulators.common.journal import Journal
from sandbox.simulators.common.messages import Answer, json_answer
from sandbox.simulators.sendblue import journal, sending
from sandbox.simulators.sendblue.accounts import Accounts
from sandbox.simulators.sendblue.errors import Refused
from sandbox.simulators.sendblue.journal import Received
from sandbox.simulators.sendblue.messages import Request


class Simulator:
	def __init__(self):
		self.lock = threading.RLock()
		self.reset()

	def reset(self) -> None:
		with self.lock:
			self.accounts = Accounts()
			self.faults = Faults()
			self.journal = Journal()

	def respond(self, request: Request) -> tuple[Answer, Received]:
		"""Answers a request of the public API and records it."""
		with self.lock:
			answer, fault = self.faults.answer(request, lambda: self._process(request))
			return answer, self.journal.add(journal.entry(request, answer, fault))

	def _process(self, request: Request) -> Answer:
		try:
			account = self.accounts.identify(request)
			account.admit()
			return json_answer(sending.send(account, request))
		except Refused as refused:
			return json_answer(refused.body, refused.status, refused.headers)

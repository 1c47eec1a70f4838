"""The whole state behind one lock, and the way of a public request through it.

Fault, credentials, rate limit, endpoint, journal: in this order, and atomically. Waiting and closing the
connection happen outside the lock, in the server.
"""

import threading
from dataclasses import replace

from sandbox.simulators.common.faults import Faults
from sandbox.simulators.common.journal import Journal
from sandbox.simulators.common.messages import Answer, html_answer, json_answer
from sandbox.simulators.shipstation import endpoints, journal
from sandbox.simulators.shipstation.account.accounts import Accounts, Caller
from sandbox.simulators.shipstation.errors import Refused, TooManyRequests
from sandbox.simulators.shipstation.journal import Received
from sandbox.simulators.shipstation.messages import Request

DENIED = "Authorization has been denied for this request."
# ShipStation and what stands in front of it do not agree on how a 401 looks.
DENIALS = {
	"json": lambda: json_answer({"Message": DENIED}, 401),
	"lowercase": lambda: json_answer({"message": DENIED}, 401),
	"html": lambda: html_answer(401),
	"empty": lambda: Answer(401),
}


class Simulator:
	def __init__(self):
		self.lock = threading.RLock()
		self.reset()

	def reset(self) -> None:
		with self.lock:
			self.accounts = Accounts()
			self.faults = Faults()
			self.journal = Journal()
			self.denial = "json"

	def respond(self, request: Request) -> tuple[Answer, Received]:
		"""Answers a request of the public API and records it."""
		with self.lock:
			caller = self.accounts.identify(request.credentials)
			within_limit = caller.window.admit()
			answer, fault = self.faults.answer(request, lambda: self._process(request, caller, within_limit))
			answer = replace(answer, headers={**caller.window.headers(), **answer.headers})
			return answer, self.journal.add(journal.entry(request, answer, fault))

	def _process(self, request: Request, caller: Caller, within_limit: bool) -> Answer:
		if not caller.account:
			return DENIALS[self.denial]()
		try:
			if not within_limit:
				raise TooManyRequests()
			return endpoints.call(caller.account, request)
		except Refused as refused:
			return json_answer(refused.body, refused.status, refused.headers)

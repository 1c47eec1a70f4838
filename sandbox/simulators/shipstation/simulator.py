"""The state, and the rules of a request: credentials, rate limit, endpoint."""

from dataclasses import replace
from typing import Any

from sandbox.simulators.common import simulator
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request, html_answer, json_answer
from sandbox.simulators.shipstation import clock, endpoints
from sandbox.simulators.shipstation.account import ids
from sandbox.simulators.shipstation.account.accounts import Accounts
from sandbox.simulators.shipstation.credentials import Credentials
from sandbox.simulators.shipstation.errors import TooManyRequests
from sandbox.simulators.shipstation.faults import Fault

DENIED = "Authorization has been denied for this request."
# ShipStation and what stands in front of it do not agree on how a 401 looks.
DENIALS = {
	"json": lambda: json_answer({"Message": DENIED}, 401),
	"lowercase": lambda: json_answer({"message": DENIED}, 401),
	"html": lambda: html_answer(401),
	"empty": lambda: Answer(401),
}


class Simulator(simulator.Simulator):
	fault_type = Fault

	def _clear(self) -> None:
		self.accounts = Accounts()
		self.denial = "json"
		self.notifies = True

	def kept(self) -> dict[str, Any]:
		return {**super().kept(), "ids": ids.last()}

	def remember(self, kept: dict[str, Any]) -> None:
		ids.go_on_from(kept["ids"])
		super().remember({name: value for name, value in kept.items() if name != "ids"})

	def _answer(self, request: Request) -> tuple[Answer, str | None]:
		"""Each request counts and each answer has the limit's headers, also when a fault spoils it."""
		window = self.accounts.identify(Credentials.of(request)).window
		window.count()
		answer, fault = super()._answer(request)
		return replace(answer, headers={**window.headers(), **answer.headers}), fault

	def _handle(self, request: Request) -> Answer:
		caller = self.accounts.identify(Credentials.of(request))
		if not caller.account:
			return DENIALS[self.denial]()
		if caller.window.is_exceeded():
			raise TooManyRequests()
		return endpoints.call(caller.account, request)

	def _details(self, request: Request, answer: Answer) -> Entry:
		"""The time is Pacific, as everywhere at ShipStation; of the credentials, only the key."""
		return {"time": clock.as_text(clock.now()), "api_key": Credentials.of(request).api_key}

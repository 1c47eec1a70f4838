"""A simulator's whole state behind one lock, and the way of a public request through it.

Fault, then the simulator's own rules, then the journal: in this order, and atomically. Waiting and closing
the connection happen outside the lock, in the server.
"""

import threading
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from sandbox.simulators.common.errors import Refused
from sandbox.simulators.common.faults import Fault, Faults
from sandbox.simulators.common.journal import Entry, Journal, entry
from sandbox.simulators.common.messages import Answer, Request


class Simulator(ABC):
	"""
	:param fault_type: the simulator's own, with what its faults can match and do.
	"""

	fault_type: ClassVar[type[Fault]]
	# Attributes that end with the process; see `common.memory`.
	passing: ClassVar[frozenset[str]] = frozenset({"lock", "faults", "journal"})

	def __init__(self) -> None:
		self.lock = threading.RLock()
		self.reset()

	def reset(self) -> None:
		"""Forgets everything: what it was told, what it has stored, and what it received."""
		with self.lock:
			self.faults = Faults()
			self.journal = Journal()
			self._clear()

	def kept(self) -> dict[str, Any]:
		"""What the next process is to know: everything but what `passing` names."""
		return {name: value for name, value in vars(self).items() if name not in self.passing}

	def remember(self, kept: dict[str, Any]) -> None:
		"""
		:param kept: from `kept` of an earlier process.
		"""
		vars(self).update(kept)

	def respond(self, request: Request) -> tuple[Answer, Entry]:
		"""Answers a request of the public API and records it."""
		with self.lock:
			answer, fault = self._answer(request)
			noted = {**entry(request, answer, fault), **self._details(request, answer)}
			self.journal.add(noted)
			return answer, noted

	def close(self) -> None:  # noqa: B027 most simulators do nothing by themselves
		"""Ends what the simulator does by itself; the server calls it when it stops."""

	def _answer(self, request: Request) -> tuple[Answer, str | None]:
		"""The answer, and the kind of the fault that spoilt it."""
		return self.faults.answer(request, lambda: self._process(request))

	def _process(self, request: Request) -> Answer:
		try:
			return self._handle(request)
		except Refused as refused:
			return refused.answer()

	@abstractmethod
	def _clear(self) -> None:
		"""Makes the simulator's own state anew: accounts, shops and the like."""

	@abstractmethod
	def _handle(self, request: Request) -> Answer:
		"""What the real service would answer. Raises Refused for whatever it would not do."""

	@abstractmethod
	def _details(self, request: Request, answer: Answer) -> Entry:
		"""What an entry of the journal has besides, or instead: `time`, by the service's own clock, and whose
		request it was. No secrets."""

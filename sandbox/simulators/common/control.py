"""The calls below `/_control/`: `POST /_control/<command>` with a JSON object of the command's parameters.

A command is a public method of a simulator's Control class. There are no credentials: the server listens on
loopback only.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, ClassVar, Generic, TypeVar

from sandbox.simulators.common import hostile
from sandbox.simulators.common.errors import ControlRefused, Refused
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.common.simulator import Simulator

PREFIX = "/_control/"

State = TypeVar("State", bound=Simulator)


class Control(Generic[State]):
	"""The commands of every simulator; each subclasses it and adds its own.

	Each public method is a command; its parameters are the JSON object's names.
	"""

	# What a command may raise when it makes no sense; a subclass may add its own.
	_refusals: ClassVar[tuple[type[Exception], ...]] = (ControlRefused, Refused, ValueError)

	def __init__(self, simulator: State):
		self._simulator = simulator

	def reset(self) -> None:
		"""Forgets everything: what it was told, what it has stored, and what it received."""
		self._simulator.reset()

	def clear_received(self) -> None:
		self._simulator.journal.clear()

	def fault(self, kind: str, times: int | None = 1, **options: Any) -> None:
		"""Spoils the next `times` requests that match; the simulator's `faults.Fault` explains each option.

		:param kind: status, timeout_before, timeout_after, drop_after, half, malformed, null, slow, drip, or
			one of the simulator's own.
		"""
		fault = call(self._simulator.fault_type, {"kind": kind, "times": times, **options})
		self._simulator.faults.add(fault)

	def hostile(self, mode: str, times: int | None = None, **options: Any) -> None:
		"""Answers like a system that means harm, until faults are cleared.

		:param mode: a name in `hostile.MODES`.
		"""
		self.fault(hostile.PREFIX + mode, times, **options)

	def faults(self) -> list[dict]:
		"""What is left of the faults that were asked for."""
		return [asdict(fault) for fault in self._simulator.faults.pending()]

	def clear_faults(self) -> None:
		self._simulator.faults.clear()

	def _answer(self, request: Request) -> Answer:
		"""Runs one command: 200 with its result, 400 `{"error": …}` when it makes no sense, else 404."""
		name = request.path.removeprefix(PREFIX)
		command = None if name.startswith("_") else getattr(self, name, None)
		if request.method != "POST" or command is None:
			return json_answer({"error": f"There is no command POST {request.path}."}, 404)
		try:
			with self._simulator.lock:
				return json_answer(call(command, json.loads(request.body or b"{}")))
		except self._refusals as error:
			return json_answer({"error": str(error)}, 400)


def answer(commands: type[Control], simulator: Simulator, request: Request) -> Answer:
	return commands(simulator)._answer(request)


def call(function: Callable[..., Any], parameters: dict[str, Any]) -> Any:
	"""Calls it with these parameters; wrong names are the caller's fault, not ours."""
	try:
		arguments = inspect.signature(function).bind(**parameters)
	except TypeError as error:
		raise ControlRefused(str(error)) from None
	return function(*arguments.args, **arguments.kwargs)

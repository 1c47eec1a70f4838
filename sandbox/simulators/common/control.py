"""The calls below `/_control/`: `POST /_control/<command>` with a JSON object of the command's parameters.

A command is a public method of a simulator's Control class. There are no credentials: the server listens on
loopback only.
"""

import inspect
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.faults import Fault
from sandbox.simulators.common.messages import Answer, Request, json_answer

PREFIX = "/_control/"


class Control:
	"""The commands of every simulator; each subclasses it and adds its own.

	Each public method is a command; its parameters are the JSON object's names.
	"""

	# The simulator's own.
	_fault_type: type[Fault]

	def __init__(self, simulator):
		self._simulator = simulator

	def reset(self) -> None:
		self._simulator.reset()

	def clear_received(self) -> None:
		self._simulator.journal.clear()

	def fault(self, kind: str, **options) -> None:
		self._simulator.faults.add(call(self._fault_type, {"kind": kind, **options}))

	def faults(self) -> list[dict]:
		return [asdict(fault) for fault in self._simulator.faults.pending()]

	def clear_faults(self) -> None:
		self._simulator.faults.clear()


def answer(
	commands: object,
	lock: AbstractContextManager,
	request: Request,
	refusals: tuple[type[Exception], ...] = (),
) -> Answer:
	"""Runs one command: 200 with its result, 400 `{"error": …}` when it makes no sense, else 404.

	:param refusals: what a command may raise besides ControlRefused and ValueError.
	"""
	name = request.path.removeprefix(PREFIX)
	method = None if name.startswith("_") else getattr(commands, name, None)
	if request.method != "POST" or method is None:
		return json_answer({"error": f"There is no command POST {request.path}."}, 404)
	try:
		with lock:
			return json_answer(call(method, json.loads(request.body or b"{}")))
	except (ControlRefused, ValueError, *refusals) as error:
		return json_answer({"error": str(error)}, 400)


def call(function: Callable, parameters: dict[str, Any]) -> Any:
	"""Calls it with these parameters; wrong names are the caller's fault, not ours."""
	try:
		arguments = inspect.signature(function).bind(**parameters)
	except TypeError as error:
		raise ControlRefused(str(error)) from None
	return function(*arguments.args, **arguments.kwargs)

"""The caller's side of the control API: what tests, the demo and the benchmarks steer a simulator with."""

import inspect
import json
from collections.abc import Callable
from typing import Any, ClassVar

import requests

from sandbox.simulators.common.control import PREFIX, Control
from sandbox.simulators.common.errors import ControlRefused

SECONDS = 60


class RemoteControl:
	"""Each command of a running simulator is a method: `control.add_account("key", "secret")` posts it.

	It takes what the method of the Control class takes, returns its result as JSON, and raises ControlRefused
	when the call makes no sense. Lists may be any iterables.

	:param commands: the simulator's Control class. A subclass names it, and adds what a command cannot do.
	"""

	commands: ClassVar[type[Control]]

	def __init__(self, url: str):
		self.url = url.rstrip("/")
		self._session = requests.Session()
		# A proxy from the environment cannot reach our loopback.
		self._session.trust_env = False

	def __getattr__(self, command: str) -> Callable[..., Any]:
		method = None if command.startswith("_") else getattr(self.commands, command, None)
		if method is None:
			raise AttributeError(f"{type(self).__name__} has no command {command!r}.")
		_self, *names = inspect.signature(method).parameters

		def post(*arguments: Any, **parameters: Any) -> Any:
			if len(arguments) > len(names):
				raise TypeError(f"{command} takes {len(names)} arguments and got {len(arguments)}.")
			return self._call(command, **dict(zip(names, arguments, strict=False)), **parameters)

		return post

	def _call(self, command: str, /, **parameters: Any) -> Any:
		response = self._session.post(
			f"{self.url}{PREFIX}{command}",
			data=json.dumps(parameters, default=list),
			headers={"Content-Type": "application/json"},
			timeout=SECONDS,
		)
		if response.status_code != 200:
			raise ControlRefused(response.json()["error"])
		return response.json()

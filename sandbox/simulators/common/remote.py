"""The caller's side of the control API."""

import requests

from sandbox.simulators.common.errors import ControlRefused

SECONDS = 60


class RemoteControl:
	"""Base of each simulator's control: a method is one call; ControlRefused when it makes no sense."""

	def __init__(self, url: str):
		self.url = url.rstrip("/")
		self._session = requests.Session()
		# A proxy from the environment cannot reach our loopback.
		self._session.trust_env = False

	def reset(self) -> None:
		"""Forgets everything: what it was told, what it has stored, and what it received."""
		self._call("reset")

	def clear_received(self) -> None:
		self._call("clear_received")

	def faults(self) -> list[dict]:
		"""What is left of the faults that were asked for."""
		return self._call("faults")

	def clear_faults(self) -> None:
		self._call("clear_faults")

	def _call(self, command: str, **parameters):
		response = self._session.post(f"{self.url}/_control/{command}", json=parameters, timeout=SECONDS)
		if response.status_code != 200:
			raise ControlRefused(response.json()["error"])
		return response.json()

"""What simulators refuse: control calls, and requests to the API that they stand in for."""

from collections.abc import Mapping
from typing import Any

from sandbox.simulators.common.messages import Answer, json_answer


class ControlRefused(Exception):
	"""A control call that makes no sense: an unknown account, shop, fault or order."""


class Refused(Exception):
	"""A request that the simulated API turns down; each simulator subclasses it with its own bodies.

	:param body: of the answer, as JSON.
	:param status: of the answer; a subclass may have one of its own instead.
	"""

	status = 400

	def __init__(
		self, message: str, body: Any, *, status: int | None = None, headers: Mapping[str, str] | None = None
	):
		super().__init__(message)
		self.body = body
		self.status = status or self.status
		self.headers = dict(headers or {})

	def answer(self) -> Answer:
		return json_answer(self.body, self.status, self.headers)

"""What goes wrong on request: the faults of `common`, and Sendblue's 429."""

from dataclasses import dataclass
from typing import ClassVar

from sandbox.simulators.common import faults
from sandbox.simulators.common.messages import Answer, json_answer
from sandbox.simulators.sendblue.errors import TooManyRequests


@dataclass
class Fault(faults.Fault):
	"""
	:param seconds: how long to hang, or for `too_many` what Retry-After says.
	"""

	KINDS: ClassVar = {
		"too_many": lambda fault, request, process: _too_many(fault),
		**faults.Fault.KINDS,
	}

	def malformed_text(self) -> str:
		return '{"status": "QUEUED", "mess'


def _too_many(fault: Fault) -> Answer:
	refused = TooManyRequests(1 if fault.seconds is None else fault.seconds)
	return json_answer(refused.body, refused.status, refused.headers)

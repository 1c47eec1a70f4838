"""What goes wrong on request: the faults of `common`, and Sendblue's 429."""

from dataclasses import dataclass
from typing import ClassVar

from sandbox.simulators.common import faults
from sandbox.simulators.sendblue.errors import TooManyRequests


@dataclass
class Fault(faults.Fault):
	"""
	:param seconds: how long to hang, or for `too_many` what Retry-After says.
	"""

	KINDS: ClassVar[faults.Kinds] = {
		"too_many": lambda fault, request, process: TooManyRequests(faults.either(fault.seconds, 1)).answer(),
		**faults.Fault.KINDS,
	}

	def malformed_text(self) -> str:
		return '{"status": "QUEUED", "mess'

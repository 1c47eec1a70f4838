"""An entry of the journal. Secrets are never in it: of the credentials, only the key."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.simulators.common.messages import Answer, Sent, parsed
from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.messages import Request


@dataclass(frozen=True)
class Received:
	"""
	:param time: Pacific, as everywhere at ShipStation.
	:param timestamp: the same moment in seconds since 1970, for measuring.
	:param status: what the client was answered; None when no answer was sent.
	:param fault: the kind of the fault that it met, if any.
	:param body: parsed, if it was JSON.
	"""

	time: str
	timestamp: float
	api_key: str
	method: str
	path: str
	query: dict[str, str]
	status: int | None
	fault: str | None
	body: Any

	def as_dict(self) -> dict:
		return asdict(self)


def entry(request: Request, answer: Answer, fault: str | None) -> Received:
	return Received(
		time=clock.as_text(clock.now()),
		timestamp=time.time(),
		api_key=request.credentials.api_key,
		method=request.method,
		path=request.path,
		query=request.query,
		status=None if answer.sent is Sent.NOTHING else answer.status,
		fault=fault,
		body=parsed(request.body),
	)

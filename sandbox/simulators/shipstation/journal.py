"""An entry of the journal. Secrets are never in it: of the credentials, only the key."""

import time
from dataclasses import dataclass

from sandbox.simulators.common import journal
from sandbox.simulators.common.messages import Answer, parsed
from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.messages import Request


@dataclass(frozen=True)
class Received(journal.Received):
	"""
	:param time: Pacific, as everywhere at ShipStation.
	:param timestamp: the same moment in seconds since 1970, for measuring.
	"""

	timestamp: float
	api_key: str
	query: dict[str, str]


def entry(request: Request, answer: Answer, fault: str | None) -> Received:
	return Received(
		time=clock.as_text(clock.now()),
		timestamp=time.time(),
		api_key=request.credentials.api_key,
		method=request.method,
		path=request.path,
		query=request.query,
		status=answer.status_received,
		fault=fault,
		body=parsed(request.body),
	)

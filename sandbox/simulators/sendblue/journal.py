"""An entry of the journal. Secrets are never in it: of the keys, only the id."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.simulators.common import journal
from sandbox.simulators.common.messages import Answer, parsed
from sandbox.simulators.sendblue.messages import Request


@dataclass(frozen=True)
class Received(journal.Received):
	"""
	:param time: local, with milliseconds.
	"""

	key_id: str


def entry(request: Request, answer: Answer, fault: str | None) -> Received:
	return Received(
		time=datetime.now().isoformat(timespec="milliseconds"),
		key_id=request.key_id,
		method=request.method,
		path=request.path,
		status=answer.status_received,
		fault=fault,
		body=parsed(request.body),
	)

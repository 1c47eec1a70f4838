"""An entry of the journal. Secrets are never in it: of the keys, only the id."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sandbox.simulators.common.messages import Answer, Sent, parsed
from sandbox.simulators.sendblue.messages import Request


@dataclass(frozen=True)
class Received:
	"""
	:param time: local, with milliseconds.
	:param status: what the client was answered; None when no answer was sent.
	:param fault: the kind of the fault that it met, if any.
	:param body: parsed, if it was JSON.
	"""

	time: str
	key_id: str
	method: str
	path: str
	status: int | None
	fault: str | None
	body: Any

	def as_dict(self) -> dict:
		return asdict(self)


def entry(request: Request, answer: Answer, fault: str | None) -> Received:
	return Received(
		time=datetime.now().isoformat(timespec="milliseconds"),
		key_id=request.key_id,
		method=request.method,
		path=request.path,
		status=None if answer.sent is Sent.NOTHING else answer.status,
		fault=fault,
		body=parsed(request.body),
	)

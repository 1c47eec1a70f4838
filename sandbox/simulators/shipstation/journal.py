"""What was received, and what became of it. Secrets are never in it: of the credentials, only the key."""

import json
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.messages import Answer, Request, Sent

KEPT = 50_000


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


class Journal:
	def __init__(self):
		self._entries: deque[Received] = deque(maxlen=KEPT)

	def record(self, request: Request, answer: Answer, fault: str | None) -> Received:
		entry = Received(
			time=clock.as_text(clock.now()),
			timestamp=time.time(),
			api_key=request.credentials.api_key,
			method=request.method,
			path=request.path,
			query=request.query,
			status=None if answer.sent is Sent.NOTHING else answer.status,
			fault=fault,
			body=_parsed(request.body),
		)
		self._entries.append(entry)
		return entry

	def entries(self, api_key: str | None = None) -> list[dict]:
		return [entry.as_dict() for entry in self._entries if api_key in (None, entry.api_key)]

	def clear(self) -> None:
		self._entries.clear()


def _parsed(body: bytes) -> Any:
	try:
		return json.loads(body) if body else None
	except ValueError:
		return body.decode(errors="replace")

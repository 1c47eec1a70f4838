"""What was received, and what became of it, in the order of arrival."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

KEPT = 50_000


@dataclass(frozen=True)
class Received:
	"""An entry of the journal; a simulator subclasses it and adds what else its requests have.

	:param time: by the simulator's own clock.
	:param status: what the client was answered; None when no answer was sent.
	:param fault: the kind of the fault that it met, if any.
	:param body: parsed, if it was JSON.
	"""

	time: str
	method: str
	path: str
	status: int | None
	fault: str | None
	body: Any

	def as_dict(self) -> dict:
		return asdict(self)


Entry = TypeVar("Entry", bound=Received)


class Journal:
	"""The last entries."""

	def __init__(self):
		self._entries: deque[Received] = deque(maxlen=KEPT)

	def add(self, entry: Entry) -> Entry:
		self._entries.append(entry)
		return entry

	def entries(self, **wanted: str | None) -> list[dict]:
		"""The entries whose attributes have these values; None means any."""
		filters = {name: value for name, value in wanted.items() if value is not None}
		return [
			entry.as_dict()
			for entry in self._entries
			if all(getattr(entry, name) == value for name, value in filters.items())
		]

	def clear(self) -> None:
		self._entries.clear()

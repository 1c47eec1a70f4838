"""What was received, and what became of it, in the order of arrival."""

from collections import deque
from typing import Any

KEPT = 50_000


class Journal:
	"""The last entries; an entry is a frozen dataclass of the simulator with an `as_dict()`."""

	def __init__(self):
		self._entries: deque[Any] = deque(maxlen=KEPT)

	def add(self, entry: Any) -> Any:
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

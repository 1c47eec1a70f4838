"""What was received, and what became of it, in the order of arrival."""

import time
from collections import deque
from typing import Any

from sandbox.simulators.common.messages import Answer, Request, parsed

KEPT = 50_000

Entry = dict[str, Any]


def entry(request: Request, answer: Answer, fault: str | None) -> Entry:
	"""What every simulator notes of a request. Headers, which hold the secrets, are never in it.

	:param fault: the kind of the fault that it met, if any.
	:returns: timestamp (seconds since 1970), method, path, query, status (None: no answer was sent), fault,
		body (parsed, if it was JSON).
	"""
	return {
		"timestamp": time.time(),
		"method": request.method,
		"path": request.path,
		"query": request.query,
		"status": answer.status_received,
		"fault": fault,
		"body": parsed(request.body),
	}


class Journal:
	"""The last entries."""

	def __init__(self) -> None:
		self._entries: deque[Entry] = deque(maxlen=KEPT)

	def add(self, entry: Entry) -> None:
		self._entries.append(entry)

	def entries(self, **wanted: str | None) -> list[Entry]:
		"""The entries that have these values; None means any."""
		filters = {name: value for name, value in wanted.items() if value is not None}
		return [
			entry for entry in self._entries if all(entry[name] == value for name, value in filters.items())
		]

	def clear(self) -> None:
		self._entries.clear()

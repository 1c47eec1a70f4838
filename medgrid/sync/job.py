"""A sync of which at most one run is in progress at a time, and where its runs are recorded. Pure."""

from dataclasses import dataclass
from typing import Any

DOCTYPE = "Sync Run"


@dataclass(frozen=True)
class Job:
	"""A sync of which at most one run is in progress at a time.

	:param kind: an option of Sync Run's field `kind`.
	:param connection: the name of the Vendor Connection that is synced; None: the Exoceuticals store.
	"""

	kind: str
	connection: str | None = None

	@property
	def key(self) -> str:
		return f"{self.kind}:{self.connection}" if self.connection else self.kind

	@property
	def filters(self) -> dict[str, Any]:
		return {"kind": self.kind, "connection": self.connection or ("is", "not set")}

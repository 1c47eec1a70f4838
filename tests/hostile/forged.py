"""A request whose form is good and whose content is hostile."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Forged:
	"""
	:param query: without the question mark.
	:param headers: besides the caller's.
	"""

	verb: str
	query: str = ""
	headers: Mapping[str, str] = field(default_factory=dict)
	body: bytes | None = None

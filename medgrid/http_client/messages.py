"""What goes to another system and what comes back, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr


class NotJson:
	"""Stands for the content of an answer that is not JSON, or beyond the limits of `json_reader`."""

	def __repr__(self) -> str:
		return "NOT_JSON"


NOT_JSON = NotJson()


@dataclass(frozen=True)
class Request:
	"""One request. Its repr shows no header and nothing of the body.

	:param path: below the service's base URL, with the names of `values` in braces: "/orders/{order_id}".
		So it can be logged: it names no document.
	:param deadline: a value of `time.monotonic()`; the exchange is over by then.
	:param repeatable: whether carrying it out twice is as good as once: reads, and writes by a key.
	:param values: what stands in the path's braces; they are quoted.
	:param parameters: of the query string.
	:param body: is sent as JSON; a SecretStr in it is revealed only there.
	:param headers: besides those of the transport; a SecretStr is revealed only when it is sent.
	:param operation: a name for the log where the path does not tell, e.g. of a GraphQL operation.
	:param attempt: the how manieth, from 1.
	"""

	method: str
	path: str
	deadline: float
	repeatable: bool
	values: Mapping[str, str] = field(default_factory=dict)
	parameters: Mapping[str, str | int] = field(default_factory=dict)
	body: Any = field(default=None, repr=False)
	headers: Mapping[str, str | SecretStr] = field(default_factory=dict, repr=False)
	operation: str = ""
	attempt: int = 1

	def full_path(self) -> str:
		"""The path with its values."""
		return self.path.format(**{name: quote(value, safe="") for name, value in self.values.items()})

	def logged_path(self) -> str:
		"""The path and the names of its query's parameters, without any value."""
		names = "&".join(self.parameters)
		return f"{self.path}?{names}" if names else self.path


@dataclass(frozen=True)
class Response:
	"""An answer, whatever its status.

	:param headers: by their names in lower case.
	:param content: its JSON, or NOT_JSON.
	:param request_id: the other side's name for the exchange, if it gives one.
	:param bytes_received: of the body, as it came.
	"""

	status: int
	headers: Mapping[str, str] = field(repr=False)
	content: Any = field(repr=False)
	request_id: str | None = None
	bytes_received: int = 0

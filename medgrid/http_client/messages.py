"""A request to another system and its response, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr


class NoJsonContent:
	"""The content of a response that is not JSON or exceeds the limits of `json_reader`."""

	def __repr__(self) -> str:
		return "NOT_JSON"


NOT_JSON = NoJsonContent()


@dataclass(frozen=True)
class Request:
	"""One request. Its repr shows neither headers nor body.

	:param path: below the service's base URL, with the names of `values` in braces: "/orders/{order_id}". It
		contains no ID and can therefore be logged.
	:param deadline: a value of `time.monotonic()` at which the exchange ends at the latest.
	:param repeatable: whether the request is idempotent: reads, and writes identified by a key.
	:param values: replace the names in the path's braces; they are percent-encoded.
	:param parameters: the parameters of the query string.
	:param body: sent as JSON. A SecretStr in it is revealed only when it is sent; a Decimal stays exact.
	:param form: sent form-encoded, in place of a body. A SecretStr in it is revealed only when it is sent.
	:param headers: added to those of the transport. A SecretStr is revealed only when it is sent.
	:param operation: a name for the log if the path does not identify the operation, e.g. in GraphQL.
	:param attempt: the number of the attempt, from 1.
	:param unparsed: whether the content of a success is its JSON text within the limits, for a reader that
		parses it faster than `read_json`.
	"""

	method: str
	path: str
	deadline: float
	repeatable: bool
	values: Mapping[str, str] = field(default_factory=dict)
	parameters: Mapping[str, str | int] = field(default_factory=dict)
	body: Any = field(default=None, repr=False)
	form: Mapping[str, str | SecretStr] | None = field(default=None, repr=False)
	headers: Mapping[str, str | SecretStr] = field(default_factory=dict, repr=False)
	operation: str = ""
	attempt: int = 1
	unparsed: bool = False

	def full_path(self) -> str:
		"""The path with its values, percent-encoded."""
		return self.path.format(**{name: quote(value, safe="") for name, value in self.values.items()})

	def logged_path(self) -> str:
		"""The path and the names of its query's parameters, without any value."""
		names = "&".join(self.parameters)
		return f"{self.path}?{names}" if names else self.path


@dataclass(frozen=True)
class Response:
	"""The response to a request, with any HTTP status.

	:param headers: with names in lower case.
	:param content: the parsed JSON, or NOT_JSON; bytes if the request wants them.
	:param request_id: the other system's ID of the exchange; None if it sent none.
	:param bytes_received: bytes of the body, before decompression.
	"""

	status: int
	headers: Mapping[str, str] = field(repr=False)
	content: Any = field(repr=False)
	request_id: str | None = None
	bytes_received: int = 0

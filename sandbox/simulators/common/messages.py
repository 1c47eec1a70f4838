"""A request as it arrived, and an answer together with the way it is to be delivered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class Sent(Enum):
	"""How much of an answer reaches the client before the connection is closed."""

	WHOLE = "whole"
	HALF = "half"
	# One blank a second for `delay_seconds`, before the body.
	DRIP = "drip"
	NOTHING = "nothing"


@dataclass(frozen=True)
class Request:
	"""
	:param query_string: as it was sent, still encoded.
	:param headers: found without regard to upper and lower case, as `http.server` reads them.
	"""

	method: str
	path: str
	query_string: str
	headers: Mapping[str, str]
	body: bytes

	@cached_property
	def query(self) -> dict[str, str]:
		return dict(parse_qsl(self.query_string))

	@property
	def content_type(self) -> str:
		return self.headers.get("Content-Type", "")


@dataclass(frozen=True)
class Answer:
	status: int
	body: bytes = b""
	content_type: str = JSON
	headers: dict[str, str] = field(default_factory=dict)
	delay_seconds: float = 0
	sent: Sent = Sent.WHOLE

	@property
	def status_received(self) -> int | None:
		"""The status as the client sees it; None when no answer is sent."""
		return None if self.sent is Sent.NOTHING else self.status


def json_answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
	return Answer(status, json.dumps(content, separators=(",", ":")).encode(), JSON, headers or {})


def html_answer(status: int) -> Answer:
	"""What a gateway in front of the API says by itself."""
	title = f"{status} {_phrase(status)}"
	page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
	return Answer(status, page.encode(), HTML)


def text_answer(text: str, status: int) -> Answer:
	"""Any text; the content type is HTML for what looks like it, else JSON."""
	return Answer(status, text.encode(), HTML if text.lstrip().startswith("<") else JSON)


def parsed(body: bytes) -> Any:
	"""The JSON of a body, else (also if it is nested too deeply) its text; None when it is empty."""
	try:
		return json.loads(body) if body else None
	except (ValueError, RecursionError):
		return body.decode(errors="replace")


def _phrase(status: int) -> str:
	try:
		return HTTPStatus(status).phrase
	except ValueError:
		return "Error"

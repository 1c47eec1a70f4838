"""A request as it arrived, and an answer together with the way it is to be delivered."""

import base64
import json
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class Sent(Enum):
	"""How much of an answer reaches the client before the connection is closed."""

	WHOLE = "whole"
	HALF = "half"
	NOTHING = "nothing"


@dataclass(frozen=True)
class Credentials:
	api_key: str = ""
	api_secret: str = field(default="", repr=False)

	@classmethod
	def from_header(cls, header: str | None) -> "Credentials":
		"""Reads Basic auth; anything else gives empty credentials, which nobody has."""
		scheme, _space, encoded = (header or "").partition(" ")
		if scheme.lower() != "basic":
			return cls()
		try:
			api_key, _colon, api_secret = base64.b64decode(encoded).decode().partition(":")
		except ValueError:
			return cls()
		return cls(api_key, api_secret)


@dataclass(frozen=True)
class Request:
	method: str
	path: str
	query: dict[str, str]
	credentials: Credentials
	content_type: str
	body: bytes


@dataclass(frozen=True)
class Answer:
	status: int
	body: bytes = b""
	content_type: str = JSON
	headers: dict[str, str] = field(default_factory=dict)
	delay_seconds: float = 0
	sent: Sent = Sent.WHOLE


def json_answer(content, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
	return Answer(status, json.dumps(content, separators=(",", ":")).encode(), JSON, headers or {})


def html_answer(status: int) -> Answer:
	"""What a gateway in front of the API says by itself."""
	title = f"{status} {_phrase(status)}"
	page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
	return Answer(status, page.encode(), HTML)


def text_answer(text: str, status: int) -> Answer:
	"""Any text; the content type is HTML for what looks like it, else JSON."""
	return Answer(status, text.encode(), HTML if text.lstrip().startswith("<") else JSON)


def _phrase(status: int) -> str:
	try:
		return HTTPStatus(status).phrase
	except ValueError:
		return "Error"

"""ShipStation's requests: those of any simulator, with the key pair of Basic auth."""

import base64
from dataclasses import dataclass, field
from functools import cached_property

from sandbox.simulators.common import messages


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
class Request(messages.Request):
	@cached_property
	def credentials(self) -> Credentials:
		return Credentials.from_header(self.headers.get("Authorization"))

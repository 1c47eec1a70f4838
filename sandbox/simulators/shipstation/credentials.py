"""The key pair of Basic auth."""

import base64
from dataclasses import dataclass, field

from sandbox.simulators.common.messages import Request


@dataclass(frozen=True)
class Credentials:
	api_key: str = ""
	api_secret: str = field(default="", repr=False)

	@classmethod
	def of(cls, request: Request) -> "Credentials":
		"""Reads Basic auth; anything else gives empty credentials, which nobody has."""
		scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
		if scheme.lower() != "basic":
			return cls()
		try:
			api_key, _colon, api_secret = base64.b64decode(encoded).decode().partition(":")
		except ValueError:
			return cls()
		return cls(api_key, api_secret)

"""Sendblue's requests: those of any simulator, with the two headers of an account's keys."""

from dataclasses import dataclass

from sandbox.simulators.common import messages


@dataclass(frozen=True)
class Request(messages.Request):
	@property
	def key_id(self) -> str:
		return self.headers.get("sb-api-key-id", "")

	@property
	def secret_key(self) -> str:
		return self.headers.get("sb-api-secret-key", "")

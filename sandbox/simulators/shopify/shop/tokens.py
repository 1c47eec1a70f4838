"""The access tokens of a shop: who has them, what they may do, and until when.

A token that expires comes with a refresh token. Both work until a pair that was made with the refresh token
is first used; then they are gone. Shopify does not say what becomes of two pairs made with one refresh token:
here each works.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.simulators.common import passing

TOKEN_SECONDS = 3600
REFRESH_SECONDS = 90 * 24 * 3600


@dataclass
class Grant:
	"""
	:param expires_at: on the monotonic clock; None is never.
	:param replaces: the grant that this one was refreshed from, until this one is used.
	"""

	client_id: str
	scopes: tuple[str, ...]
	access_token: str = field(default_factory=lambda: f"shpat_{secrets.token_hex(16)}", repr=False)
	expires_at: float | None = None
	refresh_token: str | None = field(default=None, repr=False)
	refresh_expires_at: float | None = None
	replaces: "Grant | None" = field(default=None, repr=False)

	def allows(self, scope: str) -> bool:
		"""To write includes to read."""
		return scope in self.scopes or scope.replace("read_", "write_", 1) in self.scopes

	def is_current(self) -> bool:
		return self.expires_at is None or passing.now() < self.expires_at

	def as_answer(self) -> dict[str, Any]:
		answer: dict[str, Any] = {"access_token": self.access_token, "scope": ",".join(self.scopes)}
		if self.refresh_token:
			answer["expires_in"] = _seconds_left(self.expires_at)
			answer["refresh_token"] = self.refresh_token
			answer["refresh_token_expires_in"] = _seconds_left(self.refresh_expires_at)
		return answer


class Tokens:
	def __init__(self) -> None:
		self._grants: list[Grant] = []

	def issue(
		self,
		client_id: str,
		scopes: tuple[str, ...],
		*,
		expires_in: float | None = None,
		replaces: Grant | None = None,
	) -> Grant:
		grant = Grant(client_id, scopes, replaces=replaces)
		if expires_in is not None:
			grant.expires_at = passing.now() + expires_in
			grant.refresh_token = f"shprt_{secrets.token_hex(16)}"
			grant.refresh_expires_at = passing.now() + REFRESH_SECONDS
		self._grants.append(grant)
		return grant

	def use(self, access_token: str) -> Grant | None:
		"""The grant of a token that works. Its first use ends the grant that it was refreshed from."""
		for grant in self._grants:
			if grant.access_token == access_token and grant.is_current():
				self._retire(grant)
				return grant
		return None

	def refreshable(self, client_id: str, refresh_token: str) -> Grant | None:
		for grant in self._grants:
			if grant.refresh_token == refresh_token and grant.client_id == client_id:
				ends = grant.refresh_expires_at
				return grant if ends is not None and passing.now() < ends else None
		return None

	def of_app(self, client_id: str) -> list[Grant]:
		return [grant for grant in self._grants if grant.client_id == client_id]

	def apps(self) -> set[str]:
		return {grant.client_id for grant in self._grants}

	def revoke(self, access_token: str | None = None) -> int:
		"""One token, or all of them; says how many."""
		before = len(self._grants)
		self._grants = [grant for grant in self._grants if access_token not in (None, grant.access_token)]
		return before - len(self._grants)

	def revoke_app(self, client_id: str) -> None:
		self._grants = [grant for grant in self._grants if grant.client_id != client_id]

	def expire(self, access_token: str | None = None) -> None:
		"""Lets expiring tokens expire now; their refresh tokens still work."""
		for grant in self._grants:
			if grant.refresh_token and access_token in (None, grant.access_token):
				grant.expires_at = passing.now()

	def _retire(self, grant: Grant) -> None:
		if grant.replaces in self._grants:
			self._grants.remove(grant.replaces)
		grant.replaces = None


def _seconds_left(moment: float | None) -> int:
	return max(0, round(moment - passing.now())) if moment is not None else 0

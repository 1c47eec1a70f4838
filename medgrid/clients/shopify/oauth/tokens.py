"""Access tokens: those that stay, and those that expire and are refreshed before they do.

Shopify keeps the old pair of tokens working until the new one is first used. So a worker that dies between
Shopify's answer and the commit loses nothing: the next one refreshes again.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

from pydantic import SecretStr

from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.redis_keys import redis_key
from medgrid.http_client.errors import IntegrationError, ServiceUnavailable

# A token is replaced so long before it expires.
MARGIN = timedelta(seconds=120)
# Longer than one request to the token endpoint takes.
LOCK_SECONDS = 30
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class TokenPair:
	"""What Shopify issues for a code or a refresh token.

	:param scopes: what it may do, e.g. "read_products".
	:param refresh_token: None for a token that does not expire.
	:param expires_at: aware, UTC; None likewise.
	"""

	access_token: SecretStr
	scopes: tuple[str, ...] = ()
	refresh_token: SecretStr | None = None
	expires_at: datetime | None = None

	def needs_refreshing(self) -> bool:
		if not (self.refresh_token and self.expires_at):
			return False
		return utc_now() + MARGIN >= self.expires_at

	def is_usable(self) -> bool:
		return not self.expires_at or utc_now() < self.expires_at


class Tokens(Protocol):
	"""Where a client gets its token from."""

	def current(self) -> SecretStr:
		"""A token that works now, as far as is known."""

	def replace(self, rejected: SecretStr) -> SecretStr | None:
		"""Another token for one that Shopify does not accept; None if there is none."""


class FixedToken:
	"""A token that does not expire."""

	def __init__(self, token: SecretStr):
		self._token = token

	def current(self) -> SecretStr:
		return self._token

	def replace(self, rejected: SecretStr) -> None:
		return None


class TokenStore(Protocol):
	"""Keeps the pair of one shop."""

	def load(self) -> TokenPair:
		"""The pair as it is stored now.

		:raises CredentialsRejected: there is none any more.
		"""

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""Stores a whole pair or nothing of it, and commits.

		:param replacing: the pair that it was made from.
		:returns: the pair that is stored now: another worker's, if that one was faster.
		"""


class RefreshingTokens:
	"""A pair that expires, refreshed by one worker at a time; the others wait and take what it stored.

	:param refresh: asks Shopify for a new pair; takes the refresh token.
	:param redis: where the workers meet.
	:param name: of the pair, the same for all workers.
	:param deadline: `time.monotonic()` after which no other worker is waited for.
	"""

	def __init__(
		self, store: TokenStore, refresh: Callable[[SecretStr], TokenPair], redis, name: str, deadline: float
	):
		self.store, self.refresh, self.redis, self.deadline = store, refresh, redis, deadline
		self.key = redis_key("shopify", "refresh", name)
		self.pair: TokenPair | None = None

	def current(self) -> SecretStr:
		"""
		:raises CredentialsRejected: the refresh token is not good any more either.
		:raises ServiceUnavailable: Shopify cannot be asked, and the token has expired.
		"""
		if self.pair is None:
			self.pair = self.store.load()
		if self.pair.needs_refreshing():
			try:
				self.pair = self._refreshed(lambda pair: pair.needs_refreshing())
			except IntegrationError as failure:
				# Refreshing may well succeed the next time.
				if not (failure.is_passing and self.pair.is_usable()):
					raise
		return self.pair.access_token

	def replace(self, rejected: SecretStr) -> SecretStr | None:
		"""A new token, when Shopify ended one before its time; or what another worker stored meanwhile."""
		if not (self.pair and self.pair.refresh_token):
			return None
		self.pair = self._refreshed(lambda pair: pair.access_token == rejected)
		return None if self.pair.access_token == rejected else self.pair.access_token

	def _refreshed(self, is_due: Callable[[TokenPair], bool]) -> TokenPair:
		holder = secrets.token_hex(8)
		waiting_until = min(self.deadline, time.monotonic() + LOCK_SECONDS)
		while not self.redis.set(self.key, holder, nx=True, ex=LOCK_SECONDS):
			if time.monotonic() > waiting_until:
				raise ServiceUnavailable("another worker refreshes the token", service=SERVICE)
			time.sleep(POLL_SECONDS)
		try:
			return self._refresh_if_due(is_due)
		finally:
			self.redis.eval(_RELEASE, 1, self.key, holder)

	def _refresh_if_due(self, is_due: Callable[[TokenPair], bool]) -> TokenPair:
		pair = self.store.load()
		if not is_due(pair) or not pair.refresh_token:
			return pair
		return self.store.save(self.refresh(pair.refresh_token), replacing=pair)


_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
	redis.call('DEL', KEYS[1])
end
return 0
"""


def utc_now() -> datetime:
	return datetime.now(timezone.utc)

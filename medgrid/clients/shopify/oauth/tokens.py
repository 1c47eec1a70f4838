"""Access tokens: permanent ones, and ones that expire and are refreshed before that.

Shopify accepts the old pair of tokens until the new one is first used. If a worker dies between Shopify's
response and the commit, the next worker can therefore refresh again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from medgrid.clients.shopify.responses import SERVICE
from medgrid.core.clock import utc_now
from medgrid.core.redis_keys import redis_key
from medgrid.core.waiting.locks import redis_lock
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, ServiceUnavailable

# A token is refreshed this long before it expires.
MARGIN = timedelta(seconds=120)
# Longer than one request to the token endpoint can take.
LOCK_SECONDS = 30


@dataclass(frozen=True)
class TokenPair:
	"""The tokens that Shopify issues for a code or a refresh token.

	:param scopes: the granted access scopes, e.g. "read_products".
	:param refresh_token: None for a token that does not expire.
	:param expires_at: aware, UTC; None for a token that does not expire.
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
	"""Provides a client with tokens."""

	def current(self) -> SecretStr:
		"""The token to use. Shopify may have revoked it."""

	def replace(self, rejected: SecretStr) -> SecretStr | None:
		"""Another token in place of one that Shopify rejected; None if there is none."""


class FixedToken:
	"""A token that does not expire."""

	def __init__(self, token: SecretStr):
		self._token = token

	def current(self) -> SecretStr:
		return self._token

	def replace(self, rejected: SecretStr) -> None:
		return None


class TokenStore(Protocol):
	"""Stores the pair of one shop."""

	def load(self) -> TokenPair:
		"""The stored pair.

		:raises CredentialsRejected: no pair is stored any more.
		"""

	def save(self, pair: TokenPair, replacing: TokenPair) -> TokenPair:
		"""Stores a pair completely or not at all, and commits.

		:param pair: the new pair.
		:param replacing: the pair whose refresh token was used.
		:returns: the pair that is stored now; it is another worker's if that worker stored one first.
		"""


class RefreshingTokens:
	"""A pair that expires. One worker at a time refreshes it; the others wait and use the pair that it
	stored.

	:param store: stores the pair.
	:param refresh: requests a new pair from Shopify, for a refresh token.
	:param redis: a connection, for the lock.
	:param name: the name of the lock, the same for all workers.
	:param deadline: a value of `time.monotonic()`; the caller does not wait for another worker beyond it.
	:param patience: how long the caller may wait for another worker; None: until the deadline.
	"""

	def __init__(
		self,
		store: TokenStore,
		refresh: Callable[[SecretStr], TokenPair],
		redis,
		name: str,
		deadline: float,
		patience: Patience | None = None,
	):
		self.store, self.refresh, self.redis, self.deadline = store, refresh, redis, deadline
		self.patience = patience or Patience()
		self.key = redis_key("shopify", "refresh", name)
		self.pair: TokenPair | None = None

	def current(self) -> SecretStr:
		"""The access token, refreshed if it expires soon.

		:raises CredentialsRejected: the refresh token is no longer valid either.
		:raises ServiceUnavailable: refreshing failed, and the token has expired.
		:raises DeadlineExceeded: another worker refreshes it for longer than the caller may wait.
		"""
		if self.pair is None:
			self.pair = self.store.load()
		if self.pair.needs_refreshing():
			try:
				self.pair = self._refreshed(lambda pair: pair.needs_refreshing())
			except IntegrationError as failure:
				# The token still works, and refreshing may succeed at the next call.
				is_passing = failure.is_passing or isinstance(failure, DeadlineExceeded)
				if not (is_passing and self.pair.is_usable()):
					raise
		return self.pair.access_token

	def replace(self, rejected: SecretStr) -> SecretStr | None:
		"""A new token if Shopify revoked one before it expired, or the token that another worker stored
		meanwhile.

		:returns: None if there is no other token.
		"""
		if not (self.pair and self.pair.refresh_token):
			return None
		self.pair = self._refreshed(lambda pair: pair.access_token == rejected)
		return None if self.pair.access_token == rejected else self.pair.access_token

	def _refreshed(self, is_due: Callable[[TokenPair], bool]) -> TokenPair:
		began = time.monotonic()
		wait = min(LOCK_SECONDS, self.patience.left(), max(0, self.deadline - began))
		with redis_lock(
			self.redis, self.key, seconds=LOCK_SECONDS, wait_seconds=wait, patience=self.patience
		) as is_own:
			if is_own:
				return self._refresh_if_due(is_due)
		if wait < LOCK_SECONDS:
			left = max(0, began + LOCK_SECONDS - time.monotonic())
			raise DeadlineExceeded(service=SERVICE, was_sent=False, retry_after=left)
		raise ServiceUnavailable("another worker refreshes the token", service=SERVICE)

	def _refresh_if_due(self, is_due: Callable[[TokenPair], bool]) -> TokenPair:
		pair = self.store.load()
		if not is_due(pair) or not pair.refresh_token:
			return pair
		return self.store.save(self.refresh(pair.refresh_token), replacing=pair)

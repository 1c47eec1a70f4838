"""Access tokens: one for all workers, requested by one worker at a time, within the provider's limit.

Where the token is kept is the caller's: `TokenStore`. See docs/adr/0033-vertex-tokens-are-few.md.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from medgrid.clients.vertex.deployments import Endpoints
from medgrid.clients.vertex.responses import SERVICE, TokenLimitReached, classify_token_answer
from medgrid.clients.vertex.token_limit import TokenLimit
from medgrid.core.clock import utc_now
from medgrid.core.foreign_types import BOUNDED, MAX_ID, none_if_invalid
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import IntegrationError, ServiceUnavailable
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request
from medgrid.http_client.retrying import seconds_left
from medgrid.http_client.service_client import content_of, parsed
from medgrid.http_client.transport import Transport

CONNECT_SECONDS = 3
EXCHANGE_SECONDS = 5
# A worker that requests a token has the lock. Longer than one request can take.
LOCK_SECONDS = 15
# A token is not used any more this long before it expires.
MARGIN = timedelta(seconds=120)
# The lifetime of a token whose answer does not state it, and the longest one that MedGrid believes.
DEFAULT_SECONDS, MAX_SECONDS = 1200, 24 * 3600
# A token is sent in a header. Vertex' are JSON Web Tokens of one or two thousand characters.
_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")


@dataclass(frozen=True)
class AccessToken:
	"""
	:param expires_at: aware.
	"""

	value: SecretStr
	expires_at: datetime

	def is_usable(self) -> bool:
		return utc_now() < self.expires_at - MARGIN


@dataclass(frozen=True)
class Credentials:
	"""What Vertex issues a token for."""

	client_id: str
	client_secret: SecretStr


class TokenStore(Protocol):
	"""Where the token of one merchant's credentials is kept for all workers."""

	def load(self) -> AccessToken | None:
		"""The token; it may be an older one than `load_latest` returns."""
		...

	def load_latest(self) -> AccessToken | None:
		"""The token that was stored last, by whichever worker. It is read while the lock is held."""
		...

	def save(self, token: AccessToken) -> None:
		"""Stores a token at once, whatever becomes of the caller's transaction."""
		...

	def lock(self, wait_seconds: float, patience: Patience) -> AbstractContextManager[bool]:
		"""The right to request a token, which one worker has at a time; it expires after LOCK_SECONDS.

		:param wait_seconds: the longest wait for it.
		:param patience: the caller's.
		:returns: whether the caller has it.
		"""
		...


class UnsharedToken:
	"""A store for one call, e.g. a test of credentials that are not stored yet.

	:ivar token: the token that was issued; None if none was.
	"""

	def __init__(self) -> None:
		self.token: AccessToken | None = None

	def load(self) -> AccessToken | None:
		return self.token

	def load_latest(self) -> AccessToken | None:
		return self.token

	def save(self, token: AccessToken) -> None:
		self.token = token

	@contextmanager
	def lock(self, wait_seconds: float, patience: Patience) -> Iterator[bool]:
		yield True


def _sendable(token: SecretStr) -> SecretStr:
	if not _TOKEN.fullmatch(token.get_secret_value()):
		raise ValueError("not a token")
	return token


class IssuedToken(BaseModel):
	"""The response of a token endpoint; `expires_in` in seconds."""

	access_token: Annotated[SecretStr, BOUNDED, AfterValidator(_sendable)]
	expires_in: Annotated[Annotated[int, BOUNDED, Field(gt=0, le=MAX_ID)] | None, none_if_invalid] = None


class AccessTokens:
	"""Provides the token of one merchant.

	:param endpoints: of the merchant's deployment.
	:param store: keeps the token for all workers.
	:param limit: how many tokens may be requested.
	:param deadline: a value of `time.monotonic()`; nothing is waited for beyond it.
	:param patience: how long the caller may wait for another worker; None: until the deadline.
	:param observer: receives the record of each request for a token.
	:ivar is_fresh: whether the last token was requested just now.
	"""

	def __init__(
		self,
		endpoints: Endpoints,
		credentials: Credentials,
		store: TokenStore,
		limit: TokenLimit,
		*,
		deadline: float,
		patience: Patience | None = None,
		observer: Observer = log_exchange,
	):
		self.endpoints, self.credentials, self.store, self.limit = endpoints, credentials, store, limit
		self.deadline, self.observer = deadline, observer
		self.patience = patience or Patience()
		self.is_fresh = False

	def get(self) -> SecretStr:
		"""The stored token, or a new one if there is none that is usable.

		:raises TokenLimitReached: no token may be requested at this time.
		:raises IntegrationError: the request for a token failed.
		"""
		stored = self.store.load()
		if stored and stored.is_usable():
			self.is_fresh = False
			return stored.value
		return self._renewed(rejected=None)

	def replace(self, rejected: SecretStr) -> SecretStr | None:
		"""Another token after Vertex rejected one: another worker's if it has stored one, or a new one.

		:returns: None if the rejected token is a new one itself; the next one would be rejected, too.
		:raises IntegrationError: see `get`.
		"""
		return None if self.is_fresh else self._renewed(rejected)

	def _renewed(self, rejected: SecretStr | None) -> SecretStr:
		seconds = min(LOCK_SECONDS, seconds_left(self.deadline))
		with self.store.lock(seconds, self.patience) as acquired:
			if not acquired:
				raise ServiceUnavailable("another worker requests the token", service=SERVICE, was_sent=False)
			latest = self.store.load_latest()
			if latest and latest.is_usable() and latest.value != rejected:
				self.is_fresh = False
				return latest.value
			token = self._requested()
			self.is_fresh = True
			self.store.save(token)
		return token.value

	def _requested(self) -> AccessToken:
		if seconds := self.limit.reserve():
			raise TokenLimitReached(service=SERVICE, was_sent=False, retry_after=seconds)
		try:
			return self._exchange()
		except TokenLimitReached as refusal:
			self.limit.take_back()
			seconds = self.limit.close(refusal.retry_after or 0)
		except IntegrationError as failure:
			# Without a response, or with an answer that makes no sense, a token may have been issued.
			if (failure.status and failure.status >= 300) or failure.was_sent is False:
				self.limit.take_back()
			raise
		raise TokenLimitReached(service=SERVICE, status=400, retry_after=seconds)

	def _exchange(self) -> AccessToken:
		request = Request(
			"POST",
			self.endpoints.token_path,
			deadline=self.deadline,
			repeatable=True,
			form={
				"grant_type": "client_credentials",
				"client_id": self.credentials.client_id,
				"client_secret": self.credentials.client_secret,
				**dict(self.endpoints.grant),
			},
		)
		requested_at = utc_now()
		with Transport(
			self.endpoints.token_url,
			service=SERVICE,
			observer=self.observer,
			connect_seconds=CONNECT_SECONDS,
			exchange_seconds=EXCHANGE_SECONDS,
		) as transport:
			content = content_of(transport.send(request), classify_token_answer)
		issued = parsed(IssuedToken, content, service=SERVICE)
		seconds = min(issued.expires_in or DEFAULT_SECONDS, MAX_SECONDS)
		return AccessToken(issued.access_token, requested_at + timedelta(seconds=seconds))

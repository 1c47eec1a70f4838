"""How many tokens a client ID was issued, in Redis, shared by all workers and merchants.

The Cloud's identity provider issues 10 tokens in 8 hours to a client ID, and refuses further requests.
MedGrid stops at 9; the tenth is left for onboarding and for the test of a merchant. A request is counted
before it is sent; it is taken back only if certainly no token was issued. See
docs/adr/0033-vertex-tokens-are-few.md.
"""

import secrets
from typing import Any, Protocol

from medgrid.clients.vertex.responses import TOKEN_WINDOW_SECONDS
from medgrid.core.redis_keys import redis_key

LIMIT = 10
# What calculations may use of it.
LIMIT_OF_CALCULATIONS = 9

# KEYS: the issued tokens by the milliseconds at which they leave the window, and the time until which the
# provider refuses. ARGV: limit, window in ms, token. Returns 0, or the milliseconds until a token is issued.
_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local closed = tonumber(redis.call('GET', KEYS[2]) or 0)
if closed > now then
	return closed - now
end
local count = redis.call('ZCARD', KEYS[1])
local limit = tonumber(ARGV[1])
if count >= limit then
	local leaves = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
	return math.max(1, tonumber(leaves[2]) - now)
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""

# ARGV: window in ms. The first of the tokens that MedGrid knows of leaves the window first; if it knows of
# none, others have used them up, and the whole window may have to pass. Returns the milliseconds.
_CLOSE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local closed = now + ARGV[1]
if first[2] then
	closed = math.max(now + 1, math.min(closed, tonumber(first[2])))
end
redis.call('SET', KEYS[2], closed, 'PX', closed - now)
return closed - now
"""


class TokenLimit(Protocol):
	"""How many tokens may be requested."""

	def reserve(self) -> float:
		"""Counts one token.

		:returns: 0 if it may be requested, otherwise the seconds until the next one may.
		"""
		...

	def take_back(self) -> None:
		"""Undoes the last `reserve`, because certainly no token was issued."""
		...

	def close(self, window_seconds: float) -> float:
		"""Stops all requests after the provider refused one.

		:param window_seconds: the period that the provider names.
		:returns: the seconds until the next token may be requested.
		"""
		...


class Unlimited:
	"""For the deployments whose provider has no limit."""

	def reserve(self) -> float:
		return 0

	def take_back(self) -> None:
		"""Nothing was counted."""

	def close(self, window_seconds: float) -> float:
		return window_seconds


class SharedTokenLimit:
	"""The limit of one client ID.

	:param redis: a connection; all workers use the same server.
	:param client_id: Redis contains only its hash.
	:param limit: LIMIT or LIMIT_OF_CALCULATIONS.
	"""

	def __init__(self, redis: Any, client_id: str, *, limit: int = LIMIT_OF_CALCULATIONS):
		self.redis, self.limit = redis, limit
		issued = redis_key("vertex", "tokens", hashed=client_id)
		# The braces keep both on one node of a cluster.
		name = issued.rpartition(":")[2]
		self.keys = (
			redis_key("vertex", f"{{{name}}}", "tokens"),
			redis_key("vertex", f"{{{name}}}", "tokens", "closed"),
		)
		self._reserved: str | None = None

	def reserve(self) -> float:
		reservation = secrets.token_hex(8)
		window = TOKEN_WINDOW_SECONDS * 1000
		milliseconds = self.redis.eval(_RESERVE, 2, *self.keys, self.limit, window, reservation)
		if not milliseconds:
			self._reserved = reservation
		return milliseconds / 1000

	def take_back(self) -> None:
		if self._reserved:
			self.redis.zrem(self.keys[0], self._reserved)
			self._reserved = None

	def close(self, window_seconds: float) -> float:
		return self.redis.eval(_CLOSE, 2, *self.keys, round(window_seconds * 1000)) / 1000

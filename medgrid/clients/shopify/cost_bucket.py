"""Shopify's cost bucket of one app in one shop, kept by all workers together in Redis.

Shopify says with each answer how large the bucket is, what is left in it and how fast it fills; until the
first one nothing is known, and nothing assumed. A worker takes a query's points before it sends it, or learns
how long to wait. What others have taken and not yet been answered for is held back.

Contract: "External System Rate Limits".
"""

import secrets
from hashlib import sha256

from medgrid.core.redis_keys import redis_key

# Points of a worker that died come back after this.
PENDING_MS = 60_000
# What is known of a bucket that nobody used for so long is of no use: it is full.
FORGET_MS = 600_000
LEAST_WAIT_SECONDS = 0.02

# KEYS: the bucket, what is pending. ARGV: cost, reservation, PENDING_MS, FORGET_MS.
# Returns 0, or the milliseconds to wait.
_ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cost = tonumber(ARGV[1])
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at', 'size', 'rate', 'closed')
local closed = tonumber(bucket[5] or 0)
if closed > now then
	return closed - now
end
if bucket[1] then
	local size, rate = tonumber(bucket[3]), tonumber(bucket[4])
	local level = math.min(size, tonumber(bucket[1]) + rate * (now - tonumber(bucket[2])) / 1000)
	local needed = math.min(cost, size)
	if level < needed then
		return math.ceil((needed - level) / rate * 1000)
	end
	redis.call('HSET', KEYS[1], 'level', tostring(level - cost), 'at', now)
end
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[2] .. '|' .. ARGV[1] .. '|' .. now)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 0
"""

# ARGV: cost, reservation, FORGET_MS; and if the answer said it: size, left, rate.
# An answer that another one has overtaken says what was left before that one: the lower figure counts then.
_RELEASE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local taken, others = now, 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
	local reservation, cost, moment = string.match(member, '^(.-)|(.-)|(.*)$')
	if reservation == ARGV[2] then
		taken = tonumber(moment)
		redis.call('ZREM', KEYS[2], member)
	else
		others = others + tonumber(cost)
	end
end
if not ARGV[4] then
	return 0
end
local level = tonumber(ARGV[5]) - others
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at', 'rate', 'settled')
if bucket[1] and tonumber(bucket[4] or 0) >= taken then
	local known = tonumber(bucket[1]) + tonumber(bucket[3]) * (now - tonumber(bucket[2])) / 1000
	level = math.min(level, known)
end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', now, 'size', ARGV[4], 'rate', ARGV[6])
redis.call('HSET', KEYS[1], 'settled', now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 0
"""

# ARGV: milliseconds, FORGET_MS.
# Of two workers that were told to wait, the one that was told to wait longer counts.
_CLOSE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local closed = tonumber(redis.call('HGET', KEYS[1], 'closed') or 0)
redis.call('HSET', KEYS[1], 'closed', math.max(closed, now + ARGV[1]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""


class CostBucket:
	"""The bucket of one app in one shop.

	:param redis: a connection; all workers of the site use the same server.
	:param app: the app's client id, or any name for a token without one.
	"""

	def __init__(self, redis, app: str, shop: str):
		self.redis = redis
		name = sha256(f"{app}@{shop}".encode()).hexdigest()[:32]
		# The braces keep both on one node of a cluster.
		self.keys = (
			redis_key("shopify", f"{{{name}}}", "bucket"),
			redis_key("shopify", f"{{{name}}}", "pending"),
		)

	def acquire(self, cost: float, reservation: str) -> float:
		"""Takes the points for one query.

		:param cost: points that the query can cost at most.
		:param reservation: from `new_reservation`, for `release`.
		:returns: 0 if they were there, else the seconds until they will be.
		"""
		milliseconds = self.redis.eval(_ACQUIRE, 2, *self.keys, cost, reservation, PENDING_MS, FORGET_MS)
		return max(milliseconds / 1000, LEAST_WAIT_SECONDS) if milliseconds else 0

	def release(
		self, cost: float, reservation: str, status: tuple[float, float, float] | None = None
	) -> None:
		"""Ends what `acquire` began.

		:param status: maximumAvailable, currentlyAvailable (points) and restoreRate (points a second), as the
			answer said; None if there was no answer that said it.
		"""
		self.redis.eval(_RELEASE, 2, *self.keys, cost, reservation, FORGET_MS, *(status or ()))

	def close(self, seconds: float) -> None:
		"""Nobody sends anything for so long: Shopify answered 429."""
		self.redis.eval(_CLOSE, 2, *self.keys, round(seconds * 1000), FORGET_MS)


def new_reservation() -> str:
	return secrets.token_hex(8)

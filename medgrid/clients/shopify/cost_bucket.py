"""Shopify's cost bucket of one app in one shop, in Redis, shared by all workers.

Each response of Shopify states the size of the bucket, the points that are left, and the rate at which it
refills. Before the first response the bucket is unknown, and no worker has to wait. A worker reserves the
points of a query before it sends it, or gets the time to wait. Points that other workers reserved for
requests without a response yet are not available.

Contract: "External System Rate Limits".
"""

import secrets
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from medgrid.core.foreign_types import BOUNDED, none_if_invalid
from medgrid.core.redis_keys import redis_key

# The reservation of a worker that died expires after this time.
PENDING_MS = 60_000
# The stored state of a bucket expires after this time without use, because the bucket is full again by then.
EXPIRE_MS = 600_000
LEAST_WAIT_SECONDS = 0.02
# Longer than any bucket takes to refill, and longer than a 429 stops the workers.
REFILL_MS = 100_000
# Larger than any bucket.
MAX_POINTS = 1_000_000
# Shopify's buckets refill within 20 seconds. With a bucket that takes longer than this, a shop could keep its
# queries waiting for minutes.
MAX_REFILL_SECONDS = 100

Points = Annotated[float, BOUNDED, Field(gt=0, le=MAX_POINTS)]

# KEYS: the bucket, the pending reservations. ARGV: cost, reservation, PENDING_MS, EXPIRE_MS, REFILL_MS.
# Returns 0, or the milliseconds to wait. REFILL_MS after the last response the bucket is full in any case, so
# that no stored state, however it came about, holds a shop's queries for longer.
_ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cost = tonumber(ARGV[1])
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at', 'size', 'rate', 'closed', 'settled')
local closed, refilled = tonumber(bucket[5] or 0), tonumber(bucket[6] or 0) + ARGV[5]
if closed > now and closed - now <= tonumber(ARGV[5]) then
	return closed - now
end
if bucket[1] and now < refilled then
	local size, rate = tonumber(bucket[3]), tonumber(bucket[4])
	local level = math.min(size, tonumber(bucket[1]) + rate * (now - tonumber(bucket[2])) / 1000)
	local needed = math.min(cost, size)
	if level < needed then
		return math.max(1, math.min(math.ceil((needed - level) / rate * 1000), refilled - now))
	end
	redis.call('HSET', KEYS[1], 'level', tostring(level - cost), 'at', now)
end
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[2] .. '|' .. ARGV[1] .. '|' .. now)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 0
"""

# ARGV: cost, reservation, EXPIRE_MS; and if the response stated them: size, points left, rate.
# If responses arrive out of order, the older one states the points before the newer one; the lower number
# counts.
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

# ARGV: milliseconds, EXPIRE_MS.
# If two workers receive a 429, the longer wait counts.
_CLOSE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local closed = tonumber(redis.call('HGET', KEYS[1], 'closed') or 0)
redis.call('HSET', KEYS[1], 'closed', math.max(closed, now + ARGV[1]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""


class ThrottleStatus(BaseModel):
	"""The state of a cost bucket, in points; restoreRate in points per second. Values that no bucket of
	Shopify can have are rejected."""

	maximumAvailable: Points
	currentlyAvailable: Annotated[float, BOUNDED, Field(ge=-MAX_POINTS, le=MAX_POINTS)]
	restoreRate: Points

	@model_validator(mode="after")
	def _refills(self) -> "ThrottleStatus":
		if self.maximumAvailable / self.restoreRate > MAX_REFILL_SECONDS:
			raise ValueError("the bucket refills too slowly")
		if abs(self.currentlyAvailable) > self.maximumAvailable:
			raise ValueError("the level is outside the bucket")
		return self


class Cost(BaseModel):
	"""
	:param requestedQueryCost: None: it is missing, or larger than any bucket.
	"""

	requestedQueryCost: Annotated[Points | None, none_if_invalid] = None
	throttleStatus: ThrottleStatus


class CostBucket:
	"""The bucket of one app in one shop.

	:param redis: a connection; all workers of the site use the same server.
	:param app: the app's client ID, or any name for a token without one.
	:param shop: the shop's domain.
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
		"""Reserves the points for one query.

		:param cost: points that the query can cost at most.
		:param reservation: from `new_reservation`, for `release`.
		:returns: 0 if the points were available, otherwise the seconds until they are.
		"""
		times = PENDING_MS, EXPIRE_MS, REFILL_MS
		milliseconds = self.redis.eval(_ACQUIRE, 2, *self.keys, cost, reservation, *times)
		return max(milliseconds / 1000, LEAST_WAIT_SECONDS) if milliseconds else 0

	def release(
		self, cost: float, reservation: str, status: tuple[float, float, float] | None = None
	) -> None:
		"""Ends the reservation of `acquire`.

		:param status: maximumAvailable, currentlyAvailable (points) and restoreRate (points per second) from
			the response; None if there was no response, or it did not state them.
		"""
		self.redis.eval(_RELEASE, 2, *self.keys, cost, reservation, EXPIRE_MS, *(status or ()))

	def close(self, seconds: float) -> None:
		"""Stops all workers after Shopify answered 429.

		:param seconds: how long no worker may send.
		"""
		self.redis.eval(_CLOSE, 2, *self.keys, round(seconds * 1000), EXPIRE_MS)


def new_reservation() -> str:
	return secrets.token_hex(8)

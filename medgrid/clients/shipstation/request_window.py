"""ShipStation's rate limit, in Redis, shared by all workers.

ShipStation permits 40 requests in a window of one minute. The window begins with the first request; each
response states how many requests are left and when the window ends. A worker reserves a request in the window
before it sends; if the window is full, it gets the time to wait. Contract: "External System Rate Limits".
"""

from pydantic import SecretStr

from medgrid.core.redis_keys import redis_key

LIMIT = 40
WINDOW_MS = 60_000
# If the end that a response states differs by more from the stored end, the response belongs to another
# window.
DRIFT_MS = 2_000

# KEYS: the window. ARGV: limit, window in ms. Returns 0, or the milliseconds until the window ends.
_ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = redis.call('HMGET', KEYS[1], 'used', 'ends', 'limit')
local used, ends = tonumber(window[1] or 0), tonumber(window[2] or 0)
local limit = tonumber(window[3] or ARGV[1])
if now >= ends then
	used, ends = 0, now + ARGV[2]
end
if used >= limit then
	return ends - now
end
redis.call('HSET', KEYS[1], 'used', used + 1, 'ends', ends)
redis.call('PEXPIRE', KEYS[1], 10 * ARGV[2])
return 0
"""

# ARGV: limit, requests left, milliseconds until the window ends, drift, window in ms.
_UPDATE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, left, ends = tonumber(ARGV[1]), tonumber(ARGV[2]), now + ARGV[3]
local window = redis.call('HMGET', KEYS[1], 'used', 'ends')
local used = limit - left
if math.abs(tonumber(window[2] or 0) - ends) <= tonumber(ARGV[4]) then
	used = math.max(used, tonumber(window[1] or 0))
	ends = math.max(ends, tonumber(window[2] or 0))
end
redis.call('HSET', KEYS[1], 'used', used, 'ends', ends, 'limit', limit)
redis.call('PEXPIRE', KEYS[1], 10 * ARGV[5])
return 0
"""


class RequestWindow:
	"""The window of one key pair.

	:param redis: a connection; all workers of the site use the same server.
	:param api_key: with `api_secret`, the key pair. Redis contains only a hash of both. With the hash of the
		key alone, anybody who knows a vendor's key, and not its secret, could use up that vendor's window.
	"""

	def __init__(self, redis, api_key: SecretStr, api_secret: SecretStr):
		self.redis = redis
		pair = f"{api_key.get_secret_value()}:{api_secret.get_secret_value()}"
		self.key = redis_key("shipstation", hashed=pair)

	def acquire(self) -> float:
		"""Reserves one request in the window.

		:returns: 0 if the caller may send, otherwise the seconds until the window ends.
		"""
		return self.redis.eval(_ACQUIRE, 1, self.key, LIMIT, WINDOW_MS) / 1000

	def update(self, limit: int, left: int, reset_seconds: float) -> None:
		"""Stores the state of the window from a response's headers.

		:param limit: requests per window.
		:param left: requests that are left in the window.
		:param reset_seconds: seconds until the window ends.
		"""
		arguments = (limit, left, round(reset_seconds * 1000), DRIFT_MS, WINDOW_MS)
		self.redis.eval(_UPDATE, 1, self.key, *arguments)

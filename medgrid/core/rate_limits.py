"""Rate limits, which all workers count together in Redis.

The window slides: no period of its length contains more uses than the limit. Redis gets only a hash of the
address, phone number or user.
"""

import math
import secrets
from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.core.redis_keys import redis_key
from medgrid.exceptions import TooManyRequests

MINUTE, HOUR, DAY = 60, 3600, 86400

# KEYS: one for each limit. ARGV: a name for this use; then, for each key, the limit and its window in ms.
# Counts the use for all keys and returns 0; if a limit is used up, counts nothing and returns the ms to wait.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = 0
for number, key in ipairs(KEYS) do
	local window = tonumber(ARGV[2 * number + 1])
	redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
	if redis.call('ZCARD', key) >= tonumber(ARGV[2 * number]) then
		local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
		wait = math.max(wait, tonumber(oldest[2]) + window - now)
	end
end
if wait > 0 then
	return wait
end
for number, key in ipairs(KEYS) do
	redis.call('ZADD', key, now, ARGV[1])
	redis.call('PEXPIRE', key, ARGV[2 * number + 1])
end
return 0
"""

# KEYS: a limit. ARGV: the limit and its window in ms. Returns the ms to wait, 0 if it is not used up.
_WAIT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
	return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return math.max(1, tonumber(oldest[2]) + window - now)
"""


@dataclass(frozen=True)
class Limit:
	"""A maximum number of uses in a period.

	:param name: what is limited; two limits with the same name share their count.
	:param times: the maximum number of uses.
	:param seconds: the length of the period.
	"""

	name: str
	times: int
	seconds: int

	def key(self, who: str) -> str:
		return redis_key("limit", frappe.conf.db_name, self.name, hashed=who)


def prefix() -> str:
	"""The prefix of all keys of this site. It is not Frappe's own prefix, so clearing the cache resets no
	limit."""
	return redis_key("limit", frappe.conf.db_name, "")


def take(*uses: tuple[Limit, str]) -> str:
	"""Counts one use of each limit. If one limit is used up, counts none.

	:param uses: pairs of a limit and its user: an address, a phone number, a user.
	:returns: the name of this use, for `give_back`.
	:raises TooManyRequests: a limit is used up; `retry_after` says when to try again.
	"""
	keys = [limit.key(who) for limit, who in uses]
	bounds = [bound for limit, _who in uses for bound in (limit.times, limit.seconds * 1000)]
	use = secrets.token_hex(8)
	wait = frappe.cache.eval(_TAKE, len(keys), *keys, use, *bounds)
	if wait:
		raise _used_up(wait)
	return use


def count(limit: Limit, who: str) -> None:
	"""Counts one use, unless the limit is used up: for what has happened already."""
	frappe.cache.eval(_TAKE, 1, limit.key(who), secrets.token_hex(8), limit.times, limit.seconds * 1000)


def check(limit: Limit, who: str) -> None:
	"""Checks that a limit is not used up, and counts nothing.

	:raises TooManyRequests: it is used up; `retry_after` says when to try again.
	"""
	wait = frappe.cache.eval(_WAIT, 1, limit.key(who), limit.times, limit.seconds * 1000)
	if wait:
		raise _used_up(wait)


def _used_up(wait: int) -> TooManyRequests:
	minutes = math.ceil(wait / 60_000)
	sentence = _("Too many requests. Try again in {0} min.").format(minutes)
	return TooManyRequests(sentence, retry_after=wait / 1000)


def give_back(use: str, *uses: tuple[Limit, str]) -> None:
	"""Undoes one `take`, because the action it was for did not happen.

	:param use: what `take` returned.
	"""
	for limit, who in uses:
		frappe.cache.zrem(limit.key(who), use)

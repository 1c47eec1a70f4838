"""Rate limits, which all workers count together in Redis.

The window slides: no period of its length contains more uses than the limit. Redis gets only a hash of the
address, phone number or user.
"""

import math
import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import frappe
from frappe import _

from medgrid.core.redis_keys import redis_key
from medgrid.exceptions import TooManyRequests

MINUTE = 60

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
		minutes = math.ceil(wait / 60_000)
		sentence = _("Too many requests. Try again in {0} min.").format(minutes)
		raise TooManyRequests(sentence, retry_after=wait / 1000)
	return use


def give_back(use: str, *uses: tuple[Limit, str]) -> None:
	"""Undoes one `take`, because the action it was for did not happen.

	:param use: what `take` returned.
	"""
	for limit, who in uses:
		frappe.cache.zrem(limit.key(who), use)


def caller() -> str:
	"""The network address to which a request is counted; behind a proxy, the address that the proxy reports.

	For IPv6 it is the /64 network, since one customer usually has all of it.
	"""
	try:
		address = ip_address(frappe.local.request_ip or "")
	except ValueError:
		return "unknown"
	if address.version == 6:
		# An IPv4 client of a socket that accepts both versions.
		address = address.ipv4_mapped or address
	return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def count_call(name: str, per_minute: int) -> None:
	"""Counts a call of a public endpoint from this request's address.

	:param name: the name of the limit.
	:raises TooManyRequests: the address has made `per_minute` calls within the last minute (429).
	"""
	take((Limit(name, per_minute, MINUTE), caller()))

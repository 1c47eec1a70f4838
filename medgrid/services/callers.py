"""The caller's network address, from sources that the caller cannot forge. The limits of public endpoints
count by it.

A reverse proxy appends the address that it sees to `X-Forwarded-For`; what stands before that is whatever the
caller has sent. Medgrid Settings say how many proxies there are. Frappe's `request_ip` is the header's first
entry, which the caller chooses.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import frappe

from medgrid.core import rate_limits
from medgrid.core.faults.mistakes import is_programs
from medgrid.core.rate_limits import DAY, MINUTE, Limit
from medgrid.core.redis_keys import redis_key

SETTINGS, TRUSTED_PROXIES = "Medgrid Settings", "trusted_proxies"
UNKNOWN = "unknown"
# How long it is remembered that a proxy was seen.
MEMORY_SECONDS = 2 * DAY


def caller() -> str:
	"""The network address of this request's caller.

	For IPv6 it is the /64 network, since one customer usually has all of it.
	"""
	request, proxies = frappe.local.request, trusted_proxies()
	peer, forwarded_for = request.environ.get("REMOTE_ADDR"), request.headers.get("X-Forwarded-For")
	if forwarded_for and not proxies and _is_local(peer):
		frappe.cache.set(_proxy_key(), "1", ex=MEMORY_SECONDS)
	return network_of(peer, forwarded_for, proxies)


def is_program() -> bool:
	"""Whether a request with credentials of its own is answered."""
	return is_programs()


def has_untrusted_proxy() -> bool:
	"""Whether requests have come through a proxy lately although Medgrid Settings name none: then all callers
	are counted as one."""
	return not trusted_proxies() and frappe.cache.get(_proxy_key()) is not None


def network_of(peer: str | None, forwarded_for: str | None, proxies: int) -> str:
	"""The network of a caller behind some proxies. Pure.

	:param peer: the address at the other end of the connection.
	:param forwarded_for: the header `X-Forwarded-For`.
	:param proxies: how many proxies stand before the web server, each of which appends to the header.
	:returns: the address that the outermost of them saw; if the header has fewer entries, its first one.
	"""
	route = [*(forwarded_for or "").split(","), peer or ""] if proxies else [peer or ""]
	seen = [entry.strip() for entry in route if entry.strip()]
	address = _parsed(seen[-min(proxies + 1, len(seen))]) if seen else None
	if address is None:
		return UNKNOWN
	return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def trusted_proxies() -> int:
	"""How many proxies stand before the web server, from Medgrid Settings."""
	return max(0, frappe.utils.cint(frappe.get_cached_value(SETTINGS, SETTINGS, TRUSTED_PROXIES)))


def count_call(name: str, per_minute: int) -> None:
	"""Counts a call of a public endpoint from this request's address.

	:param name: the name of the limit.
	:raises TooManyRequests: the address has made `per_minute` calls within the last minute (429).
	"""
	rate_limits.take((Limit(name, per_minute, MINUTE), caller()))


def _proxy_key() -> str:
	return redis_key("proxy", frappe.conf.db_name)


def _is_local(peer: str | None) -> bool:
	address = _parsed(peer or "")
	return address is not None and (address.is_loopback or address.is_private)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
	# Some proxies write the port, too: "203.0.113.7:4711", "[2001:db8::1]:4711".
	host = text.rpartition(":")[0] if text.count(":") == 1 else text
	if host.startswith("["):
		host = host[1:].partition("]")[0]
	try:
		address = ip_address(host.partition("%")[0])
	except ValueError:
		return None
	# An IPv4 client of a socket that accepts both versions.
	return getattr(address, "ipv4_mapped", None) or address

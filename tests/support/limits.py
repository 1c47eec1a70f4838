"""Rate limits in Redis: tests lift them, or use them up, instead of waiting."""

import time

import frappe

from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit

LOOPBACK = "127.0.0.1"


def lift() -> None:
	"""Forgets what all limits have counted, and Frappe's own of wrong passwords."""
	frappe.cache.delete_value(["login_failed_count", "login_failed_time"])
	if keys := list(frappe.cache.scan_iter(f"{rate_limits.prefix()}*")):
		frappe.cache.delete(*keys)


def use_up(name: str, times: int) -> None:
	"""Counts so many calls of this machine, just now."""
	now = time.time() * 1000
	frappe.cache.zadd(_key(name), {f"test-{number}": now for number in range(times)})
	frappe.cache.pexpire(_key(name), 60_000)


def exhaust(limit: Limit, who: str) -> None:
	"""Uses a limit up, just now."""
	key, now = limit.key(who), time.time() * 1000
	frappe.cache.zadd(key, {f"test-{number}": now for number in range(limit.times)})
	frappe.cache.pexpire(key, limit.seconds * 1000)


def used(name: str) -> int:
	"""How many calls of this machine are counted."""
	return frappe.cache.zcard(_key(name))


def _key(name: str) -> str:
	return Limit(name, 1, 1).key(LOOPBACK)

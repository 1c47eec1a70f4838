"""Limits on how often one address may call a public endpoint."""

from collections.abc import Callable
from functools import wraps

import frappe
from frappe import _

from medgrid.exceptions import RateLimited

MINUTE = 60


def limited(name: str, *, per_minute: int) -> Callable:
	"""Declares a limit, below `@endpoint`.

	:param name: of what is counted.
	:param per_minute: calls from one address that are served within a minute.
	:raises RateLimited: by the function, beyond the limit (429).
	"""

	def declare(function: Callable) -> Callable:
		@wraps(function)
		def call(*args, **kwargs):
			count(name, per_minute)
			return function(*args, **kwargs)

		return call

	return declare


def count(name: str, per_minute: int) -> None:
	"""Counts a call from this request's address.

	:raises RateLimited: it is one too many within this minute (429).
	"""
	key = f"medgrid:calls:{frappe.local.site}:{name}:{frappe.local.request_ip}"
	# In this order no key can be left without an end.
	frappe.cache.set(key, 0, ex=MINUTE, nx=True)
	if frappe.cache.incr(key) > per_minute:
		raise RateLimited(_("Too many requests. Wait a minute, then try again."))

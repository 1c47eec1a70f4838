"""Rate limits in Redis: tests lift them instead of waiting."""

import frappe

from medgrid import rate_limits


def lift() -> None:
	"""Forgets what all limits have counted."""
	if keys := list(frappe.cache.scan_iter(f"{rate_limits.prefix()}*")):
		frappe.cache.delete(*keys)

"""Headers of the API's answers: how long they may be cached, and no cookies for programs.

Contract: "Performance Best Practices" ("safe to cache for 15 minutes").
"""

from typing import Any

import frappe

from medgrid.api.commands import requested_command
from medgrid.api.request_bounds import door_of
from medgrid.core.faults.borders import hook


@hook
def apply(response: Any, request: Any) -> None:
	"""Sets the headers of an answer. An `after_request` hook.

	:param response: werkzeug's, about to be sent; None: Frappe 15 sends one that hooks do not see.
	:param request: werkzeug's.
	"""
	if request.headers.get("Authorization"):
		_set_no_cookies()
	if response is None or response.status_code != 200 or request.method not in ("GET", "HEAD"):
		return
	door = door_of(requested_command(request.path, frappe.local.form_dict or {}))
	if door and door.cache_seconds:
		response.headers["Cache-Control"] = f"private, max-age={door.cache_seconds}"
		# What one user may see is no answer to another one who uses the same browser.
		response.headers["Vary"] = "Authorization, Cookie, Accept-Language"


def _set_no_cookies() -> None:
	"""Whoever sends credentials with each request has no session to keep."""
	manager = getattr(frappe.local, "cookie_manager", None)
	if manager:
		manager.cookies.clear()
		manager.to_delete.clear()

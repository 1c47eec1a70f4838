"""Keeps Frappe from writing the variables of a request that it could not read, and in any traceback the
secrets that the request has in its hands: it prints those of users of Desk to the web server's log.

What Frappe reads of a request before the first hook (`_lang`, `sid`) is of any depth. If reading it ends in a
deep recursion, Frappe copies the parameters again for each of a thousand frames: a body of 6 kB from a guest
would occupy a thread of the web server for minutes. Frappe has no hook there, so its function is wrapped, in
each process that runs any of MedGrid's code.
"""

from collections.abc import Callable
from functools import wraps

import frappe

from medgrid.core.redaction import mask_known
from medgrid.core.secrets import known_secrets

# The key in `frappe.local.flags` of what shows that Frappe could read the request: `api.request_bounds` sets
# it.
REQUEST_READ = "medgrid_request_bounds"


def is_unread_request() -> bool:
	"""Whether Frappe gave up the current request while it read it."""
	return bool(getattr(frappe.local, "request", None)) and REQUEST_READ not in frappe.local.flags


def bound() -> None:
	"""Wraps Frappe's `get_traceback`, once, under both of its names."""
	if not hasattr(frappe.utils.get_traceback, "__wrapped__"):
		# The other one is the same in Frappe 16, and calls this one in 15.
		frappe.get_traceback = frappe.utils.get_traceback = _bounded(frappe.utils.get_traceback)


def _bounded(original: Callable[..., str]) -> Callable[..., str]:
	@wraps(original)
	def get_traceback(with_context: bool = False) -> str:
		text = original(with_context=with_context and not is_unread_request())
		return mask_known(text, known_secrets())

	return get_traceback

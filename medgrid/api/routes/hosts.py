"""The host that a request says it was sent to. At one that is none, werkzeug and Frappe fail whenever they
need the request's address, also while an answer leaves.
"""

import re
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import InvalidInput

# What werkzeug remembers of it.
_CACHED = ("host", "host_url", "root_url", "base_url", "url")
# The longest name that a host can have, and its port.
MAX_LENGTH = 260
_LABELS = re.compile(r"[^.]{1,63}(\.[^.]{1,63})*\.?(:[0-9]{1,5})?", re.ASCII)


def check_host(request: Any) -> None:
	"""
	:param request: werkzeug's.
	:raises InvalidInput: its header `Host` names no host.
	"""
	if not _is_host(request):
		raise InvalidInput(_("The header Host is not valid."))


def mend_host(request: Any) -> None:
	"""Puts the site's name in the place of a host that is none, so that the answer can leave."""
	if _is_host(request):
		return
	request.environ["HTTP_HOST"] = frappe.local.site
	for name in _CACHED:
		request.__dict__.pop(name, None)


def _is_host(request: Any) -> bool:
	host = request.environ.get("HTTP_HOST") or ""
	if host and (not host.isascii() or len(host) > MAX_LENGTH or not _LABELS.fullmatch(host)):
		return False
	try:
		return bool(request.url)
	except ValueError:
		return False

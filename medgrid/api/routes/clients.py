"""Who sends a request: Desk, a program, or a browser that opens an address of the API.

Desk's own scripts rely on Frappe's errors. A program gets the contract's, and never HTML: Frappe decides by
`Accept` and `X-Requested-With`, which many HTTP libraries set without being asked. So both are changed while
Frappe works, and are back when the answer leaves.
"""

import frappe
from frappe import _

from medgrid.api.commands import requested_command
from medgrid.api.errors import raise_over_http
from medgrid.core.faults.borders import hook
from medgrid.exceptions import MedgridError, NotSignedIn

# Names a DocType whose documents have keys, besides User.
KEYS_OF = "Frappe-Authorization-Source"
# What such a DocType has.
KEY_FIELDS = ("api_key", "api_secret", "enabled", "user")
JSON = "application/json"
_ACCEPT, _ORIGINAL = "HTTP_ACCEPT", "MEDGRID_ACCEPT"


def is_desk(request) -> bool:
	"""Whether a page of Frappe's sends the request. Its scripts never send an `Authorization` header."""
	return request.headers.get("X-Requested-With") == "XMLHttpRequest" and not _has_credentials(request)


def accepted(request) -> str:
	"""The request's own `Accept` header, in small letters."""
	return (request.environ.get(_ORIGINAL) or request.headers.get("Accept") or "").lower()


def is_call(request, command: str | None) -> bool:
	"""Whether a request calls the API, and does not open a page."""
	return bool(command) or request.path.startswith("/api/")


@hook
def speak_json() -> None:
	"""Makes Frappe answer a program with JSON. A `before_request` hook.

	:raises Exception: 401, if the credentials are said to belong to documents that have no keys.
	"""
	request = frappe.request
	if is_desk(request) or not is_call(request, requested_command(request.path, frappe.local.form_dict)):
		return
	request.environ.setdefault(_ORIGINAL, request.headers.get("Accept") or "*/*")
	request.environ[_ACCEPT] = JSON
	frappe.local.is_ajax = False
	try:
		_check_source_of_keys(request.headers.get(KEYS_OF))
	except MedgridError as error:
		raise_over_http(error)


def restore(request) -> None:
	"""Gives a request its own `Accept` header back."""
	if original := request.environ.get(_ORIGINAL):
		request.environ[_ACCEPT] = original


def _has_credentials(request) -> bool:
	return bool(request.headers.get("Authorization"))


def _check_source_of_keys(doctype: str | None) -> None:
	if not doctype or doctype == "User":
		return
	exists = frappe.db.exists("DocType", {"name": doctype, "issingle": 0})
	if exists != doctype or not all(map(frappe.get_meta(doctype).has_field, KEY_FIELDS)):
		raise NotSignedIn(_("There are no credentials of {0}.").format(doctype))

"""Parameters that are secrets: out of the request before Frappe's handler gets them, and never from the URL.

Frappe keeps a request's parameters in `form_dict`, passes them through frames of its own and logs both when
the request fails. So the gate takes those that are secret, or are called like secrets, out of `form_dict`,
and the RPC's border (`endpoint`) takes them from here. Proxies and browsers keep addresses: a secret that
an RPC declares comes in the body.

Of an RPC that is declared as private, all parameters are treated so; it takes them from the URL, too.
"""

from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

import frappe
from frappe import _

from medgrid.api.commands import requested_command
from medgrid.api.request_bounds import door_of
from medgrid.core.faults.borders import hook
from medgrid.core.redaction import MASK, is_secret_name, redact
from medgrid.core.secrets import note_secret
from medgrid.exceptions import InvalidInput
from medgrid.http_client.json_reader import JsonRefused, read_json

# The key in `frappe.local.flags` of the length of the query that was masked, in bytes.
_QUERY_BYTES = "medgrid_query_bytes"
# Parts of a parameter's value that are looked at.
MAX_PARTS = 200
# What is in a document that holds secrets of MedGrid's, or names their fields. A search for any secret name
# would take long in a large document.
_OWN = (
	"Medgrid Settings",
	"System Settings",
	"Vertex Settings",
	"Vertex Merchant",
	"_client_secret",
	"_api_token",
	"_webhook_secret",
	"_secret_key",
)
# What a request keeps of its address.
_CACHED = ("args", "values", "url", "full_path")
_RAW = ("RAW_URI", "REQUEST_URI")


def withhold(command: str) -> None:
	"""Takes the parameters with secret names out of a call of MedGrid's, for `take`; remembers the secrets
	in any other request. Called by the gate before it looks at anything else."""
	parameters = frappe.local.form_dict
	if not command.startswith("medgrid."):
		_note_typed(dict(parameters))
		return
	private = _is_private(command)
	names = [name for name in parameters if name != "cmd" and (private or is_secret_name(name))]
	taken = {name: parameters.pop(name) for name in names}
	_note_texts({name: value for name, value in taken.items() if is_secret_name(name)})
	frappe.local.medgrid_withheld = taken
	if private:
		hide_address()


def take() -> dict[str, Any]:
	"""The parameters that were withheld, once."""
	taken = getattr(frappe.local, "medgrid_withheld", None) or {}
	frappe.local.medgrid_withheld = {}
	return taken


def withheld(name: str) -> Any:
	"""A parameter that was withheld and not taken; None: there is none of this name."""
	return (getattr(frappe.local, "medgrid_withheld", None) or {}).get(name)


def query_bytes() -> int:
	"""The length of the request's query as it came, in bytes."""
	return frappe.local.flags.get(_QUERY_BYTES, len(frappe.request.query_string))


def check_not_in_address(names: set[str]) -> None:
	"""Checks that secrets came in the body.

	:param names: the parameters that are secrets.
	:raises InvalidInput: one of them is in the query string.
	"""
	request = getattr(frappe.local, "request", None)
	given = sorted(names & set(request.args)) if request else []
	if given:
		raise InvalidInput(
			_("Parameter {0} must be in the request's body, because addresses are logged.").format(given[0])
		)


@hook
def hide_address(response: Any = None, request: Any = None) -> None:
	"""Masks the secrets in the request's address, which logs of Frappe and of the web server repeat. An
	`after_request` hook; the border of an RPC calls it earlier."""
	request = request or getattr(frappe.local, "request", None)
	query = request.query_string if request else b""
	if not query:
		return
	masked = _masked(query, private=_is_private(requested_command(request.path, frappe.local.form_dict)))
	if masked is None:
		return
	frappe.local.flags.setdefault(_QUERY_BYTES, len(query))
	request.query_string = masked.encode()
	for name in _CACHED:
		request.__dict__.pop(name, None)
	request.environ["QUERY_STRING"] = masked
	for name in _RAW:
		if name in request.environ:
			request.environ[name] = request.environ[name].partition("?")[0] + "?" + masked


def _masked(query: bytes, *, private: bool) -> str | None:
	"""The query as it may be logged; None: as it is."""
	if private:
		return MASK
	pairs = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)
	if not any(is_secret_name(text) for pair in pairs for text in pair):
		return None
	# The login page's address has that of a callback in it.
	hidden = [(name, MASK if is_secret_name(name) else redact(value)) for name, value in pairs]
	return urlencode(hidden, safe="*")


def _is_private(command: str | None) -> bool:
	door = door_of(command)
	return bool(door and door.private)


def _note_typed(parameters: dict[str, Any]) -> None:
	"""Remembers the secrets that a form or another client sends for MedGrid's settings, whichever of Frappe's
	endpoints it calls: as parameters of their own, or in a document, which may be JSON in a text."""
	waiting: list[dict | list] = [parameters]
	looked_at = 0
	while waiting and looked_at < MAX_PARTS:
		part, looked_at = waiting.pop(), looked_at + 1
		if isinstance(part, list):
			waiting.extend(part)
		if not isinstance(part, dict):
			continue
		field = part.get("fieldname")
		for name, value in part.items():
			is_value = name == "value" and isinstance(field, str) and is_secret_name(field)
			if is_value or is_secret_name(name):
				_note_texts({name: value})
			elif (
				isinstance(value, str)
				and value.lstrip()[:1] in ("{", "[")
				and any(own in value for own in _OWN)
			):
				with suppress(JsonRefused):
					waiting.append(read_json(value.encode("utf-8", "replace")))
			elif isinstance(value, dict | list):
				waiting.append(value)


def _note_texts(parameters: dict[str, Any]) -> None:
	waiting, looked_at = list(parameters.values()), 0
	while waiting and looked_at < MAX_PARTS:
		value, looked_at = waiting.pop(), looked_at + 1
		if isinstance(value, str):
			note_secret(value.strip())
		elif isinstance(value, dict):
			waiting.extend(value.values())
		elif isinstance(value, list):
			waiting.extend(value)

"""The bounds of every request, before anything of MedGrid's looks at its content (`before_request`).

- Bytes, by address: an RPC declares its own (`endpoint(..., max_body_bytes=)`); Frappe's own addresses keep
  Frappe's limit here, and the gate narrows it for guests and Website Users. More is 413.
- Depth and number of elements of JSON: the body, a parameter, a text within either that is JSON. More is 400.
- Values that nothing can store: half a surrogate pair, NaN, numbers of more than 40 digits. 400.
- What Frappe reads itself, such as `cmd` and `_lang`, is text. Else 400.

At the webhooks' addresses only the bytes are bounded: what is signed is acknowledged, readable or not.

Frappe parses a body before any hook runs. What it fails on there is `medgrid.api.unparsed_requests`'s.
"""

import math
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from werkzeug.exceptions import RequestEntityTooLarge

from medgrid.api.commands import drop_other_command, is_ours, requested_command, resolve
from medgrid.api.errors import raise_over_http
from medgrid.api.routes.hosts import check_host
from medgrid.core.faults.borders import hook
from medgrid.core.faults.tracebacks import REQUEST_READ
from medgrid.exceptions import InvalidInput, MedgridError, RequestTooLarge
from medgrid.http_client.json_reader import MAX_NUMBER_LENGTH, JsonLimits, JsonRefused, check_shape, read_json
from medgrid.vertex.access import attempts
from medgrid.vertex.contract import operations

KB = 1024
GUEST_BYTES = 64 * KB
USER_BYTES = 256 * KB
WEBHOOK_BYTES = 2 * 1024 * KB
# Frappe's own doors for files. Its limit for these is `max_file_size`.
FILE_DOORS = {
	"upload_file",
	"frappe.handler.upload_file",
	"frappe.website.doctype.web_form.web_form.accept",
}

# A document that Desk saves has some hundred thousand elements at most.
LIMITS = JsonLimits(max_depth=32, max_elements=500_000)
RPC_LIMITS = JsonLimits(max_depth=32, max_elements=20_000)
MAX_INTEGER = 10**MAX_NUMBER_LENGTH

# What Frappe reads of a request before, or without, any function that declares types.
TEXTS = {"cmd", "_lang", "sid", "_type", "csrf_token", "usr", "pwd", "tmp_id", "device", "run_method"}

# A longer one is no user's name, and Frappe fails at its own record of the attempt.
MAX_NAME_LENGTH = 140

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# The attribute of an RPC's function that holds its `Door`.
_ATTRIBUTE = "medgrid_door"


@dataclass(frozen=True)
class Door:
	"""What an RPC takes.

	:param max_bytes: of a body.
	:param signed: the RPC reads the body itself and verifies its signature first.
	:param private: nothing may log the parameters.
	:param limits: of the JSON in a request.
	:param page: people come there with a browser, and get what fails as a page.
	:param cache_seconds: for how long a client may keep an answer.
	"""

	max_bytes: int
	signed: bool = False
	private: bool = False
	limits: JsonLimits = RPC_LIMITS
	page: bool = False
	cache_seconds: int = 0


# An RPC that does not exist is a guest's, too, and nobody knows what was meant for it.
UNKNOWN_DOOR = Door(GUEST_BYTES, private=True)
# What takes the place of a function of Frappe's is no endpoint: Frappe passes it the parameters.
OVERRIDE_DOOR = Door(GUEST_BYTES)


def declare(function: Any, door: Door) -> None:
	"""Notes the door of an RPC on its function."""
	setattr(function, _ATTRIBUTE, door)


def door_of(command: str | None) -> Door | None:
	"""The door of an RPC of MedGrid; None: the address is Frappe's or another app's."""
	if not command or not is_ours(command):
		return None
	function = resolve(command)
	return getattr(function, _ATTRIBUTE, OVERRIDE_DOOR) if function else UNKNOWN_DOOR


def is_declared(command: str | None) -> bool:
	"""Whether an RPC is one that `endpoint` declares, and that checks its parameters itself."""
	door = door_of(command)
	return door is not None and door is not OVERRIDE_DOOR


@dataclass(frozen=True)
class RequestCheck:
	"""
	:param refusal: why the request was rejected, if it was.
	"""

	refusal: MedgridError | None = None


def outcome() -> RequestCheck | None:
	"""What came of the check of the current request; None: Frappe did not get that far."""
	return frappe.local.flags.get(REQUEST_READ)


@hook
def check_request() -> None:
	"""Rejects a request that is out of bounds. The first `before_request` hook.

	:raises Exception: Frappe's exception with the status and message of the response.
	"""
	request, parameters = frappe.request, frappe.local.form_dict
	frappe.local.flags[REQUEST_READ] = RequestCheck()
	drop_other_command(request.path, parameters)
	try:
		with noted():
			check_host(request)
		if operations.is_ours(requested_command(request.path, parameters)):
			# There the credentials come first: the gate checks the bounds.
			attempts.check(request)
			return
		with noted():
			check(request, parameters)
	except MedgridError as error:
		_forget_private(frappe.request, frappe.local.form_dict)
		raise_over_http(error)


def _forget_private(request, parameters: MutableMapping[str, Any]) -> None:
	"""Deletes secrets from a request that is rejected before the gate, so that no log has them."""
	door = door_of(requested_command(request.path, parameters))
	if door and door.private:
		parameters.clear()


@contextmanager
def noted() -> Iterator[None]:
	"""Keeps a refusal for the envelope, which answers it in one way for all addresses."""
	try:
		yield
	except MedgridError as error:
		frappe.local.flags[REQUEST_READ] = RequestCheck(error)
		raise


def check(request, parameters: Mapping[str, Any]) -> None:
	"""
	:param request: werkzeug's.
	:param parameters: what Frappe read of it.
	:raises RequestTooLarge: its body has too many bytes.
	:raises InvalidInput: it is too deep or too wide, or has a value of the wrong kind.
	"""
	door = door_of(requested_command(request.path, parameters))
	body = read_body(request)
	if door:
		_check_bytes(body, door.max_bytes)
		if door.signed:
			return
	_check_texts(request, body, parameters)
	limits = door.limits if door else LIMITS
	try:
		_check_body(request, body, must_be_object=bool(door), limits=limits)
		_check_values(parameters, limits)
	except JsonRefused as refusal:
		raise InvalidInput(_("The request is not acceptable: {0}.").format(refusal)) from None


def narrow(request, command: str | None) -> None:
	"""Bounds the body at an address that is not MedGrid's, now that it is known who sends it.

	:param request: werkzeug's.
	:param command: the method that it calls, if any.
	:raises RequestTooLarge: it is larger than this user may send.
	"""
	body = read_body(request)
	if len(body) > GUEST_BYTES and (limit := _user_limit(command)):
		with noted():
			_check_bytes(body, limit)


def _user_limit(command: str | None) -> int | None:
	"""How many bytes the user may send; None: as many as Frappe takes."""
	if frappe.session.user == "Guest":
		takes_files = command in FILE_DOORS and frappe.get_system_settings("allow_guests_to_upload_files")
		return None if takes_files else GUEST_BYTES
	if command in FILE_DOORS:
		return None
	is_system_user = frappe.get_cached_value("User", frappe.session.user, "user_type") == "System User"
	return None if is_system_user else USER_BYTES


def read_body(request) -> bytes:
	"""The whole body. Frappe has read it, so it is in memory already.

	:raises RequestTooLarge: it is beyond Frappe's own limit.
	"""
	try:
		return request.get_data()
	except RequestEntityTooLarge:
		pass
	raise RequestTooLarge(_too_large(request.max_content_length))


def _check_bytes(body: bytes, most: int) -> None:
	if len(body) > most:
		raise RequestTooLarge(_too_large(most))


def _too_large(most: int) -> str:
	return _("The request's body is too large: at most {0} bytes.").format(most)


def _check_texts(request, body: bytes, parameters: Mapping[str, Any]) -> None:
	sent = {**parameters, **_taken_out(request, body)}
	for name in TEXTS.intersection(sent):
		if not isinstance(sent[name], str | None):
			raise InvalidInput(_("Parameter {0} must be text.").format(name))
	if len(sent.get("usr") or "") > MAX_NAME_LENGTH:
		sentence = _("Parameter {0} is too long: at most {1} characters.")
		raise InvalidInput(sentence.format("usr", MAX_NAME_LENGTH))


def _taken_out(request, body: bytes) -> dict[str, Any]:
	"""The parameters of a JSON body that Frappe has taken out of its own copy by now, those of sessions."""
	if len(body) > GUEST_BYTES or not request.is_json or not any(name in body for name in (b"sid", b"csrf")):
		return {}
	try:
		content = read_json(body, LIMITS, allow_nul=True)
	except JsonRefused:
		return {}
	return {name: content[name] for name in ("sid", "csrf_token") if name in content}


def _check_body(request, body: bytes, *, must_be_object: bool, limits: JsonLimits) -> None:
	"""A body is counted whatever it is declared as: some of Frappe's functions parse it all the same."""
	start = body[:64].lstrip()[:1]
	if must_be_object and body and request.is_json and start != b"{":
		raise InvalidInput(_("The request's body must be a JSON object."))
	if start in (b"{", b"["):
		check_shape(body, limits)


def _check_values(parameters: Mapping[str, Any], limits: JsonLimits) -> None:
	"""Looks at each value once, and once at each name, however often it is there. Frappe's parser may have
	built them, so they can have any depth it allows."""
	waiting: list[Any] = [parameters]
	names: set[str] = set()
	count = 0
	while waiting:
		container = waiting.pop()
		is_list = isinstance(container, list)
		count += len(container) if is_list else 2 * len(container)
		if count > 2 * limits.max_elements:
			raise JsonRefused(f"more than {limits.max_elements} elements")
		if not is_list:
			names.update(container)
		for value in container if is_list else container.values():
			if isinstance(value, str):
				_check_text(value, limits)
			elif isinstance(value, dict | list | Mapping):
				waiting.append(value)
			elif value is not None:
				_check_number(value)
	for name in names:
		_check_text(name, limits)


def _check_number(value: Any) -> None:
	if isinstance(value, float):
		if not math.isfinite(value):
			raise JsonRefused("a number that is not finite")
	elif isinstance(value, int) and abs(value) > MAX_INTEGER:
		raise JsonRefused(f"a number of more than {MAX_NUMBER_LENGTH} characters")


def _check_text(text: str, limits: JsonLimits) -> None:
	if not text.isascii() and _LONE_SURROGATE.search(text):
		raise JsonRefused("a text with half a surrogate pair")
	if ("{" in text or "[" in text) and text.lstrip()[:1] in ("{", "["):
		check_shape(text.encode(), limits)

"""Which RPC a request calls, and the function behind its dotted name."""

import inspect
import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import frappe

# Version 1 ignores what follows the method's name; version 2 has other routes there.
METHOD_PATH = re.compile(r"/api/(?:v1/)?method/([^/]+)|/api/v2/method/([^/]+)/?$")

# Python imports a name's parts by recursion.
MAX_DOTS = 20
# Anything else would be a relative import, or a path.
DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def requested_command(path: str, parameters: Mapping[str, Any]) -> str | None:
	"""The RPC that a request calls. A `cmd` parameter has precedence over the path, as in Frappe, but not
	over the address of one of MedGrid's, which ignores unknown parameters (`drop_other_command`): a webhook
	whose body has such a member is received, and what is checked of a call is what is called.
	"""
	match = METHOD_PATH.match(path)
	named = (match.group(1) or match.group(2)) if match else None
	if is_ours(named):
		return named
	command = parameters.get("cmd")
	# Anything but a text is refused later; writing it as one would be recursion over the caller's data.
	return command if isinstance(command, str) and command else named


def drop_other_command(path: str, parameters: MutableMapping[str, Any]) -> None:
	"""Drops a `cmd` from a request to an address of MedGrid's, before Frappe follows it."""
	if is_ours(requested_command(path, {})):
		parameters.pop("cmd", None)


def is_ours(command: str | None) -> bool:
	"""Whether a command is an RPC of MedGrid, existing or not."""
	return (command or "").startswith("medgrid.")


def resolve(command: str) -> Callable | None:
	"""Returns the function behind a dotted name; None if there is none, or if it is something else, such as
	a text or a class.

	An error inside an existing module is raised: it is MedGrid's fault, not the caller's.
	"""
	if command.count(".") > MAX_DOTS or not DOTTED_NAME.fullmatch(command):
		return None
	module, _dot, name = command.rpartition(".")
	if not module:
		return _function(getattr(frappe.get_module("frappe.handler"), name, None))
	try:
		return _function(frappe.get_attr(command))
	except frappe.AppNotInstalledError:
		frappe.clear_messages()
	except ModuleNotFoundError as error:
		if not (module == error.name or module.startswith(f"{error.name}.")):
			raise
	except AttributeError as error:
		if error.name != name:
			raise
	return None


def _function(found: Any) -> Callable | None:
	return found if inspect.isfunction(found) or inspect.ismethod(found) else None

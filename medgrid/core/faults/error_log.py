"""The second line: secrets are taken out of every Error Log of the site, before it is stored anywhere.

Frappe logs a request that fails at its own end, and in developer mode any that fails, with all variables, and
puts the entry into Redis for up to a quarter of an hour. The form of the settings is such a request. A body
that Frappe cannot read is a variable, too: nobody knows whose words it has.

What failed by the mistake of a guest, of a user without access to Desk, or of a program is in
`logs/medgrid.log` only, by its places; so is what can be nothing but a mistake, whoever made it.
"""

import json
import sys
from typing import Any

import frappe
from frappe.core.doctype.error_log.error_log import ErrorLog

from medgrid.core.faults.mistakes import is_certain, is_outsiders, is_programs, note_mistake
from medgrid.core.faults.places import places
from medgrid.core.faults.tracebacks import is_unread_request
from medgrid.core.redaction import redact
from medgrid.core.secrets import known_secrets

FIELDS = ("method", "error", "metadata")
# In characters. The end of a longer text, as the traceback of a deep recursion has, says nothing new.
MAX_LENGTH = 200_000


class RedactedErrorLog(ErrorLog):
	"""Frappe's Error Log (`override_doctype_class`), which is redacted on its way to Redis, too: no hook runs
	there."""

	def deferred_insert(self) -> None:
		if is_unread_request():
			_empty_deep_parameters()
		# Frappe's log writes the parameters next, whatever becomes of this entry.
		redact_form_dict()
		mistake = note_mistake(self.method)
		if mistake and (is_outsiders() or is_programs() or is_certain(mistake)):
			frappe.logger("medgrid").info(f"A request that cannot be used:\n{places(mistake)}")
			return
		if (failure := sys.exc_info()[1]) and is_unread_request():
			self.error = places(failure)
		redact_document(self, FIELDS)
		super().deferred_insert()


def _empty_deep_parameters() -> None:
	"""Empties lists and objects among the parameters. Frappe's log copies these by recursion next, and of an
	unread request nothing has bounded their depth."""
	parameters = getattr(frappe.local, "form_dict", None) or {}
	for name, value in parameters.items():
		if isinstance(value, list | dict):
			parameters[name] = type(value)()


def redact_error_log(document: Any, event: str | None = None) -> None:
	"""`Error Log`'s before_insert hook, also where another app has a class of its own for it."""
	redact_document(document, FIELDS)


def redact_document(document: Any, fields: tuple[str, ...]) -> None:
	"""Takes secrets out of fields of a document that is about to be stored."""
	secrets = known_secrets()
	for field in fields:
		if isinstance(text := document.get(field), str) and text:
			document.set(field, redact(text[:MAX_LENGTH], secrets))


def redact_form_dict() -> None:
	"""Takes secrets out of the parameters of a request that has failed. A list or an object becomes its JSON
	if it has any."""
	parameters, secrets = getattr(frappe.local, "form_dict", None), known_secrets()
	if not parameters or not getattr(frappe.local, "request", None):
		return
	for name, value in parameters.items():
		if name == "cmd" or not isinstance(value, str | list | dict):
			continue
		text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
		# Together, since the name tells what the value is.
		redacted = redact(f"{name}={text[:MAX_LENGTH]}", secrets).removeprefix(f"{name}=")
		if redacted != text:
			parameters[name] = redacted

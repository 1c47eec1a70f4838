"""The sentences of an error: Frappe's own, without their markup, or else the one for its status."""

import json
import re
from datetime import datetime, timezone
from html import unescape

import frappe
from frappe import _

from medgrid.core.faults.borders import REFERENCE

# What an exception says that is a sentence, and no list of names and values.
SENTENCE = re.compile(r"[A-Z][^\s()]*( [^\s]+)+")
# The class of the error for a document that has another `modified` than its sender says.
CHANGED = "TimestampMismatchError"
# Markup in Frappe's messages.
TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def sentences_of(status: int, body: dict, path: str) -> list[str]:
	"""What an error says.

	:param status: the contract's.
	:param body: Frappe's; empty: it has none, or what it says does not help.
	:param path: the request's; the sentence contains it if the fault is MedGrid's.
	"""
	if status >= 500 and status != 503:
		return _own_fault(path)
	if body.get("exc_type") == CHANGED:
		# Frappe's sentence has times of the site.
		return [_("The document was changed after you had read it. Read it again, then repeat your change.")]
	return messages_of(body) or _raised(status, body) or [default_sentence(status)]


def default_sentence(status: int) -> str:
	"""What a status says by itself."""
	return {
		400: _("The request is not valid."),
		401: _("The credentials are missing or wrong. Send the header Authorization: token KEY:SECRET."),
		403: _("You are not permitted to do this."),
		404: _("There is no such document or endpoint."),
		405: _("This address does not take this verb."),
		409: _("This was done already."),
		415: _("The body must be JSON, sent as application/json."),
		429: _("Too many requests. Wait a little, then try again."),
		503: _("The site is busy. Try again in a few seconds."),
	}.get(status, _("The request could not be processed."))


def _raised(status: int, body: dict) -> list[str]:
	"""What Frappe has raised for a business rule without a message: it is in the last line of the traceback
	that Frappe sends to users of Desk."""
	errors = body.get("errors") or [{}]
	lines = str(body.get("exception") or errors[0].get("exception") or "").strip().splitlines()
	said = plain(lines[-1].partition(": ")[2]) if lines and status in (400, 409, 417) else ""
	return [said] if SENTENCE.fullmatch(said) else []


def _own_fault(path: str) -> list[str]:
	"""The message for a fault of MedGrid's: no details, but what support needs to find it in the log."""
	moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
	sentence = _("Something failed at MedGrid's end at {0} UTC in {1}.").format(moment, path)
	reference = frappe.local.flags.get(REFERENCE)
	return [f"{sentence} " + _("Reference: {0}.").format(reference) if reference else sentence]


def messages_of(body: dict) -> list[str]:
	"""The sentences of Frappe's answer, without markup. They are in `_server_messages`, as JSON in JSON, or
	in the errors of version 2; where Frappe has made a page, they still wait to be sent."""
	raw = body.get("_server_messages") or body.get("errors") or body.get("message") or _waiting_messages()
	entries = json.loads(raw) if isinstance(raw, str) and raw.startswith("[") else raw
	entries = entries if isinstance(entries, list) else [entries]
	return [text for entry in entries if (text := plain(_text(entry)))]


def _waiting_messages() -> list:
	page = getattr(frappe.local, "message", None)
	return frappe.local.message_log or [frappe.local.response.get("message") or page or ""]


def _text(entry) -> str:
	if isinstance(entry, str):
		try:
			entry = json.loads(entry)
		except ValueError:
			return entry
	return str(entry.get("message") or "") if isinstance(entry, dict) else str(entry)


def plain(text: str) -> str:
	"""A message as text: Frappe's are HTML, MedGrid's are escaped (`services.desk_messages`)."""
	without_tags = " ".join(TAG.sub(" ", text).split()) if "<" in text else text.strip()
	return unescape(without_tags)


def unusable() -> str:
	"""What is said of a request that Frappe cannot work with."""
	return _(
		"The request cannot be used as it is. Check the names of its parameters, fields and conditions, and "
		"the kinds of their values."
	)

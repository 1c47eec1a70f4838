"""Messages that Frappe collects for whoever made the request. Desk shows them as HTML, and a sentence of
MedGrid's may have words of customers, vendors and other systems in it: it is escaped here, and the API takes
that back for programs (`api.routes.sentences`).

Only this module calls `frappe.msgprint` and `frappe.throw`; `tests/unit/test_borders.py` holds it.
"""

from html import escape
from typing import Any, NoReturn

import frappe


def refuse(
	sentence: str,
	exception: type[Exception] | Exception = frappe.ValidationError,
	*,
	title: str | None = None,
) -> NoReturn:
	"""Ends the request, or the save of a document, with a sentence.

	:param sentence: plain text.
	:param exception: what is raised.
	:param title: of the message in Desk.
	:raises Exception: always.
	"""
	frappe.throw(as_message(sentence), exception, title=title)
	raise AssertionError("unreachable")


def show(sentence: str, **options: Any) -> None:
	"""Shows a sentence in Desk.

	:param sentence: plain text.
	:param options: see `frappe.msgprint`.
	"""
	frappe.msgprint(as_message(sentence), **options)


def as_message(sentence: str) -> str:
	"""Plain text as Desk shows messages."""
	return escape(sentence, quote=False)

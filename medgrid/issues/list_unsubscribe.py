"""The header List-Unsubscribe of MedGrid's mails: the mail program shows a button of its own that leads to
the page on which the reader turns the mails off.

Frappe builds a mail while it puts it into the Email Queue, and lets apps change it there, in 15 and in 16. A
mail of somebody else has no link.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from medgrid.core.faults.borders import hook

_link: ContextVar[str] = ContextVar("medgrid_list_unsubscribe", default="")


@contextmanager
def unsubscribing_at(link: str) -> Iterator[None]:
	"""The mails that are queued within it have the header.

	:param link: an address of this site; empty: they have none.
	"""
	token = _link.set(link)
	try:
		yield
	finally:
		_link.reset(token)


@hook
def add_header(mail: Any) -> None:
	"""Adds the header to a mail. The hook `make_email_body_message`.

	:param mail: Frappe's EMail.
	"""
	if link := _link.get():
		mail.set_header("List-Unsubscribe", f"<{link}>")

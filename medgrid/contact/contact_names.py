"""The names of the Contacts that ERPNext makes with a Lead.

Frappe numbers a Contact whose name is taken, and finds the last number with a pattern. The database takes
names for the same that the pattern tells apart ("José" and "Jose", "ß" and "ss"), so that the numbered name
may be taken, too: every attempt to store the message would fail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from medgrid.core.faults.borders import hook

_FLAG = "medgrid_contact_form"
# Frappe's names have 140 characters at most.
MAX_LENGTH = 140
HASH_LENGTH = 8


@contextmanager
def free_names() -> Iterator[None]:
	"""Contacts that are made meanwhile get a name that no other one has."""
	frappe.flags[_FLAG] = True
	try:
		yield
	finally:
		frappe.flags[_FLAG] = False


@hook
def choose(contact: Any, method: str | None = None) -> None:
	"""Replaces a name that is taken. The `autoname` event of Contact, after Frappe's own method."""
	if frappe.flags.get(_FLAG) and _is_taken(contact.name):
		kept = contact.name[: MAX_LENGTH - HASH_LENGTH - 1].rstrip()
		contact.name = f"{kept}-{frappe.generate_hash(length=HASH_LENGTH)}"


def _is_taken(name: str | None) -> bool:
	if not name:
		return False
	return len(name) > MAX_LENGTH or bool(frappe.db.exists("Contact", name))

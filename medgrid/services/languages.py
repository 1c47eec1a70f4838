"""Translates texts to another person's language than the current user's."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def in_language_of(user: str | None) -> Iterator[None]:
	"""Translates texts to a user's language.

	:param user: None, and a user without a language of their own: the site's.
	"""
	before = frappe.local.lang
	own = frappe.db.get_value("User", user, "language") if user else None
	frappe.local.lang = own or frappe.db.get_default("lang") or before
	try:
		yield
	finally:
		frappe.local.lang = before

"""Entries in the Error Log that hold nothing of the request: Frappe 16 adds its parameters to each."""

import frappe

from medgrid.core.text import one_line

# The length of an Error Log's title.
MAX_TITLE = 140
# Frappe 15 escapes what looks like HTML after it has checked the length, and MariaDB refuses what has grown.
_HARMLESS = str.maketrans({"<": "‹", ">": "›"})


def log_without_parameters(title: str, text: str, **options: bool) -> None:
	"""Writes an entry. The caller commits.

	:param title: made one line. Of two, Frappe makes the entry's text, and of the text the title, which
		Frappe 15 refuses if it is too long.
	:param options: see `frappe.log_error`.
	"""
	parameters = getattr(frappe.local, "form_dict", None)
	frappe.local.form_dict = frappe._dict()
	try:
		frappe.log_error(one_line(title, MAX_TITLE).translate(_HARMLESS), text, **options)
	finally:
		frappe.local.form_dict = parameters

"""Entries in the Error Log that hold nothing of the request: Frappe 16 adds its parameters to each."""

import frappe

# The length of an Error Log's title.
MAX_TITLE = 140


def log_without_parameters(title: str, text: str, **options: bool) -> None:
	"""Writes an entry. The caller commits.

	:param options: see `frappe.log_error`.
	"""
	parameters = getattr(frappe.local, "form_dict", None)
	frappe.local.form_dict = frappe._dict()
	try:
		frappe.log_error(title[:MAX_TITLE], text, **options)
	finally:
		frappe.local.form_dict = parameters

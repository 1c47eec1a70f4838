"""The suggestions of a Link field, for DocTypes whose titles others wrote. Frappe 15 inserts title and
description as HTML, Frappe 16 the description.
"""

from html import escape

import frappe
from frappe.desk import search

from medgrid.desk.foreign_text import foreign_fields


@frappe.whitelist(methods=["GET", "POST"])
def search_link(doctype: str, txt: str, **options) -> list[dict[str, str]]:
	"""Frappe's method of this name. Its override: what is shown as HTML is escaped.

	:param options: Frappe's other parameters.
	"""
	results = frappe.call(search.search_link, doctype=doctype, txt=txt, **options)
	return [_as_text(result) for result in results] if doctype in foreign_fields() else results


def _as_text(result: dict) -> dict:
	"""`value` and `label` stay: they become the field's value. `html` is shown in place of the label."""
	shown = escape(str(result.get("label") or result["value"]))
	description = escape(str(result.get("description") or ""))
	return {**result, "html": f"<strong>{shown}</strong>", "description": description}

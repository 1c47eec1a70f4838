"""Protects the fields that MedGrid adds to Sales Orders. MedGrid writes them directly to the database, with
the row locked.

Frappe's `read_only` applies to Desk's forms only, saving a document writes back every field as it was when
the form was opened, and amending copies all fields. Each of these could reset the fields that prevent an
order from being sent twice.
"""

import frappe

from medgrid.core.faults.borders import hook


@hook
def keep(order, event=None) -> None:
	"""Sets MedGrid's fields to their values in the database; on a new or amended order, empties them.

	`Sales Order`'s validate, before_update_after_submit and before_cancel hooks.
	"""
	stored = None if order.is_new() else order.get_doc_before_save()
	for fieldname in _own_fields():
		order.set(fieldname, stored.get(fieldname) if stored else None)


def _own_fields() -> list[str]:
	# Those of the sales tax are computed anew on every save (`medgrid.vertex.documents`).
	filters = [
		["dt", "=", "Sales Order"],
		["module", "=", "Medgrid"],
		["read_only", "=", 1],
		["fieldname", "not like", "vertex_%"],
	]
	return frappe.get_all("Custom Field", filters=filters, pluck="fieldname")

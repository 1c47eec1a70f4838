"""What MedGrid keeps on Sales Orders is MedGrid's to write: past the document, with the row locked.

Frappe's `read_only` binds nobody but Desk's forms, a saved document writes back every field as it was when
the form was opened, and amending copies all of them. Each of these would reset what keeps an order from being
sent twice.
"""

import frappe


def keep(order, event=None) -> None:
	"""`Sales Order`'s validate, before_update_after_submit and before_cancel: the fields that MedGrid added
	are what the database has; of a new order, an amended one too, they are empty."""
	stored = None if order.is_new() else order.get_doc_before_save()
	for fieldname in _own_fields():
		order.set(fieldname, stored.get(fieldname) if stored else None)


def _own_fields() -> list[str]:
	filters = {"dt": "Sales Order", "module": "Medgrid", "read_only": 1}
	return frappe.get_all("Custom Field", filters=filters, pluck="fieldname")

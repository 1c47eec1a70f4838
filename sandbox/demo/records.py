"""Making a document unless it is there."""

import frappe


def ensure(doctype: str, filters: dict, **values):
	"""The document that matches the filters; made of filters and values if there is none."""
	name = frappe.db.get_value(doctype, filters)
	if name:
		return frappe.get_doc(doctype, name)
	return frappe.get_doc({"doctype": doctype, **filters, **values}).insert()

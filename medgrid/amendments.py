"""Amended Sales Orders. Frappe copies every field of the original, also those that are not to be copied."""

import frappe


def forget_original(order, event=None) -> None:
	"""`Sales Order`'s before_insert: what ShipStation and Exoceuticals did with the original is not the
	amended one's."""
	if not order.amended_from:
		return
	filters = {"dt": "Sales Order", "module": "Medgrid", "no_copy": 1}
	for fieldname in frappe.get_all("Custom Field", filters=filters, pluck="fieldname"):
		order.set(fieldname, None)

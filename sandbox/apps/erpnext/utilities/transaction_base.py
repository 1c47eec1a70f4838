"""Checks that every transaction shares: posting time and whole-number units."""

import frappe
from frappe import _
from frappe.utils import cint, flt, get_time, now_datetime


class UOMMustBeIntegerError(frappe.ValidationError):
	pass


def set_posting_time(doc):
	"""Now, unless the user has ticked "Edit Posting Date and Time"."""
	if not doc.set_posting_time:
		now = now_datetime()
		doc.posting_date, doc.posting_time = now.date(), now.strftime("%H:%M:%S.%f")
		return
	try:
		get_time(doc.posting_time)
	except ValueError:
		frappe.throw(_("Invalid Posting Time"))


def validate_uom_is_integer(doc, uom_field: str, qty_field: str):
	"""Refuse a fraction in a unit that comes in whole numbers only."""
	whole = frappe.get_all(
		"UOM",
		filters={"name": ["in", [row.get(uom_field) for row in doc.items]], "must_be_whole_number": 1},
		pluck="name",
	)
	for row in doc.items:
		qty = flt(row.get(qty_field), row.precision(qty_field))
		if row.get(uom_field) in whole and abs(cint(qty) - qty) > 1e-7:
			frappe.throw(
				_("Row {0}: {1} is no whole number, and {2} cannot be divided").format(
					row.idx, qty, row.get(uom_field)
				),
				UOMMustBeIntegerError,
			)

"""What was paid of a Sales Invoice: advances, payments at a counter, and what is left to pay.

In the company's currency, and without loyalty points.
"""

import frappe
from frappe import _
from frappe.utils import flt


def set_paid_amounts(doc):
	"""Hold what was paid against the total, as ERPNext does whenever it totals an invoice."""
	if doc.docstatus.is_cancelled():
		return
	total = doc.rounded_total or doc.grand_total
	advances = sum(flt(row.allocated_amount) for row in doc.advances)
	doc.total_advance = flt(advances, doc.precision("total_advance"))
	to_pay = flt(total - flt(doc.write_off_amount), doc.precision("grand_total"))
	if to_pay > 0 and doc.total_advance > to_pay:
		frappe.throw(_("Advance amount cannot be greater than {0} {1}").format(doc.currency, to_pay))
	if not doc.docstatus.is_draft():
		return
	if doc.write_off_outstanding_amount_automatically:
		doc.write_off_amount = 0
	set_outstanding(doc, total)
	if doc.write_off_outstanding_amount_automatically:
		doc.write_off_amount = flt(doc.outstanding_amount, doc.precision("write_off_amount"))
		set_outstanding(doc, total)


def set_outstanding(doc, total: float):
	set_paid(doc)
	to_pay = flt(total - doc.total_advance - flt(doc.write_off_amount), doc.precision("grand_total"))
	doc.change_amount = 0
	if not doc.is_return and any(row.type == "Cash" for row in doc.payments):
		doc.change_amount = flt(max(doc.paid_amount - total, 0), doc.precision("change_amount"))
	doc.base_change_amount = doc.change_amount
	left = to_pay - doc.paid_amount + doc.change_amount
	doc.outstanding_amount = flt(left, doc.precision("outstanding_amount"))
	if doc.is_pos and doc.is_return and not doc.is_consolidated:
		fill_up(doc, to_pay)
		set_paid(doc)


def set_paid(doc):
	if not doc.is_pos and not doc.is_return:
		doc.payments = []
	for row in doc.payments:
		row.amount = row.base_amount = flt(row.amount)
	paid = sum(row.amount for row in doc.payments) if doc.is_pos else 0
	doc.paid_amount = doc.base_paid_amount = flt(paid, doc.precision("paid_amount"))


def fill_up(doc, to_pay: float):
	"""What a returned counter sale does not pay back, the profile's way of payment pays."""
	pending = to_pay - sum(row.amount for row in doc.payments)
	default = {"parent": doc.pos_profile, "default": 1}
	mode = pending > 0 and frappe.db.get_value("POS Payment Method", default, "mode_of_payment")
	if mode:
		doc.payments = []
		doc.append("payments", {"mode_of_payment": mode, "amount": pending, "default": 1})


def set_advances(doc):
	"""Allocate what the customer has paid in advance, oldest first."""
	total = doc.rounded_total or doc.grand_total
	doc.advances = []
	filters = {"party": doc.customer, "company": doc.company, "docstatus": 1, "unallocated_amount": (">", 0)}
	fields = ["name", "unallocated_amount"]
	for paid in frappe.get_all("Payment Entry", filters, fields, order_by="posting_date, name"):
		allocated = min(total, paid.unallocated_amount)
		total -= allocated
		doc.append(
			"advances",
			{
				"reference_type": "Payment Entry",
				"reference_name": paid.name,
				"advance_amount": paid.unallocated_amount,
				"allocated_amount": allocated,
			},
		)


def use_advances(doc):
	"""A submitted invoice has used them up."""
	for row in doc.advances:
		name = row.reference_name
		left = frappe.db.get_value("Payment Entry", name, "unallocated_amount") - row.allocated_amount
		frappe.db.set_value("Payment Entry", name, "unallocated_amount", flt(left, 2))


def validate_payments(doc):
	"""At a counter, what is sold is paid, and what is returned is paid back."""
	if not doc.is_pos:
		return
	sign = -1 if doc.is_return else 1
	for row in doc.payments:
		if sign * row.amount < 0:
			words = _("negative") if doc.is_return else _("positive")
			frappe.throw(_("Row #{0} (Payment Table): Amount must be {1}").format(row.idx, words))
	total = doc.rounded_total or doc.grand_total
	if doc.is_return and not doc.is_consolidated and sum(row.amount for row in doc.payments) < total:
		frappe.throw(_("Total payments amount can't be greater than {}").format(-total))
	if doc.docstatus.is_submitted() and not doc.payments and flt(doc.grand_total) > 0:
		frappe.throw(_("At least one mode of payment is required for POS invoice."))

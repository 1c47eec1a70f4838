"""When a sale is to be paid. Made from the totals while a document validates: a total that changes later
shows here."""

import frappe
from frappe import _
from frappe.utils import flt


def set_payment_schedule(doc, posting_date):
	"""One payment of the whole total, unless the caller gave portions of it."""
	total = doc.get("rounded_total") or doc.grand_total
	base_total = doc.get("base_rounded_total") or doc.base_grand_total
	if not doc.payment_schedule:
		doc.append(
			"payment_schedule", {"due_date": doc.get("due_date") or posting_date, "invoice_portion": 100}
		)
	for row in doc.payment_schedule:
		if row.invoice_portion:
			row.payment_amount = flt(total * row.invoice_portion / 100, row.precision("payment_amount"))
			row.base_payment_amount = flt(
				base_total * row.invoice_portion / 100, row.precision("base_payment_amount")
			)
		else:
			row.base_payment_amount = flt(row.payment_amount * doc.conversion_rate)
		row.outstanding = row.payment_amount
	paid = sum(flt(row.payment_amount) for row in doc.payment_schedule)
	if abs(flt(paid - total, 2)) > 0.1:
		frappe.throw(_("Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total"))

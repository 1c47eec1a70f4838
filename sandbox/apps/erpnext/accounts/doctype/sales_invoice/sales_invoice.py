"""A Sales Invoice: books income, taxes and what the customer owes. With `is_return` it is a credit note.

It moves no stock; of payments, it knows advances and those at a counter.
"""

import frappe
from frappe import _
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt, getdate

from erpnext.accounts.general_ledger import Entry, make_gl_entries, reverse_gl_entries
from erpnext.controllers.paid_amounts import set_advances, set_paid_amounts, use_advances, validate_payments
from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import set_status
from erpnext.utilities.transaction_base import set_posting_time, validate_uom_is_integer


class SalesInvoice(SellingController):
	def validate(self):
		if self.update_stock:
			frappe.throw(_("MedGrid's stand-in for ERPNext moves no stock with an invoice"))
		self.validate_auto_set_posting_time()
		self.set_accounts()
		super().validate()
		self.validate_currency()
		if self.allocate_advances_automatically and not self.is_pos:
			set_advances(self)
		self.validate_return()
		validate_payments(self)
		self.validate_sold_quantities()
		self.set_due_date()
		validate_uom_is_integer(self, "uom", "qty")
		self.set_payment_schedule()
		set_status(self)

	def calculate_taxes_and_totals(self):
		super().calculate_taxes_and_totals()
		set_paid_amounts(self)

	def set_advances(self):
		set_advances(self)

	def validate_auto_set_posting_time(self):
		set_posting_time(self)

	def on_submit(self):
		self.validate_rates()
		make_gl_entries(self, self.gl_entries())
		use_advances(self)

	def on_cancel(self):
		self.ignore_linked_doctypes = ("GL Entry", "Sales Invoice")
		returns = {"return_against": self.name, "docstatus": 1}
		if frappe.db.exists("Sales Invoice", returns):
			frappe.throw(_("{0} has a submitted credit note; cancel that first").format(self.name))
		reverse_gl_entries(self)
		set_status(self, update=True)

	def set_accounts(self):
		company = frappe.get_cached_doc("Company", self.company)
		self.debit_to = self.debit_to or company.default_receivable_account
		for row in self.items:
			row.income_account = row.income_account or company.default_income_account
			row.cost_center = row.cost_center or self.cost_center or company.cost_center

	def validate_currency(self):
		"""The account of what is owed has the document's currency."""
		if frappe.get_cached_value("Account", self.debit_to, "account_currency") != self.currency:
			frappe.throw(_("Account {0} has another currency than {1}").format(self.debit_to, self.currency))

	def set_due_date(self):
		self.due_date = self.due_date or self.posting_date
		if getdate(self.due_date) < getdate(self.posting_date):
			frappe.throw(_("Due Date cannot be before Posting Date"))

	def validate_return(self):
		if not (self.is_return and self.return_against):
			return
		fields = ["docstatus", "customer", "company", "posting_date"]
		original = frappe.db.get_value("Sales Invoice", self.return_against, fields, as_dict=True)
		if not original or original.docstatus != 1:
			frappe.throw(_("Return Against Sales Invoice {0} must be submitted").format(self.return_against))
		for fieldname in ("customer", "company"):
			self.validate_value(fieldname, "=", original[fieldname])
		if getdate(self.posting_date) < getdate(original.posting_date):
			frappe.throw(_("Posting timestamp must be after {0}").format(original.posting_date))

	def validate_sold_quantities(self):
		for row in self.items:
			if self.is_return and flt(row.qty) > 0:
				frappe.throw(_("Row #{0}: the quantity of a return must be negative").format(row.idx))

	def gl_entries(self) -> list[Entry]:
		owed = self.base_rounded_total or self.base_grand_total
		entries = [Entry(self.debit_to, debit=owed, party=self.customer)]
		for tax in self.taxes:
			amount = tax.base_tax_amount_after_discount_amount
			entries.append(Entry(tax.account_head, credit=amount, cost_center=tax.cost_center))
		for row in self.items:
			entries.append(Entry(row.income_account, credit=row.base_net_amount, cost_center=row.cost_center))
		if adjustment := flt(self.base_rounding_adjustment):
			round_off = frappe.get_cached_value("Company", self.company, "round_off_account")
			entries.append(Entry(round_off, credit=adjustment))
		for row in self.payments:
			cash = row.account or frappe.get_cached_value("Company", self.company, "default_cash_account")
			entries.append(Entry(cash, debit=row.base_amount))
			entries.append(Entry(self.debit_to, credit=row.base_amount, party=self.customer))
		if change := flt(self.base_change_amount):
			cash = frappe.get_cached_value("Company", self.company, "default_cash_account")
			entries.append(Entry(cash, credit=change))
			entries.append(Entry(self.debit_to, debit=change, party=self.customer))
		return entries

	def set_status(self, update: bool = False, status: str | None = None):
		set_status(self, update, status)


def map_invoice(doctype: str, source_name: str, table_map: dict, postprocess=None, target_doc=None):
	return get_mapped_doc(doctype, source_name, table_map, target_doc, postprocess)


@frappe.whitelist()
def make_sales_return(source_name: str, target_doc=None):
	"""An unsaved credit note of the whole invoice."""

	def opposite(source, target):
		target.is_return = 1
		target.return_against = source.name
		target.payment_schedule = []
		for tax in target.taxes:
			if tax.charge_type == "Actual":
				tax.tax_amount = -tax.tax_amount
		target.advances = []
		for payment in target.payments:
			payment.amount = -payment.amount
		if target.discount_amount:
			target.discount_amount = -source.discount_amount
		target.run_method("calculate_taxes_and_totals")

	def opposite_line(source, target, _parent):
		target.qty = -source.qty
		target.sales_invoice_item = source.name

	tables = {
		"Sales Invoice": {"doctype": "Sales Invoice", "validation": {"docstatus": ["=", 1]}},
		"Sales Invoice Item": {"doctype": "Sales Invoice Item", "postprocess": opposite_line},
		"Payment Schedule": {"doctype": "Payment Schedule", "condition": lambda _row: False},
	}
	return map_invoice("Sales Invoice", source_name, tables, opposite, target_doc)

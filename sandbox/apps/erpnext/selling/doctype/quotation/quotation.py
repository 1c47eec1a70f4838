"""A Quotation to a Customer or a Lead. Books nothing and reserves nothing."""

import frappe
from frappe import _
from frappe.model.mapper import get_mapped_doc
from frappe.utils import getdate

from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import set_status
from erpnext.utilities.transaction_base import validate_uom_is_integer


class Quotation(SellingController):
	def validate(self):
		self.set_party_name()
		super().validate()
		validate_uom_is_integer(self, "uom", "qty")
		if self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date):
			frappe.throw(_("Valid till date cannot be before transaction date"))
		self.set_payment_schedule()
		set_status(self)

	def on_cancel(self):
		set_status(self, update=True)

	def set_party_name(self):
		if self.party_name and self.quotation_to == "Lead":
			lead = frappe.db.get_value("Lead", self.party_name, ["lead_name", "company_name"], as_dict=True)
			self.customer_name = lead.company_name or lead.lead_name

	def set_status(self, update: bool = False, status: str | None = None):
		set_status(self, update, status)


@frappe.whitelist()
def make_sales_order(source_name: str, target_doc=None):
	"""An unsaved Sales Order for what the quotation offers."""

	def postprocess(source, target):
		if source.quotation_to == "Customer":
			target.customer = source.party_name
		target.run_method("set_missing_values")
		target.run_method("calculate_taxes_and_totals")

	tables = {
		"Quotation": {"doctype": "Sales Order", "validation": {"docstatus": ["=", 1]}},
		"Quotation Item": {"doctype": "Sales Order Item"},
		"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
		"Payment Schedule": {"doctype": "Payment Schedule", "condition": lambda _row: False},
	}
	return get_mapped_doc("Quotation", source_name, tables, target_doc, postprocess)

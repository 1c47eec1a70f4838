"""An account of a Company's chart: what a sale's tax and freight rows name, and the ledger books to."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

BALANCE_SHEET_ROOTS = ("Asset", "Liability", "Equity")


class Account(NestedSet):
	nsm_parent_field = "parent_account"

	def autoname(self):
		abbr = frappe.get_cached_value("Company", self.company, "abbr")
		number = (self.account_number or "").strip()
		self.name = " - ".join(part for part in (number, self.account_name.strip(), abbr) if part)

	def validate(self):
		if self.parent_account:
			self.inherit_from_parent()
		elif not self.is_group:
			frappe.throw(_("{0} has no parent account, so it has to be a group").format(self.name))
		if not self.root_type:
			frappe.throw(_("Root Type is mandatory"))
		if not self.report_type:
			self.report_type = "Balance Sheet" if self.root_type in BALANCE_SHEET_ROOTS else "Profit and Loss"
		if not self.account_currency:
			self.account_currency = frappe.get_cached_value("Company", self.company, "default_currency")

	def inherit_from_parent(self):
		fields = ["is_group", "company", "root_type", "report_type"]
		parent = frappe.db.get_value("Account", self.parent_account, fields, as_dict=True)
		if not parent:
			frappe.throw(_("Parent account {0} does not exist").format(self.parent_account))
		if not parent.is_group:
			frappe.throw(_("Parent account {0} is not a group").format(self.parent_account))
		if parent.company != self.company:
			frappe.throw(_("Parent account {0} belongs to another company").format(self.parent_account))
		self.root_type, self.report_type = parent.root_type, parent.report_type

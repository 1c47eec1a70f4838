"""A cost center of a Company: something to name on a tax row. Nothing is booked to it."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet


class CostCenter(NestedSet):
	nsm_parent_field = "parent_cost_center"

	def autoname(self):
		abbr = frappe.get_cached_value("Company", self.company, "abbr")
		number = (self.cost_center_number or "").strip()
		self.name = " - ".join(part for part in (number, self.cost_center_name.strip(), abbr) if part)

	def validate(self):
		if self.parent_cost_center:
			company = frappe.db.get_value("Cost Center", self.parent_cost_center, "company")
			if company != self.company:
				frappe.throw(_("{0} belongs to another company").format(self.parent_cost_center))
		elif not self.is_group:
			frappe.throw(_("{0} has no parent, so it has to be a group").format(self.name))

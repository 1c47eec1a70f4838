"""A warehouse of a Company, in a tree; its name ends in the Company's abbreviation."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

QUANTITIES = ("actual_qty", "reserved_qty", "ordered_qty", "indented_qty", "planned_qty", "projected_qty")


class Warehouse(NestedSet):
	nsm_parent_field = "parent_warehouse"

	def autoname(self):
		self.name = self.warehouse_name
		if self.company:
			suffix = " - " + frappe.get_cached_value("Company", self.company, "abbr")
			if not self.name.endswith(suffix):
				self.name += suffix

	def on_trash(self):
		for bin_row in frappe.get_all("Bin", {"warehouse": self.name}, ["item_code", *QUANTITIES]):
			if any(bin_row[field] for field in QUANTITIES):
				frappe.throw(
					_("{0} still holds a quantity of {1} and cannot be deleted").format(
						self.name, bin_row.item_code
					)
				)
		if frappe.db.exists("Stock Ledger Entry", {"warehouse": self.name}):
			frappe.throw(_("{0} has stock ledger entries and cannot be deleted").format(self.name))
		frappe.db.delete("Bin", {"warehouse": self.name})
		super().on_trash(allow_root_deletion=True)

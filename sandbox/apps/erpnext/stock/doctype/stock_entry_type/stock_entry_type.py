"""A kind of Stock Entry; the stand-in knows the three purposes that move stock without making anything."""

import frappe
from frappe import _
from frappe.model.document import Document


class StockEntryType(Document):
	def validate(self):
		if self.is_standard and self.name != self.purpose:
			frappe.throw(_("{0} is not a standard Stock Entry Type").format(self.name))
		if self.purpose != "Material Transfer":
			self.add_to_transit = 0

"""A charge for shipping, of a fixed amount: the stand-in has no conditions and no countries."""

from frappe.model.document import Document
from frappe.utils import flt


class ShippingRule(Document):
	def apply(self, doc):
		"""Add the row of `taxes`, or correct the last one that has the rule's account."""
		charge = {
			"doctype": "Sales Taxes and Charges",
			"charge_type": "Actual",
			"account_head": self.account,
			"cost_center": self.cost_center,
		}
		amount = flt(flt(self.shipping_amount) / flt(doc.conversion_rate or 1), 2)
		if existing := doc.get("taxes", filters=charge):
			existing[-1].tax_amount = amount
		else:
			doc.append("taxes", {**charge, "tax_amount": amount, "description": self.label})

"""Settings of the buying module; some of them become defaults of the site, and so of new documents."""

import frappe
from frappe.model.document import Document

PUBLISHED = ("supplier_group", "supp_master_name", "maintain_same_rate", "buying_price_list")


class BuyingSettings(Document):
	def validate(self):
		for fieldname in PUBLISHED:
			frappe.db.set_default(fieldname, self.get(fieldname) or "")

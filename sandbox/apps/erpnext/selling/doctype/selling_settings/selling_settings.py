"""Settings of the selling module; some of them become defaults of the site, and so of new documents."""

import frappe
from frappe.model.document import Document

PUBLISHED = (
	"cust_master_name",
	"customer_group",
	"territory",
	"maintain_same_sales_rate",
	"editable_price_list_rate",
	"selling_price_list",
)


class SellingSettings(Document):
	def validate(self):
		for fieldname in PUBLISHED:
			frappe.db.set_default(fieldname, self.get(fieldname) or "")

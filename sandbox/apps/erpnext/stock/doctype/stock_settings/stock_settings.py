"""Settings of the stock module; some of them become defaults of the site."""

import frappe
from frappe import _
from frappe.model.document import Document

PUBLISHED = ("item_naming_by", "item_group", "stock_uom", "allow_negative_stock", "default_warehouse")


class StockSettings(Document):
	def validate(self):
		if frappe.db.get_value("Warehouse", self.default_warehouse, "is_group"):
			frappe.throw(_("A group warehouse cannot be the default"), title=_("Incorrect Warehouse"))
		for fieldname in PUBLISHED:
			frappe.db.set_default(fieldname, self.get(fieldname) or "")

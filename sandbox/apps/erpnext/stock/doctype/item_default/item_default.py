"""An Item's defaults in one Company: warehouse, price list, supplier, accounts (child table)."""

from frappe.model.document import Document


class ItemDefault(Document):
	pass

"""A supplier of an Item and their part number (child table)."""

from frappe.model.document import Document


class ItemSupplier(Document):
	pass

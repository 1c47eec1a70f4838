"""A kind of warehouse, such as Transit."""

from frappe.model.document import Document


class WarehouseType(Document):
	pass

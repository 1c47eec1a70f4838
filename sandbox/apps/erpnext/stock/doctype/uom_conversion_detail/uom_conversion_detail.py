"""How many stock units one of another unit holds (child table of Item)."""

from frappe.model.document import Document


class UOMConversionDetail(Document):
	pass

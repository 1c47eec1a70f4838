"""One barcode of an Item (child table)."""

from frappe.model.document import Document


class ItemBarcode(Document):
	pass

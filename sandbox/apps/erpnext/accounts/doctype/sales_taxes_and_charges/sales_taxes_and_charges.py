"""A tax or charge on a sale (child table)."""

from frappe.model.document import Document


class SalesTaxesandCharges(Document):
	pass

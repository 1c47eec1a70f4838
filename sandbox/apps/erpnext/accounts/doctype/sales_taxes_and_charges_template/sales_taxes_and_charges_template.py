from frappe.model.document import Document


class SalesTaxesandChargesTemplate(Document):
	pass

from frappe.model.document import Document


class POSProfile(Document):
	pass

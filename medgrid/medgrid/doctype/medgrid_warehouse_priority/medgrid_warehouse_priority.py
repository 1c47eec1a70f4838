from frappe.model.document import Document


class MedgridWarehousePriority(Document):
	"""One warehouse of the priority list. Its position in the list is its priority."""

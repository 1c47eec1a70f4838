"""A line of a Delivery Note (child table)."""

from frappe.model.document import Document


class DeliveryNoteItem(Document):
	pass

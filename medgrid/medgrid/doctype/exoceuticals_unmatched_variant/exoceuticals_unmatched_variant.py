from frappe.model.document import Document


class ExoceuticalsUnmatchedVariant(Document):
	"""A variant that is not linked to an Item, and the reason. Only the catalog sync writes it."""

from frappe.model.document import Document


class ExoceuticalsUnmatchedVariant(Document):
	"""A variant that is linked to no Item, and why. Only the catalog sync writes it."""

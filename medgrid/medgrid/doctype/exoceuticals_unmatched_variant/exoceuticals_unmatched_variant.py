from frappe.model.document import Document


class ExoceuticalsUnmatchedVariant(Document):
	"""A variant that is not linked to an Item by its SKU, the reason, and what a person decided about it. The
	catalog sync and `medgrid.exoceuticals.catalog.decisions` write it."""

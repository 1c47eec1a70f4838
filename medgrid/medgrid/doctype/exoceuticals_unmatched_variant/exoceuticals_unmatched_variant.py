import frappe
from frappe.model.document import Document


class ExoceuticalsUnmatchedVariant(Document):
	"""A variant that is not linked to an Item by its SKU, the reason, and what a person decided about it. The
	catalog sync and `medgrid.exoceuticals.catalog.decisions` write it."""


def on_doctype_update():
	# SKUs that were on several variants.
	fields = ["status", "reason", "sku"]
	frappe.db.add_index("Exoceuticals Unmatched Variant", fields, "medgrid_reason")

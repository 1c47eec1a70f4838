"""A unit of measure; quantities in a `must_be_whole_number` unit may have no fraction."""

from frappe.model.document import Document


class UOM(Document):
	pass

"""A line of a Stock Entry (child table)."""

from frappe.model.document import Document


class StockEntryDetail(Document):
	pass

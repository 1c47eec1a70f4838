"""A line of a Sales Order (child table)."""

from frappe.model.document import Document


class SalesOrderItem(Document):
	pass

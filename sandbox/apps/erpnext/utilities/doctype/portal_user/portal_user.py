"""A User who signs in for a Customer or a Supplier (child table)."""

from frappe.model.document import Document


class PortalUser(Document):
	pass

from frappe.model.document import Document


class VendorConnectionRule(Document):
	"""One value that brings a vendor's orders to an account. The vendor sets it in the portal; see
	`medgrid.integrations.shipstation.due.routing`."""

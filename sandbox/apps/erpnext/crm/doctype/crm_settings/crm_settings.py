"""Settings of the CRM module, as far as Leads ask for them."""

from frappe.model.document import Document


class CRMSettings(Document):
	pass

from frappe.model.document import Document


class ContactMessage(Document):
	"""A message of the contact form, until its Lead is written. See `medgrid.contact.inbox`."""

from frappe.model.document import Document


class ContactMessage(Document):
	"""A message of the contact form until it is on its Lead. See `medgrid.contact.inbox`."""

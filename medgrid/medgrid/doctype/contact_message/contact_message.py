from frappe.model.document import Document


class ContactMessage(Document):
	"""A message of the contact form, until its Lead is written. See `medgrid.contact.inbox`."""

	def on_trash(self):
		# Frappe keeps a copy of this document in Deleted Document: it must not hold the visitor's words.
		self.words = None

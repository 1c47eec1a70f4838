from frappe.model.document import Document


class TextMessageOptOut(Document):
	"""A phone number that replied STOP, stored as a hash. See `medgrid.integrations.sendblue.opt_outs`."""

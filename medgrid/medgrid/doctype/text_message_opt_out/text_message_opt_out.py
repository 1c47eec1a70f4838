from frappe.model.document import Document


class TextMessageOptOut(Document):
	"""A phone that replied STOP, known by a hash only. See `medgrid.integrations.sendblue.opt_outs`."""

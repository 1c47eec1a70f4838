from frappe.model.document import Document


class SyncRun(Document):
	"""One run of a sync, of a vendor's connection or of the store. Only `medgrid.sync.runs` writes it."""

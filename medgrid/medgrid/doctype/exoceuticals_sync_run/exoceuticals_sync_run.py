from frappe.model.document import Document


class ExoceuticalsSyncRun(Document):
	"""One run of a sync with the store. Only `medgrid.exoceuticals.runs` writes it."""

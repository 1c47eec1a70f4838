from frappe.model.document import Document


class Batch(Document):
	"""A lot of an item; the stand-in only knows its name, for prices that hold for one batch."""

import frappe
from frappe.model.document import Document


class VertexTaxDocument(Document):
	"""An invoice, credit note or reversal that Vertex books once; see `medgrid.vertex.booking`.

	It outlives the document that it was made for: tax law wants it.
	"""


def on_doctype_update():
	frappe.db.add_index("Vertex Tax Document", ["status", "next_attempt_at"], "medgrid_due")
	frappe.db.add_index("Vertex Tax Document", ["merchant", "document_number"], "medgrid_number")
	frappe.db.add_index("Vertex Tax Document", ["merchant", "customer_code"], "medgrid_customer")
	# For health reports: the last booking, and taxes that differ.
	frappe.db.add_index("Vertex Tax Document", ["status", "committed_at"], "medgrid_committed")
	frappe.db.add_index("Vertex Tax Document", ["mismatch"], "medgrid_mismatch")

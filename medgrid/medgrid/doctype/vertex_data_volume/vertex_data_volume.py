import frappe
from frappe.model.document import Document


class VertexDataVolume(Document):
	"""How many calculations one interval had, and how fast Vertex answered; see `medgrid.vertex.volume`."""


def on_doctype_update():
	frappe.db.add_index("Vertex Data Volume", ["keyword", "date_created"], "medgrid_keyword")

from frappe.model.document import Document


class VertexDataVolume(Document):
	"""How many calculations one interval had, and how fast Vertex answered; see `medgrid.vertex.volume`."""

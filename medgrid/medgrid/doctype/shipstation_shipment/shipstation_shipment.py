from frappe.model.document import Document


class ShipStationShipment(Document):
	"""A label that a vendor made in ShipStation, as it was at the last pull."""

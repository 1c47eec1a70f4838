from frappe.model.document import Document


class ShipStationShipment(Document):
	"""A label that a vendor created in ShipStation, as of the last pull."""

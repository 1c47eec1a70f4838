import frappe
from frappe.model.document import Document


class ShipStationShipment(Document):
	"""A label that a vendor created in ShipStation, as of the last pull."""


def on_doctype_update():
	# What was bought lately.
	frappe.db.add_index("ShipStation Shipment", ["created_at"], "medgrid_bought")

import frappe
from frappe.model.document import Document


class ShipStationOrder(Document):
	"""One Sales Order on its way to ShipStation for one Supplier; `medgrid.outbox.states` has the states."""


def on_doctype_update():
	# "Already pushed" is decided per vendor: one Sales Order can belong to several.
	frappe.db.add_unique("ShipStation Order", ["sales_order", "supplier"], "unique_order_and_supplier")

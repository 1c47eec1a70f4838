import frappe
from frappe.model.document import Document


class ShipStationOrder(Document):
	"""The state of sending one Sales Order to ShipStation for one Supplier; see `medgrid.outbox.states`."""

	def on_trash(self):
		# Frappe keeps a copy of this document in Deleted Document.
		self.account = None


def on_doctype_update():
	# MedGrid pushes an order once per vendor; one Sales Order can contain lines of several vendors.
	frappe.db.add_unique("ShipStation Order", ["sales_order", "supplier"], "unique_order_and_supplier")

import frappe
from frappe.model.document import Document

from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.outbox import due_documents

RETRIED_BY = ("System Manager", "Sales Manager")


class ShipStationOrder(Document):
	"""The state of sending one Sales Order to ShipStation for one Supplier; see `medgrid.outbox.states`."""

	@frappe.whitelist(methods=["POST"])
	def retry(self):
		"""Makes a failed order due again; the next sync sends it. The button on the form."""
		frappe.only_for(RETRIED_BY)
		due_documents.retry(OUTBOX, self.name)

	def on_trash(self):
		# Frappe keeps a copy of this document in Deleted Document.
		self.account = None


def on_doctype_update():
	# MedGrid pushes an order once per vendor; one Sales Order can contain lines of several vendors.
	frappe.db.add_unique("ShipStation Order", ["sales_order", "supplier"], "unique_order_and_supplier")
	# What is due for a vendor; one without a vendor has an empty supplier.
	frappe.db.add_index("ShipStation Order", ["supplier", "status", "next_attempt_at"], "medgrid_due")
	# A vendor's list, newest first.
	frappe.db.add_index("ShipStation Order", ["supplier", "creation"], "medgrid_list")
	# What was shipped lately.
	frappe.db.add_index("ShipStation Order", ["supplier", "shipped_at"], "medgrid_shipped")
	# The cancelled ones of today.
	frappe.db.add_index("ShipStation Order", ["status", "since"], "medgrid_since")
	# The same of one state.
	frappe.db.add_index("ShipStation Order", ["supplier", "status", "creation"], "medgrid_states")
	# What has changed since it was sent: few.
	frappe.db.add_index("ShipStation Order", ["is_changed", "supplier", "status"], "medgrid_changed")
	# How many wait, and for how long: all that the health report reads of them.
	fields = ["status", "creation", "supplier", "attempts", "next_attempt_at", "since"]
	frappe.db.add_index("ShipStation Order", fields, "medgrid_health")

import frappe
from frappe.model.document import Document


class ExoceuticalsOrder(Document):
	"""The state of sending one Sales Order to the Exoceuticals store; see `medgrid.outbox.states`.

	Once the order is sent, the Sales Order's own fields hold the status of the Shopify order.
	"""


def on_doctype_update():
	# What the store got lately, to compare it with Sales Orders that may have changed.
	frappe.db.add_index("Exoceuticals Order", ["status", "sent_at"], "medgrid_sent")

from frappe.model.document import Document


class ExoceuticalsOrder(Document):
	"""The state of sending one Sales Order to the Exoceuticals store; see `medgrid.outbox.states`.

	Once the order is sent, the Sales Order's own fields hold the status of the Shopify order.
	"""

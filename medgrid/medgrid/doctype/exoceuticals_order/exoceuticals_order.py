from frappe.model.document import Document


class ExoceuticalsOrder(Document):
	"""One Sales Order on its way to the Exoceuticals store; `medgrid.outbox.states` has the states.

	Once it is sent, the Sales Order's own fields say how Shopify's order goes on.
	"""

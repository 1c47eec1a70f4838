import frappe
from frappe.model.document import Document


class IntegrationEvent(Document):
	"""A webhook that was received, what it was about, and what came of it; never its body.

	`source`: exoceuticals (the store), shopify (the vendors' app), sendblue. `outcome`: see
	`medgrid.webhooks.source.Outcome`; `error` says why it was ignored or failed.
	"""


def on_doctype_update():
	# Whatever is sent again, or twice at the same moment, is handled once.
	frappe.db.add_unique("Integration Event", ["source", "event_id"], "unique_source_and_event")

import frappe
from frappe.model.document import Document


class IntegrationEvent(Document):
	"""The record of a received webhook: its topic, its subject and its outcome, but never its body.

	`source`: exoceuticals (the store), shopify (the vendors' app), sendblue. `outcome`: see
	`medgrid.webhooks.source.WebhookOutcome`. `error`: why the webhook was ignored or failed.
	"""


def on_doctype_update():
	# A webhook that is repeated, or sent twice at the same moment, is processed once.
	frappe.db.add_unique("Integration Event", ["source", "event_id"], "unique_source_and_event")
	# What a shop has sent in the last days, and how many of it failed.
	fields = ["source", "shop", "received_at", "outcome"]
	frappe.db.add_index("Integration Event", fields, "medgrid_received")
	frappe.db.add_index("Integration Event", ["outcome", "creation"], "medgrid_outcome")
	# All columns that the chart of events per day reads, so that it reads no row.
	frappe.db.add_index("Integration Event", ["creation", "docstatus"], "medgrid_days")

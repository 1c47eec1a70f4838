import frappe
from frappe.model.document import Document


class IntegrationEvent(Document):
	"""A webhook that was received, what it was about, and what came of it; never its body.

	`outcome`: Updated, Unchanged, Stale (older than what was known), Unknown Order (not one of MedGrid's),
	Disconnected (the app was uninstalled), Ignored (a topic, or a shop, that is none of MedGrid's), Failed
	(its body made no sense; `error` says why).
	"""


def on_doctype_update():
	# Whatever is sent again, or twice at the same moment, is handled once.
	frappe.db.add_unique("Integration Event", ["source", "event_id"], "unique_source_and_event")

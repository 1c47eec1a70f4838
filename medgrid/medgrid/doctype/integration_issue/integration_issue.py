import frappe
from frappe.model.document import Document


class IntegrationIssue(Document):
	"""Something that fails between MedGrid and another system: for whom, why, who has to act, since when.

	`open_key` is set while the issue is open; being unique, it lets one open issue be about one thing. Only
	`medgrid.issues` writes it.
	"""


def on_doctype_update():
	frappe.db.add_unique("Integration Issue", ["open_key"], "unique_open_key")
	frappe.db.add_index("Integration Issue", ["settled_at"], "medgrid_settled")

import frappe
from frappe.model.document import Document


class IntegrationIssue(Document):
	"""A failure between MedGrid and another system: who is affected, the cause, who must act, since when.

	`open_key` is set while the issue is open. It is unique, so that a subject has at most one open issue.
	Only `medgrid.issues` writes this DocType.
	"""


def on_doctype_update():
	frappe.db.add_unique("Integration Issue", ["open_key"], "unique_open_key")
	frappe.db.add_index("Integration Issue", ["settled_at"], "medgrid_settled")
	frappe.db.add_index("Integration Issue", ["mailed_at"], "medgrid_mailed")

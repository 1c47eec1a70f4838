import frappe
from frappe.model.document import Document

from medgrid.issues import records

SETTLED_BY = ("System Manager",)


class IntegrationIssue(Document):
	"""A failure between MedGrid and another system: who is affected, the cause, who must act, since when.

	`open_key` is set while the issue is open. It is unique, so that a subject has at most one open issue.
	Only `medgrid.issues` writes this DocType.
	"""

	@frappe.whitelist(methods=["POST"])
	def settle(self):
		"""Settles the issue, because somebody has seen to it. The button on the form."""
		frappe.only_for(SETTLED_BY)
		records.settle_by_person(self.name, frappe.session.user)


def on_doctype_update():
	frappe.db.add_unique("Integration Issue", ["open_key"], "unique_open_key")
	frappe.db.add_index("Integration Issue", ["settled_at"], "medgrid_settled")
	frappe.db.add_index("Integration Issue", ["mailed_at"], "medgrid_mailed")
	# How many are open, by who acts.
	frappe.db.add_index("Integration Issue", ["settled_at", "who_acts"], "medgrid_who")
	# The list of one integration, newest first: all, and the open ones; and of one shop or document.
	frappe.db.add_index("Integration Issue", ["integration", "occurred_at"], "medgrid_list")
	fields = ["integration", "settled_at", "occurred_at"]
	frappe.db.add_index("Integration Issue", fields, "medgrid_open")
	frappe.db.add_index("Integration Issue", ["related_to"], "medgrid_related")

import frappe
from frappe import _
from frappe.model.document import Document


class VendorConnection(Document):
	"""One user's link to one integration. Its random name tells neither whose it is nor that it exists.

	The credentials are for `medgrid.integrations.connections` alone: not even Frappe's own endpoint for
	System Managers reads them.
	"""

	def on_trash(self):
		frappe.db.delete("Vendor Product", {"connection": self.name})

	def get_password(self, fieldname="password", raise_exception=True):
		frappe.throw(_("Credentials are never shown."), frappe.PermissionError)


def on_doctype_update():
	frappe.db.add_unique("Vendor Connection", ["user", "integration"], "unique_user_and_integration")


def has_permission(doc, ptype=None, user=None, **_options) -> bool:
	"""Whatever roles are added to the DocType: a connection is its user's and the System Managers'."""
	user = user or frappe.session.user
	return doc.user == user or "System Manager" in frappe.get_roles(user)


def permission_query_conditions(user=None, **_options) -> str:
	"""The same for lists and reports."""
	user = user or frappe.session.user
	if "System Manager" in frappe.get_roles(user):
		return ""
	return f"`tabVendor Connection`.`user` = {frappe.db.escape(user)}"

import frappe
from frappe import _
from frappe.model.document import Document

from medgrid.core import secrets
from medgrid.integrations.connection_issues import claimed_shop
from medgrid.integrations.connections import DETAILS, SECRETS
from medgrid.issues.records import settle_issue


class VendorConnection(Document):
	"""The connection of one user to one integration. Its name is random, so that nobody can derive it from
	the user or the integration.

	Only `medgrid.integrations.connections` reads the credentials; `get_password` refuses, so that not even
	Frappe's endpoint for System Managers returns them.
	"""

	def on_trash(self):
		if self.shop:
			settle_issue(claimed_shop(self.shop))
		frappe.db.delete("Vendor Product", {"connection": self.name})
		secrets.forget(self.doctype, self.name)
		# Frappe keeps a copy of this document in Deleted Document.
		self.update({**dict.fromkeys((*SECRETS, *DETAILS, "last_error", "stats")), "status": "not_connected"})

	def get_password(self, fieldname="password", raise_exception=True):
		frappe.throw(
			_("MedGrid never shows stored credentials. To replace them, connect the integration again."),
			frappe.PermissionError,
		)


def on_doctype_update():
	frappe.db.add_unique("Vendor Connection", ["user", "integration"], "unique_user_and_integration")


def has_permission(doc, ptype=None, user=None, **_options) -> bool:
	"""Grants access to the connection's user and to System Managers only, even if a site adds roles to the
	DocType."""
	user = user or frappe.session.user
	return doc.user == user or "System Manager" in frappe.get_roles(user)


def permission_query_conditions(user=None, **_options) -> str:
	"""Restricts lists and reports in the same way as `has_permission`."""
	user = user or frappe.session.user
	if "System Manager" in frappe.get_roles(user):
		return ""
	return f"`tabVendor Connection`.`user` = {frappe.db.escape(user)}"
